/** The palette: commands, algorithms, objects, columns, cells, notebooks, help and actions by a few letters of their names. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { commands } from "../commands/registry";
import { Call } from "../language/print";
import * as files from "../notebook/files";
import * as notebook from "../notebook/notebook";
import * as calls from "../rest/calls";
import * as objects from "../rest/objects";
import { switchTheme } from "../theme/theme";
import { ranked } from "./fuzzy";
import { Icon, type IconName } from "./icons";
import { help, notebooks, palette, versions } from "./overlays";

interface Entry {
  kind: string;
  icon: IconName;
  title: string;
  note: string;
  run: () => void;
}

const open = (name: string, ...args: string[]): void => {
  notebook.open(new Call(name, args));
};

function entries(): Entry[] {
  const found: Entry[] = commands
    .filter((command) => command.form || !command.parameters.some((parameter) => parameter.required))
    .map((command) => ({ kind: "Command", icon: "run", title: command.title, note: command.name, run: () => open(command.name) }));
  const list = (kind: string, icon: IconName, items: readonly objects.Listed[], name: string): void => {
    for (const item of items) found.push({ kind, icon, title: item.key, note: item.note, run: () => open(name, item.key) });
  };
  list("Frame", "frame", objects.frames.value, "getFrameSummary");
  list("Model", "model", objects.models.value, "getModel");
  list("Grid", "grid", objects.grids.value, "getGrid");
  list("AutoML", "automl", objects.automls.value, "getLeaderboard");
  notebook.cells.value.forEach((cell, i) => {
    const line = cell.input.value.split("\n")[0]?.trim();
    if (line) found.push({ kind: "Cell", icon: "chevron", title: line, note: `cell ${i + 1}`, run: () => notebook.select(cell) });
  });
  const action = (title: string, icon: IconName, run: () => void): void => void found.push({ kind: "Action", icon, title, note: "", run });
  action("New notebook", "plus", files.newNotebook);
  action("Open notebook", "open", () => (notebooks.value = true));
  action("Versions of this notebook", "open", () => (versions.value = true));
  action("Save notebook", "save", () => void files.save());
  action("Download notebook", "download", files.downloadFile);
  action("Run all cells", "run", () => void notebook.runAll(false));
  action("Clear all outputs", "trash", notebook.clearAll);
  action("Switch light and dark", "sun", switchTheme);
  action("Keyboard shortcuts", "help", () => (help.value = true));
  return found;
}

/** The frame that the selected cell shows, else the last one that any cell does. */
function frameAtHand(): string {
  const all = [...notebook.cells.value, ...(notebook.selected.value ? [notebook.selected.value] : [])];
  const shown = all.flatMap((cell) => cell.outcomes.value.map((outcome) => outcome.props["frame"])).filter((key) => typeof key === "string");
  return String(shown[shown.length - 1] ?? "");
}

/** What has to be asked for: each part comes when it comes, and one that fails is left out. */
function asked(add: (more: Entry[]) => void, signal: AbortSignal): void {
  const part = <T,>(answer: Promise<T>, read: (found: T) => Entry[]): void => void answer.then((found) => { if (!signal.aborted) add(read(found)); }, () => undefined);
  part(calls.algorithms(), (found) => found.filter((one) => one.visibility === "Stable").map((one) => ({ kind: "Algorithm", icon: "model", title: `Build a model: ${one.algo_full_name}`, note: one.algo ?? "", run: () => open("buildModel", one.algo ?? "") })));
  part(calls.notes("notebook", signal), (found) => (found.entries ?? []).map((one) => ({ kind: "Notebook", icon: "open", title: one.name ?? "", note: "", run: () => void files.openNotebook(one.name ?? "") })));
  part(import("../screens/help/topics"), ({ topics }) => topics.map((one) => ({ kind: "Help", icon: "help", title: one.title, note: "", run: () => open("getHelp", one.name) })));
  const frame = frameAtHand();
  if (frame) part(calls.frameColumns(frame, signal), (found) => (found.columns ?? []).map((one) => ({ kind: "Column", icon: "frame", title: one.label ?? "", note: frame, run: () => open("getColumnSummary", frame, one.label ?? "") })));
}

const MOST = 40;

export function Palette(): JSX.Element | null {
  return palette.value ? <OpenPalette /> : null;
}

function OpenPalette(): JSX.Element {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLUListElement>(null);
  const before = useRef<Element | null>(document.activeElement);
  const [all, setAll] = useState(entries);
  useEffect(() => {
    const controller = new AbortController();
    asked((more) => setAll((before) => [...before, ...more]), controller.signal);
    return () => controller.abort();
  }, []);
  const found = useMemo(() => ranked(all, typed, (entry) => `${entry.title} ${entry.note}`).slice(0, MOST), [all, typed]);
  useLayoutEffect(() => field.current?.focus(), []); // before the next key comes
  useEffect(() => box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [at, found]);
  const close = (): void => {
    palette.value = false;
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
  };
  const choose = (entry: Entry | undefined): void => {
    if (!entry) return;
    palette.value = false;
    entry.run();
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") setAt((at + 1) % Math.max(found.length, 1));
    else if (event.key === "ArrowUp") setAt((at - 1 + found.length) % Math.max(found.length, 1));
    else if (event.key === "Enter") choose(found[at]);
    else if (event.key === "Escape") close();
    else if (event.key !== "Tab") return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="veil" onPointerDown={(event) => { if (event.target === event.currentTarget) close(); }}>
      <div class="palette" role="dialog" aria-modal="true" aria-label="Search or run a command" onKeyDown={keys}>
        <input ref={field} role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={found.length ? `palette-${at}` : undefined} aria-label="Search commands, objects and cells"
          placeholder="Commands, algorithms, frames, models, columns, cells, help…" value={typed} spellcheck={false} autocomplete="off" onInput={(event) => { setTyped(event.currentTarget.value); setAt(0); }} />
        <ul id="palette-list" role="listbox" aria-label="Found" ref={box}>
          {found.map((entry, i) => (
            <li key={`${entry.kind}${entry.title}${entry.note}`} id={`palette-${i}`} role="option" aria-selected={i === at} onPointerMove={(event) => (event.movementX || event.movementY) && setAt(i)} onClick={() => choose(entry)}>
              <Icon name={entry.icon} size={14} />
              <span class="clip grow">{entry.title}</span>
              <span class="soft mono clip">{entry.note}</span>
              <span class="soft kind">{entry.kind}</span>
            </li>
          ))}
          {found.length === 0 && <li class="soft">Nothing is called that.</li>}
        </ul>
      </div>
    </div>
  );
}
