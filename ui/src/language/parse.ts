/**
 * Reads a cell's text: calls as notebooks write them, without brackets (`predict model: "m", frame: "f"`), with objects
 * that need no braces, on one line or indented below the call; besides comments, assignments, sums and choices.
 */
import { tokens, type Token } from "./tokens";
import { SyntaxProblem, type Node } from "./tree";

const WORDS: Record<string, Node> = {
  true: { kind: "truth", value: true },
  yes: { kind: "truth", value: true },
  on: { kind: "truth", value: true },
  false: { kind: "truth", value: false },
  no: { kind: "truth", value: false },
  off: { kind: "truth", value: false },
  null: { kind: "null" },
  undefined: { kind: "null" },
};
const OPENERS = "[{(";

/** The statements of a cell; raises SyntaxProblem with the place where reading stopped. */
export function parse(source: string): Node[] {
  return new Parser(tokens(source)).program();
}

class Parser {
  private position = 0;
  /** Lines indented deeper than this belong to the expression being read; -1 within brackets, where lines do not matter. */
  private margin = 0;

  constructor(private readonly all: Token[]) {}

  program(): Node[] {
    const found = this.block(0);
    if (this.next.kind !== "end") throw this.unexpected(this.next);
    return found;
  }

  private get next(): Token {
    return this.all[this.position] as Token;
  }

  private peek(offset: number): Token {
    return this.all[Math.min(this.position + offset, this.all.length - 1)] as Token;
  }

  private take(): Token {
    const token = this.next;
    if (token.kind !== "end") this.position += 1;
    return token;
  }

  private is(text: string): boolean {
    return this.next.kind === "sign" && this.next.text === text;
  }

  private expect(text: string, opened: Token): void {
    if (!this.is(text)) {
      throw this.next.kind === "end"
        ? new SyntaxProblem(`${JSON.stringify(opened.text)} has no ${JSON.stringify(text)} that ends it.`, opened.at, opened.line)
        : this.unexpected(this.next);
    }
    this.take();
  }

  private unexpected(token: Token): SyntaxProblem {
    if (token.kind === "end") return new SyntaxProblem("Something is missing at the end.", token.at, token.line);
    return new SyntaxProblem(`${JSON.stringify(token.text)} is not expected here.`, token.at, token.line);
  }

  /** Statements that begin lines of at least that indent. */
  private block(indent: number): Node[] {
    const found: Node[] = [];
    while (this.next.kind !== "end" && this.next.indent >= indent) {
      if (this.is(";")) {
        this.take();
        continue;
      }
      const outer = this.margin;
      this.margin = this.next.indent;
      found.push(this.statement());
      this.margin = outer;
      const after = this.peek(0);
      if (after.kind !== "end" && !after.begins && !this.is(";")) throw this.unexpected(after);
    }
    return found;
  }

  private statement(): Node {
    const first = this.next;
    if (first.kind === "name" && first.text === "if") return this.choice();
    if (first.kind === "name" && this.peek(1).kind === "sign" && this.peek(1).text === "=") {
      this.take();
      this.take();
      return { kind: "assign", name: first.text, value: this.expression() };
    }
    return this.expression();
  }

  private choice(): Node {
    const { indent } = this.take();
    const test = this.expression();
    const then = this.block(indent + 1);
    let otherwise: Node[] = [];
    if (this.next.kind === "name" && this.next.text === "else" && this.next.indent === indent) {
      this.take();
      otherwise = this.block(indent + 1);
    }
    return { kind: "choice", test, then, otherwise };
  }

  /** Whether the expression that is being read goes no further than this token. */
  private ended(token: Token): boolean {
    if (token.kind === "end") return true;
    if (token.kind === "sign" && "]}),:;".includes(token.text)) return true;
    return this.margin >= 0 && token.begins && token.indent <= this.margin;
  }

  private expression(): Node {
    let left = this.operand();
    while (this.is("+") && !this.ended(this.next)) {
      this.take();
      left = { kind: "sum", left, right: this.operand() };
    }
    return left;
  }

  private operand(): Node {
    const token = this.take();
    if (token.kind === "text") return { kind: "text", value: token.text };
    if (token.kind === "number") return { kind: "number", value: token.value };
    if (token.kind === "name") return WORDS[token.text] ?? this.named(token);
    if (token.kind === "sign" && OPENERS.includes(token.text)) return this.bracketed(token);
    throw this.unexpected(token);
  }

  private bracketed(opener: Token): Node {
    const outer = this.margin;
    this.margin = -1;
    const inside =
      opener.text === "[" ? this.list(opener) : opener.text === "{" ? this.object(opener) : this.parenthesised(opener);
    this.margin = outer;
    return inside;
  }

  private parenthesised(opener: Token): Node {
    const inside = this.expression();
    this.expect(")", opener);
    return inside;
  }

  private list(opener: Token): Node {
    const items: Node[] = [];
    while (!this.is("]")) {
      items.push(this.expression());
      if (this.is(",") || this.is(";")) this.take(); // a semicolon ends a line, and lines part items too
      else if (!this.is("]") && !this.next.begins) this.expect("]", opener);
      if (this.next.kind === "end") this.expect("]", opener);
    }
    this.take();
    return { kind: "list", items };
  }

  private object(opener: Token): Node {
    const entries: [string, Node][] = [];
    while (!this.is("}")) {
      entries.push(this.entry());
      if (this.is(",")) this.take();
      else if (!this.is("}") && !this.next.begins) this.expect("}", opener);
      if (this.next.kind === "end") this.expect("}", opener);
    }
    this.take();
    return { kind: "object", entries };
  }

  private startsEntry(): boolean {
    const colon = this.peek(1);
    return ["name", "text", "number"].includes(this.next.kind) && colon.kind === "sign" && colon.text === ":";
  }

  private entry(): [string, Node] {
    if (!this.startsEntry()) throw this.unexpected(this.next);
    const key = this.take();
    this.take();
    return [key.text, this.expression()];
  }

  /** A name: a call when arguments follow, in brackets or without, else itself. */
  private named(token: Token): Node {
    if (this.is("(") && !this.next.spaced) {
      const opener = this.take();
      const outer = this.margin;
      this.margin = -1;
      const args = this.is(")") ? [] : this.arguments();
      this.expect(")", opener);
      this.margin = outer;
      return { kind: "call", name: token.text, args };
    }
    if (this.ended(this.next) || this.is("+") || this.is("=")) return { kind: "name", name: token.text };
    // Below its line a call has named arguments alone: anything else there is a statement of a block.
    if (this.next.begins && this.margin >= 0 && !this.startsEntry()) return { kind: "name", name: token.text };
    return { kind: "call", name: token.text, args: this.arguments() };
  }

  private arguments(): Node[] {
    const found: Node[] = [];
    for (;;) {
      found.push(this.startsEntry() ? this.bareObject() : this.expression());
      if (!this.is(",")) return found;
      this.take();
    }
  }

  /** An object without braces: entries parted by commas or, one below the other, by lines. */
  private bareObject(): Node {
    const entries: [string, Node][] = [this.entry()];
    for (;;) {
      if (this.is(",")) {
        this.take();
        if (!this.startsEntry()) throw this.unexpected(this.next);
      } else if (this.ended(this.next) || !this.startsEntry()) {
        return { kind: "object", entries };
      }
      entries.push(this.entry());
    }
  }
}
