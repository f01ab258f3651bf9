/** What the reader chose about parsing, and the command it comes to. No drawing here. */
import type { Argument } from "../../language/print";
import { keyOf } from "../../rest/objects";
import type { ParseSetupV3 } from "../../rest/schemas";

export const TYPES = ["Unknown", "Numeric", "Enum", "Time", "UUID", "String", "Invalid"] as const;
/** The types that a reader would choose. */
export const CHOSEN_TYPES = ["Numeric", "Enum", "Time", "String", "UUID"] as const;

export const SEPARATORS: readonly [number, string][] = [
  [44, "comma"], [9, "tab"], [59, "semicolon"], [124, "pipe"], [32, "space"], [58, "colon"], [1, "Hive's ^A"],
];
export const PARSE_TYPES = ["AUTO", "CSV", "XLS", "XLSX", "ARFF", "SVMLight", "PARQUET", "ORC", "AVRO"] as const;
export const HEADERS: readonly [number, string][] = [[0, "guess"], [1, "first line has names"], [-1, "first line is data"]];

export interface ColumnSetup {
  i: number;
  name: string;
  guessed: string;
  type: string;
  samples: string[];
  skipped: boolean;
}

const SAMPLES = 6;

/** The columns of the server's guess. Columns without a name are C1, C2, … as the parsed frame will call them. */
export function columnsOf(setup: ParseSetupV3): ColumnSetup[] {
  const types = setup.column_types ?? [];
  const names = setup.column_names ?? [];
  const data = setup.data ?? [];
  const width = Math.max(setup.number_columns, types.length);
  const skip = setup.check_header === 1 && data.length > 0 && names.length > 0 && (data[0] ?? []).every((value, i) => value === names[i]) ? 1 : 0;
  return Array.from({ length: width }, (_, i) => ({
    i, name: names[i] ?? `C${i + 1}`, guessed: types[i] ?? "Unknown", type: types[i] ?? "Unknown", skipped: false,
    samples: data.slice(skip, skip + SAMPLES).map((row) => row[i] ?? ""),
  }));
}

/** The rows of the preview, without the line of names. */
export function previewOf(setup: ParseSetupV3): string[][] {
  const names = setup.column_names ?? [];
  const data = setup.data ?? [];
  return names.length && (data[0] ?? []).every((value, i) => value === names[i]) ? data.slice(1) : data;
}

/** Arguments of parseFiles for these choices. */
export function parseArguments(setup: ParseSetupV3, columns: readonly ColumnSetup[], destination: string, deleteOnDone: boolean): { [name: string]: Argument } {
  const skipped = columns.filter((column) => column.skipped).map((column) => column.i);
  return {
    source_frames: (setup.source_frames ?? []).map((frame) => keyOf(frame)),
    destination_frame: destination,
    parse_type: setup.parse_type ?? "AUTO",
    separator: setup.separator,
    number_columns: columns.length,
    single_quotes: setup.single_quotes,
    column_names: columns.map((column) => column.name),
    column_types: columns.map((column) => column.type),
    ...(skipped.length ? { skipped_columns: skipped } : {}),
    delete_on_done: deleteOnDone,
    check_header: setup.check_header,
    chunk_size: setup.chunk_size,
  };
}

/** What a reader should look at before parsing. */
export function problemsOf(setup: ParseSetupV3, columns: readonly ColumnSetup[]): string[] {
  const found = [...(setup.warnings ?? [])];
  const seen = new Map<string, number>();
  for (const column of columns) seen.set(column.name, (seen.get(column.name) ?? 0) + 1);
  const twice = [...seen].filter(([, n]) => n > 1).map(([name]) => name);
  if (twice.length) found.push(`More than one column is called ${twice.slice(0, 5).join(", ")}.`);
  const misread = columns.filter((column) => column.type === "Numeric" && column.samples.some((value) => value !== "" && Number.isNaN(Number(value.replaceAll(",", ".")))));
  const notNumbers = misread.filter((column) => !column.samples.every((value) => /^(na|nan|null|\?|-)?$/i.test(value) || !Number.isNaN(Number(value))));
  if (notNumbers.length) found.push(`Not all samples of ${notNumbers.slice(0, 5).map((column) => column.name).join(", ")} are numbers: those that are not will be missing.`);
  return found;
}
