/** The syntax tree of a cell: calls with literal arguments, and the little else that notebooks hold. */

export type Node =
  | { kind: "text"; value: string }
  | { kind: "number"; value: number | bigint }
  | { kind: "truth"; value: boolean }
  | { kind: "null" }
  | { kind: "list"; items: Node[] }
  | { kind: "object"; entries: [string, Node][] }
  | { kind: "name"; name: string }
  | { kind: "call"; name: string; args: Node[] }
  | { kind: "sum"; left: Node; right: Node }
  | { kind: "assign"; name: string; value: Node }
  | { kind: "choice"; test: Node; then: Node[]; otherwise: Node[] };

/** What a cell's text does not say properly, and where: `at` is an offset into the text. */
export class SyntaxProblem extends Error {
  constructor(
    message: string,
    readonly at: number,
    readonly line: number,
  ) {
    super(line > 1 ? `Line ${line}: ${message}` : message);
    this.name = "SyntaxProblem";
  }
}
