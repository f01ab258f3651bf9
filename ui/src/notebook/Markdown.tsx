/** Markdown as elements of the page: the text of a notebook never becomes HTML, so nothing in it can run. */
import type { Token, Tokens } from "marked";
import { Fragment, type ComponentChildren, type JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

type Lexer = (text: string) => Token[];
let lexer: Lexer | null = null;
const loading = (): Promise<Lexer> => import("marked").then(({ marked }) => (lexer = (text) => marked.lexer(text)));

/** Addresses that a link may lead to; others are shown as text. */
export function safeAddress(href: string): string | null {
  try {
    const { protocol } = new URL(href, "https://page.invalid/");
    return ["http:", "https:", "mailto:"].includes(protocol) ? href : null;
  } catch {
    return null;
  }
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: "\u00a0" };
const plain = (text: string): string => text.replace(/&(#39|[a-z]+);/g, (whole, name: string) => ENTITIES[name] ?? whole);

function inner(token: { tokens?: Token[] | undefined; text?: string }): ComponentChildren {
  return token.tokens ? token.tokens.map(element) : plain(token.text ?? "");
}

function table(token: Tokens.Table): JSX.Element {
  return (
    <div class="scrolls">
      <table>
        <thead><tr>{token.header.map((cell, i) => <th key={i} scope="col">{inner(cell)}</th>)}</tr></thead>
        <tbody>{token.rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j}>{inner(cell)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

function list(token: Tokens.List): JSX.Element {
  const items = token.items.map((item, i) => <li key={i}>{item.tokens.map(element)}</li>);
  return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function element(token: Token, key: number): ComponentChildren {
  switch (token.type) {
    case "heading": {
      const Heading = `h${Math.min(token["depth"] as number, 6)}` as "h1";
      return <Heading key={key}>{inner(token as Tokens.Heading)}</Heading>;
    }
    case "paragraph":
      return <p key={key}>{inner(token as Tokens.Paragraph)}</p>;
    case "strong":
      return <strong key={key}>{inner(token as Tokens.Strong)}</strong>;
    case "em":
      return <em key={key}>{inner(token as Tokens.Em)}</em>;
    case "del":
      return <del key={key}>{inner(token as Tokens.Del)}</del>;
    case "codespan":
      return <code key={key}>{plain((token as Tokens.Codespan).text)}</code>;
    case "code":
      return <pre key={key}><code>{(token as Tokens.Code).text}</code></pre>;
    case "blockquote":
      return <blockquote key={key}>{inner(token as Tokens.Blockquote)}</blockquote>;
    case "list":
      return <Fragment key={key}>{list(token as Tokens.List)}</Fragment>;
    case "table":
      return <Fragment key={key}>{table(token as Tokens.Table)}</Fragment>;
    case "hr":
      return <hr key={key} />;
    case "br":
      return <br key={key} />;
    case "link": {
      const href = safeAddress((token as Tokens.Link).href);
      return href ? <a key={key} href={href} target="_blank" rel="noreferrer noopener">{inner(token as Tokens.Link)}</a> : <span key={key}>{inner(token as Tokens.Link)}</span>;
    }
    case "image": // nothing is fetched from elsewhere: a picture is named by its text
      return <span key={key}>{(token as Tokens.Image).text}</span>;
    case "space":
      return null;
    case "text":
    case "escape":
      return <Fragment key={key}>{inner(token as Tokens.Text)}</Fragment>;
    default: // HTML too: shown as it is written
      return <Fragment key={key}>{token.raw}</Fragment>;
  }
}

export function Markdown({ text }: { text: string }): JSX.Element {
  const [lex, setLex] = useState<Lexer | null>(() => lexer);
  useEffect(() => {
    if (!lex) void loading().then((loaded) => setLex(() => loaded));
  }, []);
  const shown = useMemo(() => (lex ? lex(text).map(element) : text), [lex, text]);
  return <div class="prose">{shown}</div>;
}
