/** The page: bar at the top, rail at the left, cells, sheet at the right, status at the bottom; and what lies over them. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { Call } from "../language/print";
import { Dialogs } from "../parts/Dialogs";
import { Palette } from "../parts/Palette";
import { Button, Menu, type MenuItem } from "../parts/controls";
import { count } from "../parts/format";
import { help, notebooks, palette, sheet, versions } from "../parts/overlays";
import { dismiss, toasts } from "../parts/toasts";
import { commands } from "../commands/registry";
import { reachable } from "../rest/client";
import { switchTheme, theme } from "../theme/theme";
import { CellSlot } from "./CellView";
import * as files from "./files";
import * as notebook from "./notebook";
import { Rail } from "./Rail";
import { StatusBar } from "./StatusBar";

export const railOpen = signal(typeof innerWidth === "undefined" || innerWidth >= 900);

const open = (name: string): void => {
  notebook.open(new Call(name, []));
};

function pickFile(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".flow,application/json";
  input.onchange = () => {
    const file = input.files?.[0];
    if (file) void files.openFile(file);
  };
  input.click();
}

const flowMenu = (): MenuItem[] => [
  { title: "New notebook", run: files.newNotebook },
  { title: "Open notebook…", run: () => (notebooks.value = true) },
  { title: "Open file…", run: pickFile },
  { title: "Save", keys: "s", run: () => void files.save() },
  { title: "Versions…", run: () => (versions.value = true) },
  { title: "Make a copy", run: () => void files.makeCopy() },
  { title: "Download this notebook", run: files.downloadFile },
  { title: "Run all", line: true, run: () => void notebook.runAll(false) },
  { title: "Run all from here on", run: () => void notebook.runAll(true) },
  { title: "Show or hide all inputs", line: true, run: () => notebook.toggleAll("showsInput") },
  { title: "Show or hide all outputs", run: () => notebook.toggleAll("showsOutput") },
  { title: "Clear all outputs", run: notebook.clearAll },
];

const cellMenu = (): MenuItem[] => [
  { title: "Run", keys: "Ctrl Enter", run: () => notebook.run("stay") },
  { title: "Insert above", keys: "a", line: true, run: notebook.insertAbove },
  { title: "Insert below", keys: "b", run: notebook.insertBelow },
  { title: "Cut", keys: "x", line: true, run: notebook.cut },
  { title: "Copy", keys: "c", run: notebook.copy },
  { title: "Paste above", keys: "⇧ v", run: () => notebook.paste(false) },
  { title: "Paste below", keys: "v", run: () => notebook.paste(true) },
  { title: "Move up", keys: "Ctrl ↑", line: true, run: () => notebook.move(-1) },
  { title: "Move down", keys: "Ctrl ↓", run: () => notebook.move(1) },
  { title: "Merge with the cell below", keys: "⇧ m", run: notebook.merge },
  { title: "Undo delete", keys: "z", line: true, run: notebook.undoDelete },
  { title: "Delete", keys: "d d", danger: true, run: notebook.deleteCell },
];

function commandMenu(...groups: string[]): () => MenuItem[] {
  const hidden = new Set(["getFrame", "deleteModel", "cancelJob", "inspect", "grid", "getColumnSummary", "getJob", "getPrediction", "getLeaderboard", "setupParse", "parseFiles"]);
  return () => commands
    .filter((command) => groups.includes(command.group) && !hidden.has(command.name) && (command.form || !command.parameters.some((one) => one.required)))
    .map((command) => ({ title: command.title, run: () => open(command.name) }));
}

const helpMenu = (): MenuItem[] => [
  { title: "Assist me", run: () => open("assist") },
  ...commandMenu("Help")(),
  { title: "Keyboard shortcuts", keys: "h", line: true, run: () => (help.value = true) },
];

const SAVE_TEXT = { saved: "Saved", unsaved: "Not saved yet", saving: "Saving…", failed: "Not saved" } as const;

function TopBar(): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  return (
    <header class="topbar">
      <Button kind="quiet" icon="rail" label={railOpen.value ? "Hide the side bar" : "Show the side bar"} pressed={railOpen.value} onClick={() => (railOpen.value = !railOpen.value)} />
      <span class="brand"><img src="./icon.svg" alt="" width={18} height={18} /> Flow</span>
      <input ref={field} class="title" aria-label="Name of the notebook" value={files.name.value} spellcheck={false}
        size={Math.max(8, Math.min(files.name.value.length, 36))}
        onKeyDown={(event) => { if (event.key === "Enter") event.currentTarget.blur(); }}
        onBlur={(event) => { const next = event.currentTarget.value; void files.rename(next).then(() => { if (field.current) field.current.value = files.name.value; }); }} />
      <nav class="menus" aria-label="Menus">
        <Menu title="Notebook" label="Notebook" items={flowMenu} />
        <Menu title="Cell" label="Cell" items={cellMenu} />
        <Menu title="Data" label="Data" items={commandMenu("Data")} />
        <Menu title="Model" label="Model" items={commandMenu("Model")} />
        <Menu title="Score" label="Score" items={commandMenu("Score")} />
        <Menu title="Admin" label="Admin" items={commandMenu("Admin")} />
        <Menu title="Help" label="Help" items={helpMenu} />
      </nav>
      <span class="grow" />
      <span class={`soft save-state ${files.saveState.value}`} aria-live="polite">{files.stored.value || files.saveState.value !== "saved" ? SAVE_TEXT[files.saveState.value] : ""}</span>
      <button type="button" class="palette-button" onClick={() => (palette.value = true)}>
        <span class="grow">Search or run a command</span><kbd>Ctrl K</kbd>
      </button>
      <Button kind="quiet" icon="plus" label="Insert a cell below" onClick={notebook.insertBelow} />
      <Button kind="quiet" icon="run" label="Run the cell and select the next" onClick={() => notebook.run("next")} />
      <Button kind="quiet" icon="save" label="Save the notebook" onClick={() => void files.save()} />
      <Button kind="quiet" icon={theme.value === "dark" ? "sun" : "moon"} label={theme.value === "dark" ? "Switch to light" : "Switch to dark"} onClick={switchTheme} />
      <Button kind="quiet" icon="help" label="Keyboard shortcuts" onClick={() => (help.value = true)} />
    </header>
  );
}

function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`toast ${toast.tone}`}>
          <span class="grow">{toast.text}</span>
          {toast.action && <Button kind="quiet" onClick={() => { toast.action?.run(); dismiss(toast.id); }}>{toast.action.title}</Button>}
          <Button kind="quiet" icon="close" label="Dismiss" onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}

function SheetView(): JSX.Element | null {
  const content = sheet.value;
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => box.current?.querySelector<HTMLElement>("input, select, button:not(.bare)")?.focus(), [content]);
  if (!content) return null;
  return (
    <aside ref={box} class="sheet" aria-label={content.title} onKeyDown={(event) => { if (event.key === "Escape") sheet.value = null; }}>
      <div class="row spread sheet-head">
        <h2>{content.title}</h2>
        <Button kind="quiet" icon="close" label="Close" onClick={() => (sheet.value = null)} />
      </div>
      <div class="sheet-body">{content.body()}</div>
    </aside>
  );
}

/** Keeps the title and the address of the page in step with the notebook. */
function Address(): null {
  const title = files.name.value;
  const stored = files.stored.value;
  const selected = notebook.selectedId.value;
  useEffect(() => {
    document.title = `${title} – Flow`;
  }, [title]);
  useEffect(() => {
    const at = notebook.cells.peek().findIndex((cell) => cell.id === selected);
    const next = new URLSearchParams();
    if (stored) next.set("flow", title);
    if (at > 0) next.set("cell", String(at));
    const hash = next.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname);
  }, [title, stored, selected]);
  return null;
}

export function App(): JSX.Element {
  return (
    <div class={`page${railOpen.value ? " with-rail" : ""}${sheet.value ? " with-sheet" : ""}`}>
      <Address />
      <TopBar />
      {railOpen.value && <Rail onLeave={() => { if (innerWidth < 900) railOpen.value = false; }} />}
      <main class="notebook" aria-label="Notebook">
        {!reachable.value && <div class="note bad lost" role="alert">The server does not answer. What is on the page stays; it goes on by itself when the server is back.</div>}
        <div class="cells">
          {notebook.cells.value.map((cell) => <CellSlot key={cell.id} cell={cell} />)}
          <button type="button" class="add-cell" onClick={() => { notebook.select(notebook.cells.value[notebook.cells.value.length - 1]); notebook.insertBelow(); notebook.mode.value = "edit"; }}>
            + Add a cell
          </button>
          <p class="unseen" aria-live="polite">{count(notebook.cells.value.length, "cell")}</p>
        </div>
      </main>
      <SheetView />
      <StatusBar />
      <Toasts />
      <Palette />
      <Dialogs />
    </div>
  );
}
