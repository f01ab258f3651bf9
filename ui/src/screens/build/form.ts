/** The form of an algorithm from its declared parameters: what stands in each field, what is sent, how many models a grid makes. */
import type { Argument } from "../../language/print";
import type { ModelParameterSchemaV3, ValidationMessageV3 } from "../../rest/schemas";

export type Declared = ModelParameterSchemaV3;
/** What stands in a field: texts of inputs, truths of boxes, names of chosen columns. */
export type Entry = string | boolean | string[];
export type Entries = Readonly<Record<string, Entry>>;

export type Control = "truth" | "choice" | "frame" | "model" | "column" | "columns" | "number" | "numbers" | "text" | "texts" | "json";

const LISTS = /\[\]$/;

export function controlOf(parameter: Declared): Control {
  const type = parameter.type ?? "string";
  if (type === "boolean") return "truth";
  if (type === "enum") return "choice";
  if (type === "Key<Frame>") return "frame";
  if (type === "Key<Model>") return "model";
  if (type === "VecSpecifier") return "column";
  if (type === "string[]" && (parameter.is_member_of_frames ?? []).length) return "columns";
  if (type === "string[]" || type === "Key<Frame>[]" || type === "Key<Keyed>[]" || type === "Key<Model>[]" || type === "enum[]") return "texts";
  if (/^(int|long|double|float|short|byte)$/.test(type)) return "number";
  if (/^(int|long|double|float)\[\]$/.test(type)) return "numbers";
  return LISTS.test(type) || type === "KeyValue[]" ? "json" : "text";
}

function nameOf(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    const named = value as { name?: string | null; column_name?: string | null };
    return named.name ?? named.column_name ?? "";
  }
  return String(value);
}

/** A value of the server as it stands in its field. */
export function entryOf(parameter: Declared, value: unknown): Entry {
  const control = controlOf(parameter);
  if (control === "truth") return value === true || value === "true";
  if (control === "columns") return Array.isArray(value) ? value.map(nameOf) : [];
  if (value === null || value === undefined) return "";
  if (control === "numbers" || control === "texts") return Array.isArray(value) ? value.map(nameOf).join(", ") : String(value);
  if (control === "json") return typeof value === "string" ? value : JSON.stringify(value);
  return nameOf(value);
}

export function defaultEntry(parameter: Declared): Entry {
  return entryOf(parameter, parameter.default_value);
}

export function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  return Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((one, i) => one === b[i]) : a === b;
}

function numberOrText(text: string): Argument {
  const trimmed = text.trim();
  if (!trimmed || Number.isNaN(Number(trimmed))) return trimmed;
  const value = Number(trimmed);
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(trimmed) ? BigInt(trimmed) : value;
}

function listOf(text: string): string[] {
  return text.replace(/^\s*\[|\]\s*$/g, "").split(",").map((part) => part.trim()).filter(Boolean);
}

/** What stands in a field as an argument. What is no number stays as it is: the server says what is wrong with it. */
export function valueOf(parameter: Declared, entry: Entry): Argument {
  const control = controlOf(parameter);
  if (typeof entry === "boolean") return entry;
  if (Array.isArray(entry)) return entry;
  if (control === "number") return numberOrText(entry);
  if (control === "numbers") return listOf(entry).map(numberOrText);
  if (control === "texts") return listOf(entry);
  if (control === "json") {
    try {
      return JSON.parse(entry) as Argument;
    } catch {
      return entry;
    }
  }
  return entry;
}

/** The parameters that differ from their defaults. */
export function changedValues(parameters: readonly Declared[], entries: Entries): Record<string, Argument> {
  const found: Record<string, Argument> = {};
  for (const parameter of parameters) {
    const name = parameter.name ?? "";
    const entry = entries[name];
    if (entry === undefined || sameEntry(entry, defaultEntry(parameter))) continue;
    if (entry === "" && controlOf(parameter) !== "text") continue;
    found[name] = valueOf(parameter, entry);
  }
  return found;
}

/** Values to try of one parameter: parted by semicolons, so that each may be a list of its own, as hidden layers are. */
export function gridValues(parameter: Declared, text: string): Argument[] {
  const control = controlOf(parameter);
  const parts = text.split(";").map((part) => part.trim()).filter(Boolean);
  if (control === "truth") return parts.map((part) => part === "true");
  return parts.map((part) => valueOf(parameter, part));
}

/** How many models all combinations make. */
export function combinations(hyper: Record<string, Argument[]>): number {
  return Object.values(hyper).reduce((product, values) => product * Math.max(values.length, 0), Object.keys(hyper).length ? 1 : 0);
}

export interface Told {
  wrong: string[];
  hints: string[];
  hidden: boolean;
}

/** What the server said, by field; messages without a field are under "". */
export function byField(messages: readonly ValidationMessageV3[]): Map<string, Told> {
  const found = new Map<string, Told>();
  for (const { field_name, message, message_type } of messages) {
    const told = found.get(field_name ?? "") ?? { wrong: [], hints: [], hidden: false };
    if (message_type === "ERRR") told.wrong.push(message ?? "");
    else if (message_type === "WARN") told.hints.push(message ?? "");
    else if (message_type === "TRACE") told.hidden = true;
    found.set(field_name ?? "", told);
  }
  return found;
}

/** Whether the parameter is meant by what is typed into the search. */
export function isMeant(parameter: Declared, typed: string): boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${parameter.name} ${(parameter.name ?? "").replaceAll("_", " ")} ${parameter.label} ${parameter.help}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
