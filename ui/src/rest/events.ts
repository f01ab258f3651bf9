/** The server's stream of events: jobs as they go on, points of models in training, AutoML runs, objects that come and go. */
import { signal } from "@preact/signals";
import { base, token } from "./client";
import { parseJson } from "./json";
import { takeLive } from "./live";
import { readTable, type ReadTable } from "./tables";
import type { TwoDimTableV3 } from "./schemas";

/** Whether events come in; without them everything is asked for again and again. */
export const streaming = signal(false);

export interface Happened {
  event: string;
  data: unknown;
}

/** Cuts a text of events into whole ones and the rest, which waits for more. */
export function readEvents(text: string): { found: Happened[]; rest: string } {
  const blocks = text.split(/\r?\n\r?\n/);
  const rest = blocks.pop() ?? "";
  const found: Happened[] = [];
  for (const block of blocks) {
    let event = "message";
    const data: string[] = [];
    for (const line of block.split(/\r?\n/)) {
      if (line.startsWith("event:")) event = line.slice(6).trim();
      else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
    }
    if (data.length) found.push({ event, data: parseJson(data.join("\n")) });
  }
  return { found, rest };
}

interface Points {
  model: string;
  columns: unknown[];
  first: number;
  points: unknown[][];
  reset: boolean;
}

interface Growing {
  columns: unknown[];
  rows: unknown[][];
}

const growing = new Map<string, Growing>();
/** Scoring histories of models in training, as far as the stream told them from their beginning. */
export const histories = signal<ReadonlyMap<string, ReadTable>>(new Map());
const MOST_HISTORIES = 50;

/** Adds points to a model's history; points that do not follow on what is known are no use. */
export function addPoints({ model, columns, first, points, reset }: Points): void {
  const known = growing.get(model);
  const rows = reset || first === 0 ? [] : (known?.rows.slice(0, first) ?? []);
  if (rows.length < (reset ? 0 : first)) return;
  const next = { columns, rows: [...rows, ...points] };
  growing.delete(model);
  growing.set(model, next);
  for (const old of [...growing.keys()].slice(0, Math.max(growing.size - MOST_HISTORIES, 0))) growing.delete(old);
  const table = { columns, rowcount: next.rows.length, data: columns.map((_, i) => next.rows.map((row) => row[i])), name: "Scoring History", description: "" };
  histories.value = new Map([...histories.value].filter(([key]) => growing.has(key))).set(model, readTable(table as unknown as TwoDimTableV3));
}

const AGAIN_MS = 3000;
let stop: AbortController | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

async function listen(happened: (event: Happened) => void): Promise<void> {
  stop = new AbortController();
  const known = token();
  const headers: Record<string, string> = known ? { Authorization: `Bearer ${known}` } : {};
  try {
    const topics = encodeURIComponent('["jobs","training","automl","objects"]');
    const response = await fetch(`${base()}/3/Events?topics=${topics}`, { headers, signal: stop.signal, credentials: "omit" });
    if (!response.ok || !response.body) return;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      streaming.value = true;
      const read = readEvents(text + value);
      text = read.rest;
      for (const event of read.found) {
        if (event.event === "points") addPoints(event.data as Points);
        else if (!takeLive(event.event, event.data)) happened(event);
      }
    }
  } catch {
    // lost or left; the polls go on, and it is tried again
  } finally {
    streaming.value = false;
  }
}

/** Listens as long as the page is in sight, and begins again when the stream ends. */
export function startEvents(happened: (event: Happened) => void): void {
  const turn = (): void => {
    clearTimeout(timer);
    if (document.hidden) return;
    void listen(happened).then(() => {
      if (!document.hidden) timer = setTimeout(turn, AGAIN_MS);
    });
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop?.abort();
    else turn();
  });
  turn();
}
