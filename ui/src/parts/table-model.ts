/** What a table shows: its rows after filter, search and sort; and its text for copying. No drawing here. */
import { full } from "./format";

export type CellValue = string | number | bigint | boolean | null | undefined;

export interface ColumnValue<Row> {
  key: string;
  title: string;
  value: (row: Row) => CellValue;
  numeric?: boolean | undefined;
}

export interface Sort {
  key: string;
  descending: boolean;
}

export interface View {
  sort: Sort | null;
  search: string;
  /** A condition of each filtered column, as typed. */
  filters: Record<string, string>;
}

export const EVERYTHING: View = { sort: null, search: "", filters: {} };

const COMPARISON = /^(<=|>=|<|>|=|!=)\s*(.+)$/;
const RANGE = /^(-?[\d.eE+-]+)\s*\.\.\s*(-?[\d.eE+-]+)$/;

/** The test that a typed condition stands for: `> 5`, `0..1`, `= a`, `!= a`, or a part of the text. */
export function condition(typed: string): (value: CellValue) => boolean {
  const text = typed.trim();
  if (!text) return () => true;
  const range = RANGE.exec(text);
  if (range) {
    const [low, high] = [Number(range[1]), Number(range[2])];
    return (value) => isNumber(value) && Number(value) >= low && Number(value) <= high;
  }
  const compared = COMPARISON.exec(text);
  if (!compared) {
    const wanted = text.toLowerCase();
    return (value) => full(value).toLowerCase().includes(wanted);
  }
  const [, sign, right = ""] = compared;
  const bound = Number(right);
  if (sign === "=" || sign === "!=") {
    const same = (value: CellValue): boolean =>
      full(value).toLowerCase() === right.toLowerCase() || (!Number.isNaN(bound) && isNumber(value) && Number(value) === bound);
    return sign === "=" ? same : (value) => !same(value);
  }
  const holds: Record<string, (left: number) => boolean> = {
    "<": (left) => left < bound,
    "<=": (left) => left <= bound,
    ">": (left) => left > bound,
    ">=": (left) => left >= bound,
  };
  return (value) => isNumber(value) && (holds[sign as string] as (left: number) => boolean)(Number(value));
}

function isNumber(value: CellValue): boolean {
  return value !== null && value !== undefined && value !== "" && !Number.isNaN(Number(value));
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Numbers by size, texts as people order them, missing values last whatever the direction. */
export function compare(a: CellValue, b: CellValue, descending: boolean): number {
  const [noA, noB] = [isMissing(a), isMissing(b)];
  if (noA || noB) return noA && noB ? 0 : noA ? 1 : -1;
  const order = isNumber(a) && isNumber(b) ? Number(a) - Number(b) : collator.compare(full(a), full(b));
  return descending ? -order : order;
}

function isMissing(value: CellValue): boolean {
  return value === null || value === undefined || value === "" || value === "NaN" || (typeof value === "number" && Number.isNaN(value));
}

/** Indices of the rows that the view shows, in its order; equal rows keep theirs. */
export function shown<Row>(rows: readonly Row[], columns: readonly ColumnValue<Row>[], view: View): number[] {
  let found = rows.map((_, i) => i);
  for (const [key, typed] of Object.entries(view.filters)) {
    const column = columns.find((candidate) => candidate.key === key);
    if (!column || !typed.trim()) continue;
    const holds = condition(typed);
    found = found.filter((i) => holds(column.value(rows[i] as Row)));
  }
  const wanted = view.search.trim().toLowerCase();
  if (wanted) {
    found = found.filter((i) => columns.some((column) => full(column.value(rows[i] as Row)).toLowerCase().includes(wanted)));
  }
  const { sort } = view;
  const by = sort && columns.find((column) => column.key === sort.key);
  if (sort && by) {
    const values = new Map(found.map((i) => [i, by.value(rows[i] as Row)]));
    found.sort((a, b) => compare(values.get(a), values.get(b), sort.descending) || a - b);
  }
  return found;
}

/** The next order of a column that is clicked: numbers begin with the largest, texts with the first; then back; then none. */
export function nextSort(now: Sort | null, key: string, numeric: boolean): Sort | null {
  if (now?.key !== key) return { key, descending: numeric };
  return now.descending === numeric ? { key, descending: !numeric } : null;
}

function tsvField(value: CellValue): string {
  return full(value).replace(/[\t\n\r]+/g, " ");
}

/** Text that spreadsheets paste as cells. */
export function toTsv<Row>(rows: readonly Row[], columns: readonly ColumnValue<Row>[]): string {
  const lines = [columns.map((column) => tsvField(column.title)), ...rows.map((row) => columns.map((column) => tsvField(column.value(row))))];
  return lines.map((line) => line.join("\t")).join("\n");
}

function csvField(value: CellValue): string {
  const text = full(value);
  // A spreadsheet would run a text that begins like a formula; numbers may begin with a sign.
  const safe = /^[=+@\t\r-]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The rows as a CSV file. */
export function toCsv<Row>(rows: readonly Row[], columns: readonly ColumnValue<Row>[]): string {
  const lines = [columns.map((column) => csvField(column.title)), ...rows.map((row) => columns.map((column) => csvField(column.value(row))))];
  return `${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}
