/** What a cell's statements come to: the commands to run, in order, their arguments computed. Nothing is run here. */
import { parse } from "./parse";
import { Call, type Argument } from "./print";
import { SyntaxProblem, type Node } from "./tree";

/** Values that earlier cells gave names to. */
export type Scope = Map<string, Argument>;

const NOWHERE = 0;

function fail(message: string): never {
  throw new SyntaxProblem(message, NOWHERE, 1);
}

function sum(left: Argument, right: Argument): Argument {
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (typeof left === "string" || typeof right === "string") {
    const plain = [left, right].every((side) => typeof side !== "object" || side === null);
    if (plain) return `${String(left)}${String(right)}`;
  }
  return fail("Only texts and numbers can be added.");
}

/** The value of an expression; a name is a value of the scope, or stands for the command of that name. */
function value(node: Node, scope: Scope): Argument {
  switch (node.kind) {
    case "text":
    case "number":
    case "truth":
      return node.value;
    case "null":
      return null;
    case "list":
      return node.items.map((item) => value(item, scope));
    case "object":
      return Object.fromEntries(node.entries.map(([name, item]) => [name, value(item, scope)]));
    case "name":
      return scope.get(node.name) ?? new Call(node.name, []);
    case "call":
      return new Call(node.name, node.args.map((item) => value(item, scope)));
    case "sum":
      return sum(value(node.left, scope), value(node.right, scope));
    case "assign":
    case "choice":
      return fail("An assignment or a choice cannot stand within a command.");
  }
}

function run(nodes: Node[], scope: Scope, found: Call[]): void {
  for (const node of nodes) {
    if (node.kind === "assign") {
      scope.set(node.name, value(node.value, scope));
    } else if (node.kind === "choice") {
      const test = value(node.test, scope);
      run(test !== false && test !== null && test !== 0 && test !== "" ? node.then : node.otherwise, scope, found);
    } else {
      const result = value(node, scope);
      if (!(result instanceof Call)) fail("This is a value, not a command; begin with a command's name, such as getFrames.");
      found.push(result);
    }
  }
}

/** The commands of a cell; assignments go into the scope. Raises SyntaxProblem. */
export function commandsOf(source: string, scope: Scope = new Map()): Call[] {
  const found: Call[] = [];
  run(parse(source), scope, found);
  return found;
}
