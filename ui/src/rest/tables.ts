/** The server's tables (TwoDimTable: named columns, values by column) as columns and rows of the page's tables. */
import type { TwoDimTableV3 } from "./schemas";

export interface TableColumn {
  name: string;
  title: string;
  numeric: boolean;
}

export type Cell = string | number | null;

export interface ReadTable {
  name: string;
  description: string;
  columns: TableColumn[];
  rows: Cell[][];
}

const NUMERIC = new Set(["int", "long", "double", "float", "short", "byte", "integer"]);

function cell(value: unknown, numeric: boolean): Cell {
  if (value === null || value === undefined) return null;
  if (numeric) {
    if (value === "NaN" || value === "") return null;
    if (value === "Infinity") return Infinity;
    if (value === "-Infinity") return -Infinity;
    return Number(value);
  }
  return String(value);
}

/** Whether a value of an answer is a table. */
export function isTable(value: unknown): value is TwoDimTableV3 {
  const table = value as { columns?: unknown; data?: unknown; rowcount?: unknown } | null;
  return typeof value === "object" && value !== null && Array.isArray(table?.columns) && Array.isArray(table?.data) && "rowcount" in table;
}

/** The table row by row; columns without a name and a value (row headers that the page does not need) are left out. */
export function readTable(table: TwoDimTableV3): ReadTable {
  const specs = (table.columns ?? []) as unknown as { name: string | null; type: string | null; description: string | null }[];
  const data = (table.data ?? []) as unknown[][];
  const kept = specs.map((_, i) => i).filter((i) => (specs[i]?.name ?? "") !== "" || (data[i] ?? []).some((value) => value !== "" && value !== null));
  const columns = kept.map((i) => {
    const spec = specs[i];
    return { name: spec?.name || `column${i}`, title: spec?.description || spec?.name || "", numeric: NUMERIC.has(spec?.type ?? "") };
  });
  const rows = Array.from({ length: table.rowcount }, (_, row) => kept.map((i, at) => cell(data[i]?.[row], columns[at]?.numeric ?? false)));
  return { name: table.name ?? "", description: table.description ?? "", columns, rows };
}

/** The values of a column by its name; empty where there is none. */
export function columnOf(table: ReadTable, name: string): Cell[] {
  const i = table.columns.findIndex((column) => column.name === name);
  return i < 0 ? [] : table.rows.map((row) => row[i] ?? null);
}

/** Every table within an answer, by its name, at any depth. */
export function tablesIn(value: unknown, depth = 6): ReadTable[] {
  if (depth === 0 || typeof value !== "object" || value === null) return [];
  if (isTable(value)) return [readTable(value)];
  return Object.values(value).flatMap((item) => tablesIn(item, depth - 1));
}
