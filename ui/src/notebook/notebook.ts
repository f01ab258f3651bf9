/** The open notebook: its cells in order, the selected one, what was cut and deleted. Keys, menus and clicks all end here. */
import { computed, signal } from "@preact/signals";
import { find } from "../commands/registry";
import { VERSION, type CellType, type FlowDocument } from "../language/document";
import type { Scope } from "../language/evaluate";
import { printCall, type Call } from "../language/print";
import { forgotten, isRunning, watchJob } from "../rest/objects";
import { Cell } from "./cell";

export type Mode = "command" | "edit";

export const cells = signal<readonly Cell[]>([]);
export const selectedId = signal("");
export const mode = signal<Mode>("command");
/** Counts changes of cells and texts that a file would show. */
export const revision = signal(0);
export const scope: Scope = new Map();

export const selected = computed(() => cells.value.find((cell) => cell.id === selectedId.value) ?? cells.value[0] ?? null);

let clipboard: { type: CellType; input: string } | null = null;
let deleted: { at: number; cell: Cell }[] = [];
/** The cell whose top should come into view once it is drawn. */
export const reveal = signal("");

const indexOf = (cell: Cell | null): number => (cell ? cells.value.indexOf(cell) : -1);

function changed(): void {
  revision.value += 1;
}

export function setInput(cell: Cell, text: string): void {
  if (cell.input.value === text) return;
  cell.input.value = text;
  changed();
}

export function select(cell: Cell | null | undefined, show = true): void {
  if (!cell) return;
  selectedId.value = cell.id;
  if (show) reveal.value = cell.id;
}

export function insert(type: CellType, input: string, at: number): Cell {
  const cell = new Cell(type, input);
  const next = [...cells.value];
  next.splice(at, 0, cell);
  cells.value = next;
  changed();
  return cell;
}

export function insertAbove(): void {
  select(insert("cs", "", Math.max(indexOf(selected.value), 0)));
}

export function insertBelow(): void {
  select(insert("cs", "", indexOf(selected.value) + 1));
}

/** Adds a cell with the call below the cell it came from, and runs it. */
export function open(call: Call, from: Cell | null = selected.value): Cell {
  const style = find(call.name)?.style ?? "json";
  const cell = insert("cs", printCall(call, style), indexOf(from) < 0 ? cells.value.length : indexOf(from) + 1);
  cell.folded.value = true;
  mode.value = "command";
  select(cell);
  void cell.run(scope);
  return cell;
}

export function move(by: -1 | 1): void {
  const cell = selected.value;
  const at = indexOf(cell);
  const to = at + by;
  if (!cell || to < 0 || to >= cells.value.length) return;
  const next = [...cells.value];
  next.splice(at, 1);
  next.splice(to, 0, cell);
  cells.value = next;
  changed();
  reveal.value = cell.id;
}

export function selectNext(by: -1 | 1): void {
  select(cells.value[Math.min(Math.max(indexOf(selected.value) + by, 0), cells.value.length - 1)]);
}

export function deleteCell(): void {
  const cell = selected.value;
  const at = indexOf(cell);
  if (!cell) return;
  deleted = [...deleted, { at, cell }].slice(-50);
  cells.value = cells.value.filter((other) => other !== cell);
  if (!cells.value.length) insert("cs", "", 0);
  select(cells.value[Math.min(at, cells.value.length - 1)]);
  changed();
}

/** Brings the cell that was deleted last back, with its result. */
export function undoDelete(): void {
  const last = deleted.pop();
  if (!last) return;
  const next = [...cells.value];
  next.splice(Math.min(last.at, next.length), 0, last.cell);
  cells.value = next;
  select(last.cell);
  changed();
}

export function copy(): void {
  const cell = selected.value;
  if (cell) clipboard = { type: cell.type.value, input: cell.input.value };
}

export function cut(): void {
  copy();
  deleteCell();
}

export function paste(below: boolean): void {
  if (!clipboard) return;
  const at = Math.max(indexOf(selected.value), 0) + (below ? 1 : 0);
  select(insert(clipboard.type, clipboard.input, at));
}

export function setType(type: CellType): void {
  const cell = selected.value;
  if (!cell || cell.type.value === type) return;
  cell.type.value = type;
  if (type !== "cs") cell.clear();
  changed();
}

/** Puts the text of the next cell below this one's. */
export function merge(): void {
  const cell = selected.value;
  const next = cells.value[indexOf(cell) + 1];
  if (!cell || !next) return;
  setInput(cell, `${cell.input.value}\n${next.input.value}`);
  cells.value = cells.value.filter((other) => other !== next);
  changed();
}

/** Cuts the cell's text in two where the caret stands. */
export function split(caret: number): void {
  const cell = selected.value;
  if (!cell) return;
  const text = cell.input.value;
  if (caret <= 0 || caret >= text.length) return;
  setInput(cell, text.slice(0, caret).replace(/\n$/, ""));
  select(insert(cell.type.value, text.slice(caret).replace(/^\n/, ""), indexOf(cell) + 1));
}

export type After = "stay" | "next" | "insert";

/** Runs the selected cell; then it stays selected, or the next one is, or a new one. */
export function run(after: After): void {
  const cell = selected.value;
  if (!cell) return;
  mode.value = "command";
  void cell.run(scope);
  reveal.value = cell.id;
  const at = indexOf(cell);
  if (after === "insert") insertBelow();
  else if (after === "next") {
    if (at === cells.value.length - 1 && cell.isCode) select(insert("cs", "", at + 1), false);
    else select(cells.value[Math.min(at + 1, cells.value.length - 1)], false);
  }
}

/** Runs all cells, or those from the selected one on, one after the other; stops at the first that fails. */
export async function runAll(fromSelected: boolean): Promise<void> {
  const all = cells.value.slice(fromSelected ? Math.max(indexOf(selected.value), 0) : 0);
  for (const cell of all) {
    if (!cell.isCode || !cell.input.value.trim()) continue;
    select(cell);
    if (!(await cell.run(scope))) return;
    await settled(cell);
  }
}

/** What a cell started has to be there before the next cell runs: waits for its jobs. */
async function settled(cell: Cell): Promise<void> {
  for (const outcome of cell.outcomes.value) {
    const key = outcome.props["job"];
    if (typeof key !== "string" || !key) continue;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        queueMicrotask(() => {
          stop();
          unwatch();
        });
        resolve();
      };
      const stop = watchJob(key, (job) => {
        if (!isRunning(job)) end();
      });
      const unwatch = forgotten.subscribe((keys) => {
        if (keys.has(key)) end();
      });
    });
  }
}

export function clearAll(): void {
  for (const cell of cells.value) cell.clear();
}

export function clearSelected(): void {
  selected.value?.clear();
}

export function toggleAll(part: "showsInput" | "showsOutput"): void {
  const shown = cells.value.some((cell) => cell[part].value);
  for (const cell of cells.value) cell[part].value = !shown;
}

export function toDocument(): FlowDocument {
  return { version: VERSION, cells: cells.value.map((cell) => ({ type: cell.type.value, input: cell.input.value })) };
}

/** Puts other cells in the place of those that are there; cells that are in both keep their results. */
export function replaceWith(document: FlowDocument): void {
  const left = [...cells.value];
  const next = document.cells.map(({ type, input }) => {
    const at = left.findIndex((cell) => cell.type.value === type && cell.input.value === input);
    const [same] = at < 0 ? [] : left.splice(at, 1);
    return same ?? new Cell(type, input);
  });
  cells.value = next.length ? next : [new Cell("cs", "")];
  select(cells.value.find((cell) => cell.id === selectedId.value) ?? cells.value[0]);
  mode.value = "command";
  changed();
}

export function fromDocument(document: FlowDocument): void {
  const next = document.cells.map(({ type, input }) => new Cell(type, input));
  for (const cell of next) cell.folded.value = cell.isCode && cell.input.value.includes("\n");
  deleted = [];
  scope.clear();
  cells.value = next.length ? next : [new Cell("cs", "")];
  selectedId.value = (cells.value[0] as Cell).id;
  mode.value = "command";
  changed();
}
