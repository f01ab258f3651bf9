/** What AutoML takes, read from the server's schemas: one list of parameters from the nested objects of a request, and back. */
import type { Argument } from "../../language/print";
import type { FieldMetadataV3, SchemaMetadataV3 } from "../../rest/schemas";
import type { Declared } from "../form/parameters";

export const ROOT = "AutoMLBuildSpecV99";
/** What most runs are about, before all else; the server's levels say how much the others matter. */
const FIRST = ["training_frame", "response_column", "include_algos", "max_models", "max_runtime_secs", "nfolds", "sort_metric", "ignored_columns", "project_name"];

/** A parameter, and the objects of the request that it lies in. */
export interface Placed extends Declared {
  path: readonly string[];
}

type Ask = (name: string) => Promise<SchemaMetadataV3 | null>;

/** An object of the request with fields of its own, rather than a key, a column or a list. */
function isObject(field: FieldMetadataV3): boolean {
  return field.is_schema && field.schema_name !== null && !/\[\]$|^Key<|^VecSpecifier$/.test(field.type ?? "");
}

const isInput = (field: FieldMetadataV3): boolean => field.direction !== "OUTPUT" && !(field.name ?? "").startsWith("_");

/** The one field of the elements of a list, where they have but one, of few values: the list is a choice of these. */
function onlyChoice(schema: SchemaMetadataV3 | null): FieldMetadataV3 | null {
  const [only, ...more] = (schema?.fields ?? []).filter(isInput);
  return only && !more.length && (only.values ?? []).length ? only : null;
}

async function declared(field: FieldMetadataV3, path: readonly string[], ask: Ask): Promise<Placed> {
  const choice = field.is_schema && (field.type ?? "").endsWith("[]") && !(field.type ?? "").startsWith("Key<") ? onlyChoice(await ask(field.schema_name ?? "").catch(() => null)) : null;
  return {
    name: field.name, label: field.label, help: field.help, type: field.type, required: field.required, level: field.level, path,
    values: choice ? choice.values : field.values, default_value: field.value, actual_value: field.value, input_value: field.value,
    gridable: false, is_member_of_frames: field.is_member_of_frames, is_mutually_exclusive_with: field.is_mutually_exclusive_with,
    ...(choice ? { wraps: choice.name ?? "" } : {}),
  };
}

/** All parameters of the schema and of the objects within it. */
async function within(name: string, path: readonly string[], ask: Ask): Promise<Placed[]> {
  const schema = await ask(name);
  const fields = (schema?.fields ?? []).filter(isInput);
  const found = await Promise.all(fields.map((field) => (isObject(field) ? within(field.schema_name ?? "", [...path, field.name ?? ""], ask) : declared(field, path, ask).then((one) => [one]))));
  return found.flat();
}

/** The parameters of a run, those that most runs are about first. */
export async function parametersOf(ask: Ask, root = ROOT): Promise<Placed[]> {
  const all = await within(root, [], ask);
  const first = FIRST.map((name) => all.find((one) => one.name === name)).filter((one): one is Placed => one !== undefined);
  const rest = all.filter((one) => !first.includes(one)).map((one) => (one.level === "critical" ? { ...one, level: "secondary" } : one));
  return [...first.map((one) => ({ ...one, level: "critical" })), ...rest];
}

/** Values by name, put into the objects that they belong to. */
export function nested(parameters: readonly Placed[], values: Readonly<Record<string, Argument>>): { [name: string]: Argument } {
  const request: { [name: string]: Argument } = {};
  for (const { name, path } of parameters) {
    const value = values[name ?? ""];
    if (value === undefined) continue;
    let place = request;
    for (const part of path) place = (place[part] ??= {}) as { [name: string]: Argument };
    place[name ?? ""] = value;
  }
  return request;
}

/** The values of a request by name. */
export function flat(parameters: readonly Placed[], request: unknown): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { name, path } of parameters) {
    const place = path.reduce<unknown>((outer, part) => (typeof outer === "object" && outer !== null ? (outer as Record<string, unknown>)[part] : undefined), request);
    const value = typeof place === "object" && place !== null ? (place as Record<string, unknown>)[name ?? ""] : undefined;
    if (value !== undefined && value !== null) found[name ?? ""] = value;
  }
  return found;
}
