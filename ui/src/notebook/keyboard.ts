/** The keyboard map: command mode and edit mode as Flow has them. Keys within inputs are never taken, except to leave them. */
import { dialogOpen, help, palette } from "../parts/overlays";
import * as notebook from "./notebook";
import { save } from "./files";

export interface Shortcut {
  keys: string;
  what: string;
  mode: "command" | "edit" | "any";
  run: (event: KeyboardEvent) => void;
}

const heading = (level: 1 | 2 | 3 | 4 | 5 | 6): Shortcut => ({
  keys: String(level), what: `make it a heading ${level}`, mode: "command", run: () => notebook.setType(`h${level}`),
});

function caret(): number {
  const field = document.activeElement;
  return field instanceof HTMLTextAreaElement ? field.selectionStart : 0;
}

const toCommand = (): void => {
  notebook.mode.value = "command";
};

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: "Enter", what: "edit the cell", mode: "command", run: () => (notebook.mode.value = "edit") },
  { keys: "y", what: "make it a command", mode: "command", run: () => notebook.setType("cs") },
  { keys: "m", what: "make it markdown", mode: "command", run: () => notebook.setType("md") },
  { keys: "r", what: "make it plain text", mode: "command", run: () => notebook.setType("raw") },
  heading(1), heading(2), heading(3), heading(4), heading(5), heading(6),
  { keys: "ArrowUp", what: "select the cell above", mode: "command", run: () => notebook.selectNext(-1) },
  { keys: "k", what: "select the cell above", mode: "command", run: () => notebook.selectNext(-1) },
  { keys: "ArrowDown", what: "select the cell below", mode: "command", run: () => notebook.selectNext(1) },
  { keys: "j", what: "select the cell below", mode: "command", run: () => notebook.selectNext(1) },
  { keys: "Ctrl+Shift+k", what: "move the cell up", mode: "command", run: () => notebook.move(-1) },
  { keys: "Ctrl+ArrowUp", what: "move the cell up", mode: "command", run: () => notebook.move(-1) },
  { keys: "Ctrl+ArrowDown", what: "move the cell down", mode: "command", run: () => notebook.move(1) },
  { keys: "Ctrl+j", what: "move the cell down", mode: "command", run: () => notebook.move(1) },
  { keys: "a", what: "insert a cell above", mode: "command", run: notebook.insertAbove },
  { keys: "b", what: "insert a cell below", mode: "command", run: notebook.insertBelow },
  { keys: "x", what: "cut the cell", mode: "command", run: notebook.cut },
  { keys: "c", what: "copy the cell", mode: "command", run: notebook.copy },
  { keys: "Shift+v", what: "paste above", mode: "command", run: () => notebook.paste(false) },
  { keys: "v", what: "paste below", mode: "command", run: () => notebook.paste(true) },
  { keys: "z", what: "undo deleting a cell", mode: "command", run: notebook.undoDelete },
  { keys: "d d", what: "delete the cell", mode: "command", run: notebook.deleteCell },
  { keys: "Shift+m", what: "merge with the cell below", mode: "command", run: notebook.merge },
  { keys: "s", what: "save the notebook", mode: "command", run: () => void save() },
  { keys: "o", what: "show or hide the output", mode: "command", run: toggleOutput },
  { keys: "h", what: "show these keys", mode: "command", run: () => (help.value = true) },
  { keys: "?", what: "show these keys", mode: "command", run: () => (help.value = true) },
  { keys: "/", what: "search in the cell's result", mode: "command", run: searchResult },
  { keys: "Escape", what: "leave the text", mode: "edit", run: toCommand },
  { keys: "Ctrl+m", what: "leave the text", mode: "edit", run: toCommand },
  { keys: "Ctrl+Shift+-", what: "split the cell at the caret", mode: "edit", run: () => notebook.split(caret()) },
  { keys: "Shift+Enter", what: "run, and select the next cell", mode: "any", run: () => notebook.run("next") },
  { keys: "Ctrl+Enter", what: "run", mode: "any", run: () => notebook.run("stay") },
  { keys: "Alt+Enter", what: "run, and insert a cell below", mode: "any", run: () => notebook.run("insert") },
  { keys: "Mod+s", what: "save the notebook", mode: "any", run: () => void save() },
  { keys: "Mod+k", what: "search for anything", mode: "any", run: () => (palette.value = true) },
];

function toggleOutput(): void {
  const cell = notebook.selected.value;
  if (cell) cell.showsOutput.value = !cell.showsOutput.value;
}

function searchResult(): void {
  const cell = notebook.selected.value;
  document.querySelector<HTMLInputElement>(`[data-cell="${cell?.id}"] input[type="search"]`)?.focus();
}

/** A key with its modifiers as the map writes it; Mod is Ctrl, or Command on a Mac. */
export function written(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string[] {
  const single = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const symbol = event.key.length === 1 && !/[a-zA-Z]/.test(event.key);
  const parts = (control: string): string =>
    [control, event.altKey ? "Alt" : "", event.shiftKey && !(symbol && control === "") ? "Shift" : "", single === "_" ? "-" : single]
      .filter(Boolean)
      .join("+");
  if (event.ctrlKey && !event.metaKey) return [parts("Ctrl"), parts("Mod")];
  if (event.metaKey) return [parts("Mod")];
  return [parts("")];
}

let waiting = "";
let waitTimer: ReturnType<typeof setTimeout> | undefined;
const TWICE_MS = 700;

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

/** Keys that move and choose within tables and tabs; the others are the notebook's there, too. */
const MOVES = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown", "Enter", " ", "Escape", "Tab"]);

/** Whether a widget of the page uses the key itself: buttons, tabs, tables; an open menu takes them all. */
function usesKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement) || target === document.body) return false;
  const own = target.closest<HTMLElement>("[data-keys]");
  if (own && (MOVES.has(key) || own.classList.contains("menu"))) return true;
  return ["BUTTON", "A", "SUMMARY"].includes(target.tagName) && (key === "Enter" || key === " ");
}

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || dialogOpen.value) return;
  const names = written(event);
  const inText = isField(event.target);
  const inEditor = event.target instanceof HTMLElement && event.target.dataset["editor"] !== undefined;
  if (names.includes("Mod+k")) return take(event, () => (palette.value = true));
  if (inText && !inEditor) return;
  const now = inEditor ? "edit" : "command";
  if (now === "command" && usesKeys(event.target, event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) return;
  const typed = names.flatMap((key) => (waiting ? [`${waiting} ${key}`, key] : [key]));
  const found = SHORTCUTS.find((shortcut) => typed.includes(shortcut.keys) && (shortcut.mode === "any" || shortcut.mode === now));
  clearTimeout(waitTimer);
  waiting = "";
  if (found) return take(event, () => found.run(event));
  const begins = now === "command" && SHORTCUTS.some((shortcut) => names.some((key) => shortcut.keys.startsWith(`${key} `)));
  if (begins) {
    waiting = names[0] as string;
    waitTimer = setTimeout(() => (waiting = ""), TWICE_MS);
    event.preventDefault();
  }
}

function take(event: KeyboardEvent, act: () => void): void {
  event.preventDefault();
  act();
}

