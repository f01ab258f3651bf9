/** Cuts a cell's text into tokens. Lines matter: a token knows whether it begins one, and how far that is indented. */
import { SyntaxProblem } from "./tree";

export type TokenKind = "text" | "number" | "name" | "sign" | "end";

export interface Token {
  kind: TokenKind;
  /** A sign or name as written; the content of a text. */
  text: string;
  /** The value of a number. */
  value: number | bigint;
  at: number;
  line: number;
  /** Spaces before the first token of its line. */
  indent: number;
  begins: boolean;
  spaced: boolean;
}

const NUMBER = /-?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const NAME = /[A-Za-z_$][\w$]*/y;
const SIGNS = "[]{}(),:=+;";
const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0" };

function numberOf(text: string): number | bigint {
  const value = Number(text);
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(text)) return BigInt(text);
  return value;
}

class Reader {
  readonly found: Token[] = [];
  private at = 0;
  private line = 1;
  private indent = 0;
  private begins = true;

  constructor(private readonly source: string) {}

  run(): Token[] {
    while (this.at < this.source.length) this.step();
    this.add("end", "", this.at);
    return this.found;
  }

  private step(): void {
    const { source } = this;
    const char = source[this.at] as string;
    if (char === "\n") return this.newline();
    if (char === "\\" && /^\\[ \t\r]*\n/.test(source.slice(this.at, this.at + 80))) {
      this.at = source.indexOf("\n", this.at) + 1; // the line goes on
      this.line += 1;
      return;
    }
    if (/\s/.test(char)) {
      if (this.begins) this.indent += 1;
      this.at += 1;
      return;
    }
    if (source.startsWith("###", this.at)) return this.blockComment();
    if (char === "#") {
      const ends = source.indexOf("\n", this.at);
      this.at = ends < 0 ? source.length : ends;
      return;
    }
    if (char === '"' || char === "'") return this.text(char);
    const number = this.matched(NUMBER);
    if (number && !(number.startsWith("-") && this.followsValue())) return this.add("number", number, this.at, numberOf(number), number.length);
    const name = this.matched(NAME);
    if (name) return this.add("name", name, this.at, 0, name.length);
    if (SIGNS.includes(char)) return this.add("sign", char, this.at, 0, 1);
    throw new SyntaxProblem(`${JSON.stringify(char)} is not part of a command.`, this.at, this.line);
  }

  private matched(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    return pattern.exec(this.source)?.[0] ?? "";
  }

  private followsValue(): boolean {
    const last = this.found[this.found.length - 1];
    return last?.kind === "number" && !this.begins;
  }

  private newline(): void {
    this.at += 1;
    this.line += 1;
    this.indent = 0;
    this.begins = true;
  }

  private blockComment(): void {
    const ends = this.source.indexOf("###", this.at + 3);
    if (ends < 0) throw new SyntaxProblem("A comment that begins with ### has no end.", this.at, this.line);
    this.line += this.source.slice(this.at, ends).split("\n").length - 1;
    this.at = ends + 3;
  }

  private text(quote: string): void {
    const triple = this.source.startsWith(quote.repeat(3), this.at);
    const mark = triple ? quote.repeat(3) : quote;
    const begin = this.at;
    const line = this.line;
    let at = begin + mark.length;
    let value = "";
    while (!this.source.startsWith(mark, at)) {
      const char = this.source[at];
      if (char === undefined) throw new SyntaxProblem(`A text that begins with ${mark} has no end.`, begin, line);
      if (quote === '"' && this.source.startsWith("#{", at)) {
        throw new SyntaxProblem("Texts with #{…} in them are not computed here; write the text itself.", at, this.line);
      }
      if (char === "\n") this.line += 1;
      if (char !== "\\") {
        value += char;
        at += 1;
        continue;
      }
      const code = /^u([0-9a-fA-F]{4})|^x([0-9a-fA-F]{2})/.exec(this.source.slice(at + 1, at + 6));
      if (code) {
        value += String.fromCharCode(parseInt((code[1] ?? code[2]) as string, 16));
        at += code[0].length + 1;
      } else {
        const next = this.source[at + 1] ?? "";
        value += ESCAPES[next] ?? next;
        at += 2;
      }
    }
    const last = this.line;
    this.line = line;
    this.add("text", value, begin, 0, at + mark.length - begin);
    this.line = last;
  }

  private add(kind: TokenKind, text: string, at: number, value: number | bigint = 0, length = 0): void {
    const spaced = at === 0 || /\s/.test(this.source[at - 1] as string);
    this.found.push({ kind, text, value, at, line: this.line, indent: this.indent, begins: this.begins, spaced });
    this.begins = false;
    this.at = at + length;
  }
}

/** The tokens of a text, comments left out; the last one is of kind "end". */
export function tokens(source: string): Token[] {
  return new Reader(source).run();
}
