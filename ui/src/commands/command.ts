/** What a command is: one declaration that the language, the palette, the menus, help and stale marks all read. */
import { Call, type Argument, type Style } from "../language/print";

/** Plain data: an outcome is kept with its notebook, and its screen asks the server for the rest. */
export type Plain = string | number | boolean | null | Plain[] | { [name: string]: Plain };
export type Props = { [name: string]: Plain };

/** What running a command comes to: a screen, and what it shows. */
export interface Outcome {
  screen: string;
  props: Props;
  /** Objects that the result stands on, as "kind:key": when one changes or goes, the result is stale. */
  reads: string[];
  /** Its screen shows changes of those objects by itself: only their going makes it stale. */
  follows?: boolean;
}

export interface Parameter {
  name: string;
  help: string;
  required?: boolean;
  /** Takes a whole object, such as the parameters of a model, instead of giving its entries names. */
  whole?: boolean;
}

export type Given = Record<string, Argument | undefined>;
export type Group = "Data" | "Model" | "Score" | "Notebook" | "Admin" | "Help";

export interface Command {
  name: string;
  group: Group;
  /** What the palette and the menus call it. */
  title: string;
  help: string;
  parameters: Parameter[];
  /** How the page writes the command when a click makes it. */
  style?: Style;
  /** Screen that asks for the arguments; shown when required ones are missing. */
  form?: string;
  /** Changes something on the server, so a result is never made again by itself. */
  acts?: boolean;
  run: (given: Given) => Promise<Outcome> | Outcome;
}

export class CommandProblem extends Error {}

function isObject(value: Argument | undefined): value is { [name: string]: Argument } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Call);
}

/** The arguments by the names of parameters: by position, and the entries of a last object by name. */
export function bind(command: Command, args: readonly Argument[]): Given {
  const given: Given = {};
  args.forEach((value, i) => {
    const parameter = command.parameters[i];
    if (isObject(value) && !parameter?.whole && i === args.length - 1) Object.assign(given, named(command, value));
    else if (parameter) given[parameter.name] = value;
    else throw new CommandProblem(`${command.name} takes ${command.parameters.length} arguments; this is number ${i + 1}.`);
  });
  return given;
}

function named(command: Command, entries: { [name: string]: Argument }): Given {
  const known = new Set(command.parameters.map((parameter) => parameter.name));
  const unknown = Object.keys(entries).find((name) => !known.has(name));
  // A call such as importFiles takes an object's entries only by declared names.
  if (unknown !== undefined) {
    throw new CommandProblem(`${command.name} has no argument '${unknown}'. It takes ${[...known].join(", ") || "none"}.`);
  }
  return entries;
}

/** Names of required arguments that are not given. */
export function missing(command: Command, given: Given): string[] {
  return command.parameters
    .filter(({ name, required }) => required && (given[name] === undefined || given[name] === null || given[name] === ""))
    .map(({ name }) => name);
}

/** A given argument as text; raises when it is something else. */
export function text(given: Given, name: string): string {
  const value = given[name];
  if (value === undefined || value === null) return "";
  if (typeof value === "object") throw new CommandProblem(`The argument '${name}' must be a text.`);
  return String(value);
}

/** A given argument as a list of texts; one text is a list of one. */
export function texts(given: Given, name: string): string[] {
  const value = given[name];
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** A given object of parameters; none given is an empty one. */
export function entries(given: Given, name: string): Record<string, Argument> {
  const value = given[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw new CommandProblem(`The argument '${name}' must be an object, such as {epochs: 10}.`);
  return value;
}

/** Arguments as plain data, for the props of a form. */
export function plain(value: Argument | undefined): Plain {
  if (value === undefined || value === null) return null;
  if (value instanceof Call) return value.name;
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
  return value;
}
