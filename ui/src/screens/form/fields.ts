/** What the small forms ask: for each command its fields, how they are shown, and what becomes of them. */
import type { Argument } from "../../language/print";

export type FieldKind = "text" | "password" | "number" | "check" | "choice" | "frame" | "model" | "frames" | "models" | "column" | "columns" | "path";

export interface Field {
  name: string;
  title: string;
  kind: FieldKind;
  help?: string;
  first?: Argument;
  options?: readonly string[];
  /** For columns: the field that names their frame. */
  of?: string;
  optional?: boolean;
  least?: number;
  most?: number;
  /** Whole numbers only. */
  whole?: boolean;
}

export interface Form {
  title: string;
  action: string;
  help?: string;
  fields: readonly Field[];
  /** Its values are one object, as in createFrame. */
  nested?: boolean;
  /** Names of the arguments that stand before the named ones. */
  positions?: readonly string[];
  danger?: (values: Values) => string;
  /** What is wrong with the values together; empty when nothing is. */
  check?: (values: Values) => string;
}

export type Values = Record<string, Argument>;

const share = (name: string, title: string, first: number): Field => ({ name, title, kind: "number", first, least: 0, most: 1 });
const list = (value: Argument | undefined): Argument[] => (Array.isArray(value) ? value : []);
const named = (value: Argument | undefined): string => list(value).map(String).join(", ");

/** Kinds of columns that together must not be more than all columns. */
const KINDS = ["categorical_fraction", "integer_fraction", "binary_fraction", "time_fraction", "string_fraction"];

export const forms: Record<string, Form> = {
  createFrame: {
    title: "Make a synthetic frame", action: "Make the frame", nested: true,
    help: "Random columns of the kinds you choose; what the shares leave over becomes columns of real numbers.",
    fields: [
      { name: "dest", title: "Key", kind: "text", first: "synthetic" },
      { name: "rows", title: "Rows", kind: "number", first: 10000, least: 1, whole: true },
      { name: "cols", title: "Columns", kind: "number", first: 10, least: 1, whole: true },
      { name: "seed", title: "Seed", kind: "number", first: -1, whole: true, help: "-1 draws one." },
      share("categorical_fraction", "Share of categorical columns", 0.2),
      { name: "factors", title: "Levels of a categorical column", kind: "number", first: 100, least: 2, whole: true },
      share("integer_fraction", "Share of whole numbers", 0.2),
      { name: "integer_range", title: "Whole numbers within ±", kind: "number", first: 100, least: 1, whole: true },
      share("binary_fraction", "Share of columns of 0 and 1", 0.1),
      share("binary_ones_fraction", "Share of ones in them", 0.02),
      share("time_fraction", "Share of columns of times", 0),
      share("string_fraction", "Share of columns of text", 0),
      { name: "real_range", title: "Real numbers within ±", kind: "number", first: 100, least: 0 },
      share("missing_fraction", "Share of missing values", 0.01),
      { name: "has_response", title: "Put a response before the other columns", kind: "check", first: false },
      { name: "response_factors", title: "Levels of the response", kind: "number", first: 2, least: 1, whole: true, help: "1 makes a real one." },
    ],
    check: (values) => (KINDS.reduce((sum, kind) => sum + Number(values[kind] ?? 0), 0) > 1 + 1e-9 ? "The shares of the kinds of columns add up to more than 1." : ""),
  },
  mergeFrames: {
    title: "Merge two frames", action: "Merge", help: "Rows that agree in all columns of the same name come together.",
    positions: ["key", "left", "leftColumn", "includeAllLeft", "right", "rightColumn", "includeAllRight"],
    fields: [
      { name: "key", title: "Key of the result", kind: "text", first: "merged" },
      { name: "left", title: "Left frame", kind: "frame" },
      { name: "right", title: "Right frame", kind: "frame" },
      { name: "includeAllLeft", title: "Keep rows of the left frame that match none", kind: "check", first: false },
      { name: "includeAllRight", title: "Keep rows of the right frame that match none", kind: "check", first: false },
    ],
    check: (values) => (values["left"] === values["right"] ? "Choose two different frames." : ""),
  },
  getPredictedRows: {
    title: "Predicted rows, the worst first", action: "Show the rows", help: "Rows beside what the model predicts of them, the largest loss first.",
    fields: [
      { name: "model", title: "Model", kind: "model" },
      { name: "frame", title: "Frame with the response", kind: "frame" },
      { name: "actual", title: "Only of the class", kind: "text", optional: true },
      { name: "predicted", title: "Only predicted as", kind: "text", optional: true },
      { name: "threshold", title: "Threshold of two classes", kind: "number", least: 0, most: 1, optional: true, help: "Without it the rows are predicted as the model does." },
    ],
  },
  bindFrames: {
    title: "Bind frames", action: "Bind", help: "Puts the columns of frames with the same number of rows side by side.", positions: ["key", "frames"],
    fields: [
      { name: "key", title: "Key of the result", kind: "text", first: "bound" },
      { name: "frames", title: "Frames", kind: "frames" },
    ],
    check: (values) => (list(values["frames"]).length < 2 ? "Choose two frames or more." : ""),
  },
  imputeColumn: {
    title: "Impute a column", action: "Fill the missing values",
    fields: [
      { name: "frame", title: "Frame", kind: "frame" },
      { name: "column", title: "Column", kind: "column", of: "frame" },
      { name: "method", title: "Fill with the", kind: "choice", options: ["mean", "median", "mode"], first: "mean", help: "Mode is for categorical columns." },
      { name: "groupByColumns", title: "Within groups of", kind: "columns", of: "frame", optional: true, help: "Each group is filled by its own value." },
    ],
  },
  changeColumnType: {
    title: "Change a column's type", action: "Change the type",
    fields: [
      { name: "frame", title: "Frame", kind: "frame" },
      { name: "column", title: "Column", kind: "column", of: "frame" },
      { name: "type", title: "Type", kind: "choice", options: ["enum", "numeric", "string"], first: "enum", help: "enum: categorical, a level for each value." },
    ],
  },
  exportFrame: {
    title: "Export a frame", action: "Export", help: "Writes CSV on the server's machine. To get a file here, use “Download as CSV” of the frame.", positions: ["frame", "path"],
    fields: [
      { name: "frame", title: "Frame", kind: "frame" },
      { name: "path", title: "Path on the server", kind: "path" },
      { name: "overwrite", title: "Write over an earlier file", kind: "check", first: false },
    ],
  },
  deleteFrames: {
    title: "Delete frames", action: "Delete the frames", positions: ["frames"],
    fields: [{ name: "frames", title: "Frames", kind: "frames" }], danger: (values) => `Delete ${named(values["frames"])}?`,
  },
  deleteModels: {
    title: "Delete models", action: "Delete the models", positions: ["models"],
    fields: [{ name: "models", title: "Models", kind: "models" }], danger: (values) => `Delete ${named(values["models"])}?`,
  },
  importSqlTable: {
    title: "Import a table of a database", action: "Import",
    help: "PostgreSQL or SQLite. The password is not written into the notebook: a run of the cell later asks for it again.",
    fields: [
      { name: "connection_url", title: "Address", kind: "text", help: "jdbc:postgresql://host:port/database or jdbc:sqlite:path" },
      { name: "table", title: "Table", kind: "text", help: "name or schema.name" },
      { name: "columns", title: "Columns", kind: "text", first: "*", help: "Separated by commas; * for all." },
      { name: "username", title: "User", kind: "text", optional: true },
      { name: "password", title: "Password", kind: "password", optional: true },
    ],
  },
  importModel: {
    title: "Import a model", action: "Import", help: "A file that a server wrote by “Export a model”, on the server's machine.", positions: ["path"],
    fields: [
      { name: "path", title: "Path on the server", kind: "path" },
      { name: "overwrite", title: "Replace a model of the same key", kind: "check", first: false },
    ],
  },
  exportModel: {
    title: "Export a model", action: "Export", help: "Writes a file on the server's machine. To get one here, use “Export” of the model.", positions: ["model", "path"],
    fields: [
      { name: "model", title: "Model", kind: "model" },
      { name: "path", title: "Path on the server", kind: "path" },
      { name: "overwrite", title: "Write over an earlier file", kind: "check", first: false },
    ],
  },
  buildPartialDependence: {
    title: "Partial dependence", action: "Work it out", help: "How predictions change on average as one column changes and the others stay as they are.",
    fields: [
      { name: "model_id", title: "Model", kind: "model" },
      { name: "frame_id", title: "Frame", kind: "frame" },
      { name: "cols", title: "Columns", kind: "columns", of: "frame_id", optional: true },
      { name: "pair", title: "One pair together", kind: "columns", of: "frame_id", optional: true, help: "Two columns: drawn as a heat map." },
      { name: "targets", title: "Classes", kind: "text", optional: true, help: "For models of more than two classes: names, separated by commas." },
      { name: "nbins", title: "Points of a numeric column", kind: "number", first: 20, least: 2, whole: true },
      { name: "add_missing_na", title: "A point for missing values, too", kind: "check", first: false },
      { name: "row_index", title: "Row", kind: "number", first: -1, least: -1, whole: true, help: "Look at this one row, from 0; -1 looks at all." },
    ],
    check: (values) => {
      const pair = list(values["pair"]).length;
      if (pair && pair !== 2) return "A pair has two columns.";
      return pair || list(values["cols"]).length ? "" : "Choose a column or a pair.";
    },
  },
};

function isEmpty(value: Argument | undefined): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** What is wrong with one value; empty when nothing is. */
export function wrong(field: Field, value: Argument | undefined): string {
  if (field.kind === "check") return "";
  if (isEmpty(value)) return field.optional || field.kind === "number" ? "" : "Needed.";
  if (field.kind !== "number") return "";
  const known = Number(value);
  if (!Number.isFinite(known)) return "Not a number.";
  if (field.whole && !Number.isInteger(known)) return "A whole number, please.";
  if (field.least !== undefined && known < field.least) return `At least ${field.least}.`;
  if (field.most !== undefined && known > field.most) return `At most ${field.most}.`;
  return "";
}

/** The arguments of the command, without those that are empty or as they are anyway. */
export function argumentsOf(name: string, values: Values): Argument[] {
  const form = forms[name] as Form;
  const entries: { [name: string]: Argument } = {};
  for (const field of form.fields) {
    const value = values[field.name];
    if (isEmpty(value)) continue;
    entries[field.name] = field.kind === "number" ? Number(value) : (value as Argument);
  }
  if (name === "buildPartialDependence") {
    if (entries["pair"]) entries["col_pairs_2dpdp"] = [entries["pair"]];
    delete entries["pair"];
    if (typeof entries["targets"] === "string") entries["targets"] = entries["targets"].split(",").map((one) => one.trim()).filter(Boolean);
    if (entries["row_index"] === -1) delete entries["row_index"];
  }
  if (!form.positions) return [entries];
  const placed = form.positions.map((one) => entries[one] ?? null);
  while (placed.length && placed[placed.length - 1] === null) placed.pop();
  for (const one of form.positions) delete entries[one];
  for (const [key, value] of Object.entries(entries)) if (value === false) delete entries[key];
  return Object.keys(entries).length ? [...placed, entries] : placed;
}
