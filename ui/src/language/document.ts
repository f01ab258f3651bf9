/** Notebook files: `.flow` documents, read with care and written byte for byte as Flow writes them. */

export const CELL_TYPES = ["cs", "md", "raw", "h1", "h2", "h3", "h4", "h5", "h6"] as const;
export type CellType = (typeof CELL_TYPES)[number];

export interface DocumentCell {
  type: CellType;
  input: string;
}

export interface FlowDocument {
  version: string;
  cells: DocumentCell[];
}

export const VERSION = "1.0.0";

function isType(name: unknown): name is CellType {
  return (CELL_TYPES as readonly unknown[]).includes(name);
}

/** The document that a text holds. Raises an Error that says what is wrong with it. Cells of unknown types become raw. */
export function readDocument(text: string): FlowDocument {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new Error("This is not a notebook: the file is not JSON.");
  }
  const cells = (read as { cells?: unknown } | null)?.cells;
  if (!Array.isArray(cells)) throw new Error("This is not a notebook: it has no list of cells.");
  const version = (read as { version?: unknown }).version;
  return {
    version: typeof version === "string" ? version : VERSION,
    cells: cells.map((cell: { type?: unknown; input?: unknown } | null) => ({
      type: isType(cell?.type) ? cell.type : "raw",
      input: typeof cell?.input === "string" ? cell.input : "",
    })),
  };
}

/** The document as a file. */
export function writeDocument(document: FlowDocument): string {
  const cells = document.cells.map(({ type, input }) => ({ type, input }));
  return JSON.stringify({ version: document.version, cells }, null, 2);
}
