/** Writes values, calls and trees as a notebook's text. Reading what is written gives the same tree. */
import type { Node } from "./tree";

/** What a command's argument can be; a command may stand for its result in another one's arguments. */
export type Argument = string | number | bigint | boolean | null | Argument[] | { [name: string]: Argument } | Call;

/** A call with the values of its arguments. */
export class Call {
  constructor(
    readonly name: string,
    readonly args: readonly Argument[],
  ) {}
}

/** How the last, named arguments stand: as JSON, after the call, or below it, one a line. */
export type Style = "json" | "inline" | "lines";

const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/;

function key(name: string): string {
  return PLAIN_KEY.test(name) ? name : JSON.stringify(name);
}

/** A text in quotes; `#{` would be computed elsewhere, so its # is written as a code. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("#{", "\\u0023{");
}

/** A value as JSON; calls within it as calls in brackets. */
export function printValue(value: Argument): string {
  if (value instanceof Call) return value.args.length ? `(${printCall(value)})` : value.name;
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(printValue).join(",")}]`;
  return `{${Object.entries(value)
    .map(([name, item]) => `${quoted(name)}:${printValue(item)}`)
    .join(",")}}`;
}

function isNamed(value: Argument | undefined): value is { [name: string]: Argument } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Call);
}

/** A call as notebooks write it. */
export function printCall(call: Call, style: Style = "json"): string {
  const last = call.args[call.args.length - 1];
  if (style === "json" || !isNamed(last) || Object.keys(last).length === 0) {
    return [call.name, call.args.map(printValue).join(", ")].filter(Boolean).join(" ");
  }
  const entries = Object.entries(last).map(([name, value]) => `${key(name)}: ${printValue(value)}`);
  const before = call.args.slice(0, -1).map(printValue);
  if (style === "inline") return `${call.name} ${[...before, ...entries].join(", ")}`;
  const head = before.length ? ` ${before.join(", ")},` : "";
  return `${call.name}${head}${entries.map((entry) => `\n  ${entry}`).join("")}`;
}

/** A tree as text, in one form for each: the grammar's tests read it again. */
export function printNode(node: Node, margin = ""): string {
  switch (node.kind) {
    case "text":
      return quoted(node.value);
    case "number":
    case "truth":
      return String(node.value);
    case "null":
      return "null";
    case "list":
      return `[${node.items.map((item) => printNode(item, margin)).join(", ")}]`;
    case "object":
      return `{${node.entries.map(([name, value]) => `${key(name)}: ${printNode(value, margin)}`).join(", ")}}`;
    case "name":
      return node.name;
    case "call":
      return `${node.name}(${node.args.map((item) => printNode(item, margin)).join(", ")})`;
    case "sum":
      return `${printNode(node.left, margin)} + ${printNode(node.right, margin)}`;
    case "assign":
      return `${node.name} = ${printNode(node.value, margin)}`;
    case "choice": {
      const inner = `${margin}  `;
      const lines = (nodes: Node[]): string => nodes.map((item) => `${inner}${printNode(item, inner)}`).join("\n");
      const head = `if ${printNode(node.test, margin)}\n${lines(node.then)}`;
      return node.otherwise.length ? `${head}\n${margin}else\n${lines(node.otherwise)}` : head;
    }
  }
}
