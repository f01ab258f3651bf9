/** Where notebooks are kept: on the server by name, saved by themselves; drafts and results in this browser; as files. */
import { effect, signal } from "@preact/signals";
import type { Outcome } from "../commands/command";
import { readDocument, writeDocument, type FlowDocument } from "../language/document";
import { confirm } from "../parts/overlays";
import { toast } from "../parts/toasts";
import * as calls from "../rest/calls";
import { reachable, wantsToken } from "../rest/client";
import { known } from "../rest/objects";
import { cells, fromDocument, replaceWith, revision, scope, select, toDocument } from "./notebook";

export const UNTITLED = "Untitled Flow";
export const name = signal(UNTITLED);
/** Whether the notebook has a place on the server. */
export const stored = signal(false);
export const saveState = signal<"saved" | "unsaved" | "saving" | "failed">("saved");

const DRAFT = "flow.draft";
const RESULTS = "flow.results.";
const AUTOSAVE_MS = 1500;
const MOST_RESULTS = 200_000;
/** Of what the page saves by itself, one text in so long stays as a version. */
const VERSION_MS = 5 * 60_000;
let savedText = "";
/** Whether the text on the server should stay as a version when it is replaced: one of an earlier visit, or saved by hand. */
let isWorthKeeping = true;
let keptAt = 0;

interface KeptResult {
  input: string;
  outcomes: Outcome[];
  ranAt: number;
}

/** Forms and half-way results: after a reload what they stand on may be used up, so their cells wait to be run again. */
const PASSING = new Set(["parse", "imported"]);

function keepResults(): void {
  const kept: (KeptResult | null)[] = cells.value.map((cell) =>
    cell.state.value === "done" && cell.ranAt.value && !cell.outcomes.value.some((outcome) => PASSING.has(outcome.screen))
      ? { input: cell.ranInput.value, outcomes: [...cell.outcomes.value], ranAt: cell.ranAt.value }
      : null,
  );
  const text = JSON.stringify(kept);
  if (text.length < MOST_RESULTS) localStorage.setItem(RESULTS + name.value, text);
}

/** Puts kept outcomes back: their screens ask the server again, nothing is run again. */
function bringResults(): void {
  let kept: (KeptResult | null)[];
  try {
    kept = JSON.parse(localStorage.getItem(RESULTS + name.value) ?? "[]") as (KeptResult | null)[];
  } catch {
    return;
  }
  cells.value.forEach((cell, i) => {
    const result = kept[i];
    if (!result || result.input !== cell.input.value) return;
    cell.outcomes.value = result.outcomes;
    cell.ranInput.value = result.input;
    cell.ranAt.value = result.ranAt;
    cell.state.value = "done";
    cell.folded.value = true;
  });
}

function show(document: FlowDocument, title: string, onServer: boolean): void {
  name.value = title;
  stored.value = onServer;
  fromDocument(document);
  savedText = writeDocument(toDocument());
  saveState.value = "saved";
  isWorthKeeping = true;
  bringResults();
}

export function newNotebook(): void {
  localStorage.removeItem(RESULTS + UNTITLED);
  show({ version: "1.0.0", cells: [{ type: "cs", input: "assist" }] }, UNTITLED, false);
  localStorage.removeItem(DRAFT);
  void cells.value[0]?.run(scope); // it shows where to begin; nothing on the server changes by it
}

export async function openNotebook(title: string): Promise<boolean> {
  try {
    show(readDocument(await calls.readNote("notebook", title)), title, true);
    return true;
  } catch (problem) {
    if (!wantsToken.value) toast(`The notebook '${title}' cannot be opened: ${(problem as Error).message}`, "bad");
    return false;
  }
}

export async function openFile(file: File): Promise<void> {
  try {
    show(readDocument(await file.text()), file.name.replace(/\.flow$/i, ""), false);
    saveState.value = "unsaved";
  } catch (problem) {
    toast((problem as Error).message, "bad");
  }
}

/** A name that no notebook on the server has: the wanted one, or with a number. */
async function freeName(wanted: string): Promise<string> {
  const taken = new Set((await calls.notes("notebook")).entries?.map((entry) => entry.name));
  for (let i = 2, next = wanted; ; i += 1) {
    if (!taken.has(next)) return next;
    next = `${wanted} ${i}`;
  }
}

/** Whether the notebook may take its name on the server: another one of that name is replaced only when the reader says so. */
async function claimName(): Promise<boolean> {
  if (name.value === UNTITLED) {
    name.value = await freeName(UNTITLED);
    return true;
  }
  if (!(await calls.hasNote("notebook", name.value))) return true;
  return confirm(`Replace the notebook ${name.value}?`, "The server keeps another notebook of this name. Its text stays as a version.", "Replace it");
}

/** Keeps the notebook on the server under its name. */
export async function save(byHand = true): Promise<void> {
  const before = saveState.value;
  saveState.value = "saving";
  try {
    if (!stored.value && !(await claimName())) {
      saveState.value = before;
      return;
    }
    const text = writeDocument(toDocument());
    const keepsEarlier = isWorthKeeping || Date.now() - keptAt > VERSION_MS;
    await calls.writeNote("notebook", name.value, text, keepsEarlier);
    if (keepsEarlier) keptAt = Date.now();
    isWorthKeeping = byHand;
    savedText = text;
    stored.value = true;
    saveState.value = "saved";
    localStorage.removeItem(DRAFT);
    keepResults();
  } catch (problem) {
    saveState.value = "failed";
    toast(`The notebook is not saved: ${(problem as Error).message}`, "bad");
  }
}

/** Puts an earlier text in the place of the notebook's, which stays as a version itself. */
export async function restore(text: string, when: string): Promise<void> {
  const before = toDocument();
  replaceWith(readDocument(text));
  isWorthKeeping = true;
  await save();
  toast(`Restored the version of ${when}.`, "good", {
    title: "Undo",
    run: () => {
      replaceWith(before);
      isWorthKeeping = true;
      void save();
    },
  });
}

/** Gives the notebook another name, on the server too if it is there: its versions go along. */
export async function rename(next: string): Promise<void> {
  const before = name.value;
  const title = next.trim();
  if (!title || title === before) return;
  if (await calls.hasNote("notebook", title).catch(() => false)) {
    toast(`There is a notebook '${title}' already.`, "bad");
    return;
  }
  if (stored.value) {
    try {
      await calls.renameNote("notebook", before, title);
    } catch (problem) {
      toast(`The notebook keeps its name: ${(problem as Error).message}`, "bad");
      return;
    }
  }
  name.value = title;
  await save();
}

export async function makeCopy(): Promise<void> {
  try {
    name.value = await freeName(`Copy of ${name.value}`);
  } catch (problem) {
    return toast(`The notebook is not copied: ${(problem as Error).message}`, "bad");
  }
  stored.value = false;
  await save();
}

/** Removes a notebook from the server; it can be brought back for a moment. */
export async function removeNotebook(title: string): Promise<void> {
  const text = await calls.readNote("notebook", title);
  await calls.deleteNote("notebook", title);
  if (title === name.value) {
    stored.value = false;
    saveState.value = "unsaved";
  }
  toast(`Deleted the notebook ${title}.`, "plain", {
    title: "Undo",
    run: () => void calls.writeNote("notebook", title, text).then(() => {
      if (title === name.value) stored.value = true;
    }, (problem: unknown) => toast((problem as Error).message, "bad")),
  });
}

export function downloadFile(): void {
  saveBlob(new Blob([writeDocument(toDocument())], { type: "application/json" }), `${name.value}.flow`);
}

/** Gives the reader a file. */
export function saveBlob(blob: Blob, title: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = title;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A text that is not on the server yet, and whether the server keeps an earlier one of this notebook. */
interface Draft {
  name: string;
  text: string;
  stored?: boolean;
}

function draft(): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(DRAFT) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function readAddress(): { flow: string; cell: string } {
  const given = new URLSearchParams(location.hash.slice(1));
  return { flow: given.get("flow") ?? "", cell: given.get("cell") ?? "" };
}

/** Opens what the address names, else what was open last, else a new notebook; then keeps both in step with the page. */
export async function startFiles(): Promise<void> {
  const { flow, cell } = readAddress();
  const kept = draft();
  if (kept && (!flow || kept.name === flow)) {
    show(readDocument(kept.text), kept.name, false);
    stored.value = kept.stored === true && (await calls.hasNote("notebook", kept.name).catch(() => false));
    saveState.value = "unsaved";
  } else if (!flow || !(await openNotebook(flow))) {
    newNotebook();
    if (flow && wantsToken.value) openOnceAllowed(flow);
  }
  select(cells.value[Number(cell)] ?? cells.value[0], Boolean(cell));
  watch();
}

/** Opens the notebook once the reader has given the server's token. */
function openOnceAllowed(title: string): void {
  const stop = wantsToken.subscribe((wanted) => {
    if (wanted) return;
    queueMicrotask(() => stop());
    void openNotebook(title);
  });
}

function watch(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    void revision.value;
    for (const cell of cells.value) void cell.ranAt.value; // results are kept too
    clearTimeout(timer);
    timer = setTimeout(() => {
      const text = writeDocument(toDocument());
      keepResults();
      if (text === savedText) return;
      saveState.value = "unsaved";
      localStorage.setItem(DRAFT, JSON.stringify({ name: name.value, text, stored: stored.value } satisfies Draft));
      if (stored.value && reachable.value && known.value) void save(false);
    }, AUTOSAVE_MS);
  });
}
