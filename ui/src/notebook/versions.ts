/** What differs between two texts of a notebook. */
import type { FlowDocument } from "../language/document";

/** Places of the cells of one text that the other has not; two equal cells count as two. */
export function missingFrom(one: FlowDocument, other: FlowDocument): Set<number> {
  const left = new Map<string, number>();
  const name = (cell: FlowDocument["cells"][number]): string => `${cell.type}\n${cell.input}`;
  for (const cell of other.cells) left.set(name(cell), (left.get(name(cell)) ?? 0) + 1);
  const found = new Set<number>();
  one.cells.forEach((cell, i) => {
    const known = left.get(name(cell)) ?? 0;
    if (known > 0) left.set(name(cell), known - 1);
    else found.add(i);
  });
  return found;
}
