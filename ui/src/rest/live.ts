/** What the stream tells of work in progress beside jobs and scores: glimpses of trainings, details of jobs, AutoML runs. */
import { signal, type Signal } from "@preact/signals";
import { readTable, type ReadTable } from "./tables";
import type { EventLogEntryV99, TwoDimTableV3 } from "./schemas";

/** How a training goes between two scorings. */
export interface Glimpse {
  metric: string | null;
  value: number | null;
  held_out: boolean;
  rows: number;
  epochs: number;
  samples: number;
  seconds: number;
  samples_per_second: number | null;
}

export interface LogLine {
  timestamp: number;
  level: string;
  message: string;
}

export interface JobDetails {
  job_id: unknown;
  can_finish: boolean;
  finish_refusal: string | null;
  finishing: boolean;
  memory_bytes: number;
  threads: number;
  /** Number of the first of these lines. */
  first: number;
  log: LogLine[];
  /** How a training goes, where it was asked for and not told by the stream. */
  glimpses?: Glimpse[] | null;
}

export interface Board {
  /** When it was told, in ms since 1970. */
  at: number;
  table: ReadTable;
}

/** Glimpses by the key of the model. */
export const glimpses = signal<ReadonlyMap<string, readonly Glimpse[]>>(new Map());
/** Details by the key of the job. */
export const details = signal<ReadonlyMap<string, JobDetails>>(new Map());
/** Leaderboards by the key of the run. */
export const boards = signal<ReadonlyMap<string, Board>>(new Map());
/** Logs of AutoML runs by the key of the run. */
export const runLogs = signal<ReadonlyMap<string, readonly EventLogEntryV99[]>>(new Map());

const MOST_KEPT = 30;
const MOST_LINES = 200;

/** Sets the value of a key; the oldest go when there are too many. */
function keep<T>(where: Signal<ReadonlyMap<string, T>>, key: string, value: T): void {
  const next = new Map(where.value);
  next.delete(key);
  next.set(key, value);
  for (const old of [...next.keys()].slice(0, Math.max(next.size - MOST_KEPT, 0))) next.delete(old);
  where.value = next;
}

/** A list with what follows from place `first` on; null where something between is not known. */
function continued<T>(known: readonly T[], first: number, more: readonly T[]): T[] | null {
  return first > known.length ? null : [...known.slice(0, first), ...more];
}

export function addGlimpses({ model, first, glimpses: more }: { model: string; first: number; glimpses: readonly Glimpse[] }): void {
  // A page that comes late to a long training misses the first ones, which draws a shorter curve; none is taken twice.
  const known = first === 0 ? [] : (glimpses.value.get(model) ?? []);
  const last = known[known.length - 1]?.samples ?? -1;
  keep(glimpses, model, [...known, ...more.filter((one) => one.samples > last)]);
}

/** Takes details of a job with the lines of its log that are new, or all of them again. */
export function addDetails(job: string, told: JobDetails): void {
  const known = details.value.get(job);
  const start = known?.first ?? 0;
  const log = known && told.first >= start ? continued(known.log, told.first - start, told.log) : null;
  const all = log ?? told.log;
  const left = Math.max(all.length - MOST_LINES, 0);
  keep(details, job, { ...told, first: (log ? start : told.first) + left, log: all.slice(left) });
}

export function addBoard({ project_name: key, table }: { project_name: string; table: TwoDimTableV3 }): void {
  keep(boards, key, { at: Date.now(), table: readTable(table) });
}

export function addRunLog({ automl_id: key, first, events }: { automl_id: string; first: number; events: readonly EventLogEntryV99[] }): void {
  const log = continued(runLogs.value.get(key) ?? [], first, events);
  if (log) keep(runLogs, key, log);
}

/** Takes an event if it is of this kind. */
export function takeLive(event: string, data: unknown): boolean {
  if (event === "glimpses") addGlimpses(data as Parameters<typeof addGlimpses>[0]);
  else if (event === "job_details") addDetails(nameOf((data as JobDetails).job_id), data as JobDetails);
  else if (event === "leaderboard") addBoard(data as Parameters<typeof addBoard>[0]);
  else if (event === "log") addRunLog(data as Parameters<typeof addRunLog>[0]);
  else return false;
  return true;
}

function nameOf(key: unknown): string {
  return String((key as { name?: unknown } | null)?.name ?? "");
}
