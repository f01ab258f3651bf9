/** What is on the server: frames, models, searches and jobs, looked after by one shared poll; and when each last changed. */
import { computed, signal } from "@preact/signals";
import * as calls from "./calls";
import { reachable, RestError, wantsToken } from "./client";
import { startEvents, streaming, type Happened } from "./events";
import type { JobV3 } from "./schemas";

export type Kind = "frame" | "model" | "grid" | "automl" | "job";

export interface Listed {
  key: string;
  /** What a list shows beside the key, such as rows and columns. */
  note: string;
  algo?: string;
  rows?: number;
  columns?: number;
  bytes?: number;
  made?: number;
}

export const frames = signal<Listed[]>([]);
export const models = signal<Listed[]>([]);
/** The models without those of cross-validation's folds and of ensembles' insides, which would bury the others: they are reached from their model. */
export const mainModels = computed(() => {
  const keys = new Set(models.value.map((model) => model.key));
  const owner = (key: string): string => key.replace(/_cv_\d+$/, "").replace(/^metalearner_[A-Za-z]+_/, "");
  return models.value.filter(({ key }) => owner(key) === key || !keys.has(owner(key)));
});
export const grids = signal<Listed[]>([]);
export const automls = signal<Listed[]>([]);
export const jobs = signal<JobV3[]>([]);
/** Whether the lists were read at least once. */
export const known = signal(false);

export const cloud = signal<{ free: number; total: number; name: string; version: string; cpu: number } | null>(null);

const ENDED = new Set(["DONE", "FAILED", "CANCELLED"]);

export function isRunning(job: JobV3 | null | undefined): boolean {
  return !!job && !ENDED.has(job.status ?? "");
}

export const running = computed(() => jobs.value.filter(isRunning));

/** When an object last changed or went, by "kind:key": cells that stand on it and ran before are stale. */
export const changes = signal<ReadonlyMap<string, number>>(new Map());
/** Objects that went, and when. */
export const gone = signal<ReadonlyMap<string, number>>(new Map());

function mark(which: typeof changes, keys: readonly string[]): void {
  const next = new Map(which.value);
  for (const key of keys) next.set(key, Date.now());
  which.value = next;
}

export function markChanged(...keys: string[]): void {
  mark(changes, keys);
}

export function markGone(...keys: string[]): void {
  mark(changes, keys);
  mark(gone, keys);
}

/** Whether an object, by "kind:key", is on the server as far as the lists tell; what they do not tell of counts as there. */
export function isThere(object: string): boolean {
  const [kind, ...rest] = object.split(":");
  const lists: Record<string, readonly Listed[]> = { frame: frames.value, model: models.value, grid: grids.value };
  const key = rest.join(":");
  return lists[kind as string]?.some((item) => item.key === key) ?? true;
}

/** The key of a wire object such as {name: "iris.hex"}. */
export function keyOf(value: unknown): string {
  const name = (value as { name?: unknown } | null | undefined)?.name;
  return typeof name === "string" ? name : typeof value === "string" ? value : "";
}

/** Kind of the object that a job makes. */
export function kindOfDest(job: JobV3): Kind | null {
  const type = (job.dest as { type?: string } | null)?.type ?? "";
  const found = /Key<(\w+)>/.exec(type)?.[1]?.toLowerCase();
  return found === "frame" || found === "model" || found === "grid" || found === "automl" ? found : null;
}

const watchers = new Map<string, Set<(job: JobV3) => void>>();
/** Jobs that somebody watches and the server does not know: it was started anew, or has forgotten them. */
export const forgotten = signal<ReadonlySet<string>>(new Set());
const NOT_FOUND = 404;

/** Calls back with the job at once, and with each of its states until it has ended or `stop` is called. */
export function watchJob(key: string, seen: (job: JobV3) => void): () => void {
  const set = watchers.get(key) ?? new Set();
  set.add(seen);
  watchers.set(key, set);
  void askFor(key);
  wake();
  return () => {
    set.delete(seen);
    if (set.size === 0) watchers.delete(key);
  };
}

async function askFor(key: string): Promise<void> {
  try {
    tell(await calls.job(key));
  } catch (problem) {
    // What a forgotten job made is found by its key.
    if (problem instanceof RestError && problem.status === NOT_FOUND && watchers.has(key)) forgotten.value = new Set(forgotten.value).add(key);
  }
}

function tell(job: JobV3): void {
  const key = keyOf(job.key);
  for (const seen of watchers.get(key) ?? []) seen(job);
}

const FAST_MS = 1000;
const SLOW_MS = 5000;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking = false;

/** Reads the lists again soon: something was made or removed. */
export function wake(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void turn(), 50);
}

function noteChanges(kind: Kind, before: Listed[], after: Listed[]): void {
  if (!known.value) return;
  const left = new Set(after.map((item) => item.key));
  const lost = before.filter((item) => !left.has(item.key)).map((item) => `${kind}:${item.key}`);
  if (lost.length) markGone(...lost);
}

async function readLists(): Promise<void> {
  const [someFrames, someModels, someGrids] = await Promise.all([calls.frames(), calls.models(), calls.grids()]);
  const nextFrames = (someFrames.frames ?? []).map((frame) => {
    const { frame_id, rows, columns, byte_size } = frame as unknown as { frame_id: unknown; rows: number; columns: number; byte_size: number };
    return { key: keyOf(frame_id), note: `${rows} × ${columns}`, rows, columns, bytes: byte_size };
  });
  const nextModels = (someModels.models ?? []).map((model) => ({
    key: keyOf(model.model_id), note: model.algo_full_name ?? model.algo ?? "", algo: model.algo ?? "", made: model.timestamp,
  }));
  const nextGrids = (someGrids.grids ?? []).map((grid) => ({
    key: keyOf(grid.grid_id), note: `${(grid.model_ids ?? []).length} models`,
  }));
  noteChanges("frame", frames.value, nextFrames);
  noteChanges("model", models.value, nextModels);
  noteChanges("grid", grids.value, nextGrids);
  frames.value = nextFrames;
  models.value = nextModels;
  grids.value = nextGrids;
}

async function turn(): Promise<void> {
  clearTimeout(timer);
  if (asking || document.hidden || wantsToken.value) {
    timer = setTimeout(() => void turn(), FAST_MS);
    return;
  }
  asking = true;
  try {
    const before = new Map(jobs.value.map((job) => [keyOf(job.key), job]));
    const now = ((await calls.jobs()).jobs ?? []) as JobV3[];
    jobs.value = now;
    for (const job of now) {
      tell(job);
      ended(before.get(keyOf(job.key)) ?? null, job);
    }
    const listed = new Set(now.map((job) => keyOf(job.key)));
    for (const key of watchers.keys()) if (!listed.has(key) && !forgotten.value.has(key)) void askFor(key);
    automls.value = now.filter((job) => kindOfDest(job) === "automl").map((job) => ({ key: keyOf(job.dest), note: (job.status ?? "").toLowerCase() }));
    await readLists();
    const [node] = ((await calls.cloud()).nodes ?? []) as unknown as { free_mem: number; max_mem: number; my_cpu_pct: number }[];
    if (node) cloud.value = { free: node.free_mem, total: node.max_mem, name: "", version: "", cpu: node.my_cpu_pct };
    known.value = true;
  } catch {
    // reachable and wantsToken tell the reader; the next turn tries again
  } finally {
    asking = false;
    timer = setTimeout(() => void turn(), (running.value.length && !streaming.value) || !reachable.value ? FAST_MS : SLOW_MS);
  }
}

/** What the stream of events tells, between the polls. */
function onEvent({ event, data }: Happened): void {
  if (event === "job") {
    const { job } = data as { job: JobV3 };
    const key = keyOf(job.key);
    const before = jobs.value.find((one) => keyOf(one.key) === key);
    if (before) jobs.value = jobs.value.map((one) => (one === before ? job : one));
    tell(job);
    if (!before || isRunning(before) !== isRunning(job)) {
      ended(before ?? null, job);
      wake();
    }
  } else if (event === "object") {
    const { change, kind, key } = data as { change: string; kind: string; key: string };
    if (change === "removed") markGone(`${kind}:${key}`);
    else if (change === "changed") markChanged(`${kind}:${key}`);
    wake();
  }
}

/** Marks what a job made as changed once it has ended. */
function ended(before: JobV3 | null, now: JobV3): void {
  if (!before || !isRunning(before) || isRunning(now)) return;
  const kind = kindOfDest(now);
  if (kind) markChanged(`${kind}:${keyOf(now.dest)}`);
}

export function startObjects(): void {
  startEvents(onEvent);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) wake();
  });
  wake();
}
