/** One cell on the page: gutter with its state, command line or text, and the screens of its results. */
import { useComputed } from "@preact/signals";
import { Component, type JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Outcome } from "../commands/command";
import type { Language } from "../commands/copies";
import { commandsOf } from "../language/evaluate";
import { Menu, Note, Problem, Skeleton } from "../parts/controls";
import { duration, moment } from "../parts/format";
import { Icon } from "../parts/icons";
import { reachable } from "../rest/client";
import { loadedScreen, loadScreen, type Screen } from "../screens/screens";
import { toast } from "../parts/toasts";
import { isOurs, type Cell } from "./cell";
import { CellContext } from "./context";
import * as notebook from "./notebook";
import { Markdown } from "./Markdown";

const TYPES: Record<string, string> = { cs: "command", md: "markdown", raw: "plain text" };
const LANGUAGES: readonly Language[] = ["Python", "R", "curl"];
const NEAR = "1200px 0px";
/** Whether the browser lets a text field grow with its text by itself. */
const GROWS = typeof CSS !== "undefined" && CSS.supports("field-sizing", "content");
const JUST_MS = 1500;
const HOLD_MS = 900;
/** Moments after a command was opened at which its cell is brought to the top again: its result comes bit by bit. */
const SETTLE_MS = [80, 250, 600, 1100, 1800];

/** Whether the element is on the page or close to it. */
function useNear(box: { current: HTMLElement | null }): boolean {
  const [near, setNear] = useState(true);
  useEffect(() => {
    if (!box.current) return;
    const watch = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? true), { root: box.current.closest(".notebook"), rootMargin: NEAR });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return near;
}

function Result({ outcome }: { outcome: Outcome }): JSX.Element {
  const [screen, setScreen] = useState<Screen | null>(() => loadedScreen(outcome.screen) ?? null);
  const [problem, setProblem] = useState<Error | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (screen) return;
    loadScreen(outcome.screen).then(
      (found) => setScreen(() => found),
      () => setProblem(new Error("The server does not answer with this part of the page. If it was updated meanwhile, reload the page.")),
    );
    return () => setProblem(null);
  }, [outcome.screen, tries, reachable.value]);
  if (problem) return <Problem error={problem} retry={() => setTries(tries + 1)} />;
  if (!screen) return <Skeleton />;
  const Shown = screen;
  return <Shown props={outcome.props} />;
}

const KINDS: Record<string, string> = { frame: "frame", model: "model", grid: "grid", automl: "AutoML run" };

/** Says which objects of a result are not on the server any more: what is shown is from before. */
function Missing({ cell }: { cell: Cell }): JSX.Element | null {
  const names = cell.missing.value.map((object) => {
    const [kind = "", ...key] = object.split(":");
    return `${KINDS[kind] ?? kind} ${key.join(":")}`;
  });
  if (!names.length) return null;
  return (
    <Note tone="warn">
      <Icon name="warn" />
      <span>{`No longer on the server: ${names.join(", ")}. What is shown is from before. Make ${names.length > 1 ? "them" : "it"} again, then run this cell again.`}</span>
    </Note>
  );
}

function Output({ cell, near }: { cell: Cell; near: boolean }): JSX.Element | null {
  const box = useRef<HTMLDivElement>(null);
  // A screen that comes back asks the server again: its place is held meanwhile, so that nothing below moves.
  const [held, setHeld] = useState(0);
  const wasAway = useRef(false);
  if (!near) wasAway.current = true;
  useLayoutEffect(() => {
    if (!near || !wasAway.current) return;
    wasAway.current = false;
    setHeld(cell.height);
    const timer = setTimeout(() => setHeld(0), HOLD_MS);
    return () => clearTimeout(timer);
  }, [near]);
  useLayoutEffect(() => {
    if (!near || held || !box.current) return;
    const watch = new ResizeObserver(([entry]) => {
      const tall = entry?.borderBoxSize[0]?.blockSize ?? 0; // with its padding, so that nothing moves when it goes
      if (tall > 0) cell.height = tall;
    });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [near, held]);
  const problem = cell.problem.value;
  const outcomes = cell.outcomes.value;
  if (!problem && outcomes.length === 0 && cell.state.value !== "running") return null;
  if (!near) return <div class="cell-away" style={{ height: cell.height || 120 }} />;
  return (
    <div class="cell-output" ref={box} style={held ? { minHeight: held } : undefined}>
      <Missing cell={cell} />
      {cell.state.value === "running" && outcomes.length === 0 && <Skeleton lines={3} />}
      {problem && (isOurs(problem) ? <div class="note bad" role="alert"><Icon name="warn" /><p>{problem.message}</p></div> : <Problem error={problem} retry={() => void cell.run(notebook.scope)} />)}
      {outcomes.map((outcome, i) => <Result key={`${outcome.screen}${i}${cell.ranAt.value}`} outcome={outcome} />)}
    </div>
  );
}

/** The text under edit: as tall as its text. */
function Editor({ cell, editing }: { cell: Cell; editing: boolean }): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  const text = cell.input.value;
  const fit = (): void => {
    const area = field.current;
    if (!area || GROWS) return;
    area.style.height = "0";
    area.style.height = `${area.scrollHeight}px`;
  };
  useLayoutEffect(fit, [text, cell.folded.value, editing]);
  // Before the next key comes, and by what is so now: a focus that comes late would turn a cell that was left meanwhile back
  // into one under edit, and so on for ever.
  useLayoutEffect(() => {
    const area = field.current;
    const isEdited = notebook.selected.peek() === cell && notebook.mode.peek() === "edit";
    if (isEdited && area && document.activeElement !== area) {
      area.focus({ preventScroll: true });
      area.setSelectionRange(area.value.length, area.value.length);
    } else if (!isEdited && area && document.activeElement === area) area.blur();
  }, [editing]);
  return (
    <textarea ref={field} class={`editor ${cell.isCode ? "mono" : ""}`} data-editor rows={1} spellcheck={!cell.isCode} aria-label={`Text of the cell (${TYPES[cell.type.value] ?? "heading"})`}
      placeholder={cell.isCode ? "A command, such as assist, importFiles or getFrames" : "Text"} value={text}
      onInput={(event) => notebook.setInput(cell, event.currentTarget.value)}
      onFocus={() => { notebook.select(cell, false); notebook.mode.value = "edit"; cell.folded.value = false; }}
      onBlur={() => { if (notebook.selected.value === cell) notebook.mode.value = "command"; }} />
  );
}

function Shown({ cell }: { cell: Cell }): JSX.Element {
  const type = cell.type.value;
  const text = cell.input.value;
  if (type === "md") return <Markdown text={text || "*Empty text*"} />;
  if (type === "raw") return <pre class="raw">{text || " "}</pre>;
  const Heading = type as "h1";
  return <Heading>{text || "Empty heading"}</Heading>;
}

/** Puts the cell's commands on the clipboard as code of another language. */
async function copyCell(cell: Cell, language: Language): Promise<void> {
  try {
    const server = new URL("..", document.baseURI).href.replace(/\/$/, "");
    const { copyAs } = await import("../commands/copies");
    const found = commandsOf(cell.input.value, new Map(notebook.scope)).map((call) => copyAs(call, language, server));
    const text = found.filter((one) => one !== null).join("\n");
    if (!text) return toast(`This command has no counterpart in ${language}.`);
    const head = language === "Python" ? `import artesian as h2o\n\nh2o.connect(url="${server}")\n` : language === "R" ? `library(h2o)\nh2o.connect(ip = "${location.hostname}", port = ${location.port || 80})\n` : "";
    await navigator.clipboard.writeText(head + text);
    toast(`Copied as ${language}.`, "good");
  } catch (problem) {
    toast((problem as Error).message, "bad");
  }
}

function actions(cell: Cell): JSX.Element {
  return (
    <Menu icon="more" label="Actions on this cell" items={() => {
      notebook.select(cell, false);
      return [
        { title: "Run", keys: "Ctrl Enter", run: () => notebook.run("stay") },
        { title: cell.showsOutput.value ? "Hide output" : "Show output", keys: "o", run: () => (cell.showsOutput.value = !cell.showsOutput.value) },
        { title: "Clear output", run: () => cell.clear() },
        ...LANGUAGES.map((language) => ({ title: `Copy as ${language}`, run: () => void copyCell(cell, language) })),
        { title: "Copy command", run: () => void navigator.clipboard.writeText(cell.input.value).then(() => toast("Copied the command.")) },
        { title: "Insert above", keys: "a", line: true, run: notebook.insertAbove },
        { title: "Insert below", keys: "b", run: notebook.insertBelow },
        { title: "Move up", keys: "Ctrl ↑", run: () => notebook.move(-1) },
        { title: "Move down", keys: "Ctrl ↓", run: () => notebook.move(1) },
        { title: "Cut", keys: "x", line: true, run: notebook.cut },
        { title: "Copy", keys: "c", run: notebook.copy },
        { title: "Paste below", keys: "v", run: () => notebook.paste(true) },
        { title: "Delete", keys: "d d", danger: true, line: true, run: notebook.deleteCell },
      ];
    }} />
  );
}

/** Whether a result of the cell would come below the fold. */
function isLow(element: HTMLElement): boolean {
  const frame = element.closest(".notebook")?.getBoundingClientRect();
  return frame ? element.getBoundingClientRect().top > frame.top + frame.height * 0.4 : false;
}

/** Keeps an element at the top of the notebook while its result comes, unless the reader does anything. */
function keepAtTop(element: HTMLElement): () => void {
  const moments = SETTLE_MS.map((ms) => setTimeout(() => element.scrollIntoView({ block: "start" }), ms));
  const signs = ["wheel", "pointerdown", "keydown", "touchmove"] as const;
  const stop = (): void => {
    moments.forEach(clearTimeout);
    for (const sign of signs) removeEventListener(sign, stop, true);
  };
  for (const sign of signs) addEventListener(sign, stop, { capture: true, passive: true });
  return () => undefined; // it ends by itself: drawing the cell anew must not end it
}

export function CellView({ cell }: { cell: Cell }): JSX.Element {
  const box = useRef<HTMLElement>(null);
  const near = useNear(box);
  // Of what concerns the whole notebook a cell follows only its own part: with 200 cells a key press draws two of them anew.
  const isSelected = useComputed(() => notebook.selected.value === cell).value;
  const editing = useComputed(() => notebook.selected.value === cell && notebook.mode.value === "edit").value;
  const revealed = useComputed(() => notebook.reveal.value === cell.id).value;
  const state = cell.stale.value ? "stale" : cell.state.value;
  const showsText = cell.isCode || editing;

  useEffect(() => {
    if (!revealed || !box.current) return;
    notebook.reveal.value = "";
    // Commands that only look are done before their cell is drawn for the first time.
    const hasJustRun = cell.state.value === "running" || Date.now() - cell.ranAt.value < JUST_MS;
    const isNew = hasJustRun && (cell.folded.value || isLow(box.current));
    box.current.scrollIntoView({ block: isNew ? "start" : "nearest" });
    if (!editing) box.current.focus({ preventScroll: true });
    if (isNew) return keepAtTop(box.current);
  }, [revealed]);

  const onPointer = (): void => {
    if (!isSelected) {
      notebook.select(cell, false);
      if (notebook.mode.value === "edit") notebook.mode.value = "command";
    }
  };
  const hint = state === "stale" ? "Stale: its text or what it shows has changed. Run it again." : state;
  return (
    <section ref={box} tabIndex={-1} data-cell={cell.id} data-state={state} class={`cell${isSelected ? " selected" : ""}${editing ? " editing" : ""}`}
      aria-label={`Cell: ${cell.input.value.split("\n")[0]?.slice(0, 60) || TYPES[cell.type.value] || "heading"}`} aria-current={isSelected ? "true" : undefined} onPointerDown={onPointer}>
      <div class="gutter">
        {cell.isCode && (
          <button type="button" class="gutter-run" aria-label={state === "stale" ? "Run again: the result is stale" : "Run the cell"} title={hint} disabled={cell.state.value === "running"}
            onClick={() => { notebook.select(cell, false); notebook.run("stay"); }}>
            {state === "running" ? <span class="spinner" /> : <Icon name={state === "stale" ? "refresh" : "run"} size={14} />}
          </button>
        )}
      </div>
      <div class="cell-body">
        <div class={`cell-input${cell.folded.value && !editing && cell.isCode ? " folded" : ""}`} onDblClick={() => { if (!cell.isCode) { notebook.select(cell, false); notebook.mode.value = "edit"; } }}>
          {!cell.showsInput.value ? null : showsText ? (
            cell.folded.value && !editing ? (
              <button type="button" class="folded-line mono clip" title="Edit the command" onClick={() => { cell.folded.value = false; notebook.select(cell, false); notebook.mode.value = "edit"; }}>
                {cell.input.value.replace(/\s+/g, " ")}
              </button>
            ) : <Editor cell={cell} editing={editing} />
          ) : <Shown cell={cell} />}
          <div class="cell-side">
            {state === "stale" && <span class="chip warn">stale</span>}
            {state === "failed" && <span class="chip bad">failed</span>}
            {cell.isCode && cell.ranAt.value > 0 && <span class="soft nowrap cell-time" title={`Took ${duration(cell.tookMs.value)}`}>{moment(cell.ranAt.value)}</span>}
            {actions(cell)}
          </div>
        </div>
        {cell.isCode && cell.showsOutput.value && (
          <CellContext.Provider value={cell}><Output cell={cell} near={near} /></CellContext.Provider>
        )}
      </div>
    </section>
  );
}

/** A cell's place in the notebook: it is drawn anew when the cell itself changes, not when another one comes or goes. */
export class CellSlot extends Component<{ cell: Cell }> {
  override shouldComponentUpdate(next: { cell: Cell }): boolean {
    return next.cell !== this.props.cell;
  }

  override render(): JSX.Element {
    return <CellView cell={this.props.cell} />;
  }
}
