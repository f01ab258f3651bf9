/** The form of declared parameters: what stands in each field, what is sent, how many models a grid makes. No drawing here. */
import type { Argument } from "../../language/print";
import type { ModelParameterSchemaV3, ValidationMessageV3 } from "../../rest/schemas";

/** A parameter as the server declares it. */
export interface Declared extends ModelParameterSchemaV3 {
  /** Its values are objects with this one field, such as {"type": "TargetEncoding"}; the form shows the field alone. */
  wraps?: string;
}
/** What stands in a field: texts of inputs, truths of boxes, names that are chosen. */
export type Entry = string | boolean | string[];
export type Entries = Readonly<Record<string, Entry>>;

export type Control = "truth" | "choice" | "choices" | "frame" | "model" | "column" | "columns" | "frames" | "models" | "number" | "numbers" | "text" | "texts" | "pairs" | "json";

const LISTS = /\[\]$/;
/** Controls whose entry is a list of names. */
const CHOSEN: ReadonlySet<Control> = new Set(["columns", "choices", "frames", "models"]);

export function controlOf(parameter: Declared): Control {
  const type = parameter.type ?? "string";
  if (type === "boolean") return parameter.default_value === null ? "choice" : "truth"; // without a default there are three answers
  if (type === "enum") return "choice";
  if (type === "Key<Frame>") return "frame";
  if (type === "Key<Model>") return "model";
  if (type === "VecSpecifier") return "column";
  if (type === "string[]" && (parameter.is_member_of_frames ?? []).length) return "columns";
  if (type === "Key<Frame>[]") return "frames";
  if (type === "Key<Model>[]" || type === "Key<Keyed>[]") return "models";
  if (LISTS.test(type) && (parameter.values ?? []).length) return "choices";
  if (type === "string[]" || type === "enum[]") return "texts";
  if (type === "KeyValue[]") return "pairs";
  if (/^(int|long|double|float|short|byte)$/.test(type)) return "number";
  if (/^(int|long|double|float)\[\]$/.test(type)) return "numbers";
  return LISTS.test(type) ? "json" : "text";
}

function nameOf(value: unknown, field = ""): string {
  if (typeof value === "object" && value !== null) {
    const named = value as Record<string, unknown>;
    return String(named[field] ?? named["name"] ?? named["column_name"] ?? "");
  }
  return String(value);
}

/** Numbers by name, from an object of them or from a list of {key, value}. */
export function pairsOf(value: unknown): Record<string, number> {
  if (Array.isArray(value)) return Object.fromEntries(value.map((one) => [String((one as { key: unknown }).key), Number((one as { value: unknown }).value)]));
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, Number(one)])) : {};
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The pairs that stand in a field, as JSON of an object. */
export function enteredPairs(entry: Entry): Record<string, number> {
  return typeof entry === "string" && entry ? pairsOf(fromJson(entry)) : {};
}

export function entryOfPairs(pairs: Record<string, number>): Entry {
  return Object.keys(pairs).length ? JSON.stringify(pairs) : "";
}

/** A value of the server as it stands in its field. */
export function entryOf(parameter: Declared, value: unknown): Entry {
  const control = controlOf(parameter);
  if (control === "truth") return value === true || value === "true";
  if (CHOSEN.has(control)) return Array.isArray(value) ? value.map((one) => nameOf(one, parameter.wraps)) : [];
  if (value === null || value === undefined) return "";
  if (control === "pairs") return entryOfPairs(pairsOf(value));
  if (control === "numbers" || control === "texts") return Array.isArray(value) ? value.map((one) => nameOf(one)).join(", ") : String(value);
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
  if (Array.isArray(entry)) return parameter.wraps ? entry.map((one) => ({ [parameter.wraps as string]: one })) : entry;
  if (parameter.type === "boolean") return entry === "true";
  if (control === "number") return numberOrText(entry);
  if (control === "numbers") return listOf(entry).map(numberOrText);
  if (control === "texts") return listOf(entry);
  if (control === "pairs") return Object.entries(enteredPairs(entry)).map(([key, value]) => ({ key, value }));
  if (control === "json") return (fromJson(entry) as Argument | undefined) ?? entry;
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

/** What a form begins with: the values that are given, and the frame where there is but one. */
export function firstEntries(parameters: readonly Declared[], given: Record<string, unknown>, frames: readonly string[]): Record<string, Entry> {
  const found: Record<string, Entry> = {};
  for (const parameter of parameters) {
    const name = parameter.name ?? "";
    if (given[name] !== undefined && given[name] !== null) found[name] = entryOf(parameter, given[name]);
    else if (name === "training_frame" && frames.length === 1) found[name] = frames[0] as string;
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

/** Whether a grid can try several values of it: what names data is the same for all models. */
export function canVary(parameter: Declared): boolean {
  const control = controlOf(parameter);
  return parameter.gridable && !CHOSEN.has(control) && !["column", "frame", "model", "pairs"].includes(control);
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
