/** A job: progress, time left, speed and memory, live curves of a model in training, its log, two ways to end it; once done, what it made. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Button, Note, Problem, Progress, Skeleton } from "../../parts/controls";
import { bytes, count, duration, number, percent } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { histories } from "../../rest/events";
import { glimpses, type JobDetails } from "../../rest/live";
import { forgotten, isRunning, keyOf, kindOfDest } from "../../rest/objects";
import type { JobV3 } from "../../rest/schemas";
import { columnOf } from "../../rest/tables";
import { cancel, finish, wordsFor } from "./ending";
import { Live } from "./Live";
import { Log } from "./Log";
import { useDetails, useJob } from "./useJob";

/** After so long it is worth saying why a job cannot end early: most get there at once. */
const SETTLED_MS = 1500;

/** Progress, the line that says how far a job is, and the buttons that end it; `steady`: its pulse is told, and it goes on evenly. */
export function JobLine({ job, told, steady = false }: { job: JobV3; told: JobDetails | null; steady?: boolean }): JSX.Element {
  const goes = isRunning(job);
  const left = goes && job.progress > (steady ? 0 : 0.02) ? (job.msec / job.progress) * (1 - job.progress) : null;
  const tone = job.status === "DONE" ? "good" : job.status === "FAILED" ? "bad" : job.status === "CANCELLED" ? "warn" : "live";
  const words = wordsFor(job);
  const ends = told?.finishing ?? false;
  return (
    <div class="column">
      <div class="job-line">
        <span class={`chip ${tone}`}>{(job.status ?? "").toLowerCase()}</span>
        <span class="mono">{percent(job.progress)}</span>
        <span class="soft">{duration(job.msec)}{left !== null && !ends && `, about ${duration(left)} left`}</span>
        <span class="soft clip grow">{steady && goes ? "" : job.progress_msg}</span>
        {goes && <span class="actions">
          {words && told && <Button icon="check" disabled={!told.can_finish || ends} hint={told.can_finish ? words.hint : (told.finish_refusal ?? words.hint)} onClick={() => void finish(job)}>{ends ? "Stopping…" : words.stop}</Button>}
          <Button icon="stop" onClick={() => void cancel(job, told)}>Cancel</Button>
        </span>}
      </div>
      {goes && words && told && !told.can_finish && job.msec > SETTLED_MS && <p class="soft">{told.finish_refusal}</p>}
      {goes && <Progress part={job.progress > 0 ? job.progress : null} label={`Progress of ${keyOf(job.dest) || job.description}`} />}
    </div>
  );
}

/** The last of a training's values in its scoring history. */
function lastOf(model: string, column: string): unknown {
  const history = histories.value.get(model);
  const values = history ? columnOf(history, column) : [];
  return values[values.length - 1] ?? null;
}

/** How the work goes right now, in a few numbers. */
function Pulse({ job, told }: { job: JobV3; told: JobDetails | null }): JSX.Element | null {
  const model = keyOf(job.dest);
  const looks = glimpses.value.get(model);
  const last = looks?.[looks.length - 1];
  const epochs = last?.epochs ?? lastOf(model, "epochs");
  const trees = lastOf(model, "number_of_trees");
  const speed = last?.samples_per_second ? `${number(Math.round(last.samples_per_second))} samples/s` : lastOf(model, "training_speed");
  const items: [string, string][] = [];
  if (typeof epochs === "number") items.push(["epoch", number(Number(epochs.toPrecision(4)))]);
  else if (typeof trees === "number") items.push(["trees", number(trees)]);
  if (speed) items.push(["speed", String(speed)]);
  if (told?.memory_bytes) items.push(["memory", bytes(told.memory_bytes)]);
  if (told?.threads) items.push(["uses", count(told.threads, "thread")]);
  if (!items.length) return null;
  return <dl class="pulse">{items.map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="mono">{value}</dd></div>)}</dl>;
}

/** A job of a server that was started anew, or one that ended so long ago that the server forgot it. */
function Lost({ job, dest }: { job: JobV3 | null; dest: string }): JSX.Element {
  const went = isRunning(job) ? `It was at ${percent(job?.progress ?? 0)}: run the cell again.` : "What it made is in the lists at the side, if it is still there.";
  return <Note tone="warn"><Icon name="warn" /><span>{`The server does not know ${dest ? `the job that made ${dest}` : "this job"} any more: it was started anew, or the job ended long ago. ${went}`}</span></Note>;
}

const OPENS = { frame: ["getFrameSummary", "View the frame"], model: ["getModel", "View the model"], grid: ["getGrid", "View the grid"], automl: ["getLeaderboard", "View the leaderboard"] } as const;

export default function Job({ props }: { props: Props }): JSX.Element {
  const open = useOpen();
  const job = useJob(String(props["job"]));
  const scored = useCell().kept("scored", false);
  const told = useDetails(job);
  if (job?.ready_for_view) scored.value = true; // a cancelled job keeps its curve
  if (forgotten.value.has(String(props["job"]))) return <Lost job={job} dest={String(props["dest"] ?? "")} />;
  if (!job) return props["dest"] ? <div class="screen"><p class="soft">{`Waiting for the job that makes ${String(props["dest"])} …`}</p><Skeleton lines={2} /></div> : <Skeleton lines={2} />;
  const kind = kindOfDest(job);
  const dest = keyOf(job.dest);
  const goes = isRunning(job);
  const opens = kind && kind !== "job" ? OPENS[kind] : null;
  const warnings = (job.warnings ?? []) as unknown as string[];
  return (
    <div class="screen panel">
      <div class="screen-head">
        <h2>{job.description}{dest && <span class="mono"> {dest}</span>}</h2>
        <span class="actions">
          {opens && job.status === "DONE" && <Button kind="main" icon="eye" onClick={() => open(opens[0], dest)}>{opens[1]}</Button>}
          {opens && goes && job.ready_for_view && kind !== "frame" && <Button icon="eye" onClick={() => open(opens[0], dest)}>{opens[1]}</Button>}
        </span>
      </div>
      <JobLine job={job} told={told} steady={glimpses.value.has(dest)} />
      {goes && kind !== "frame" && <Pulse job={job} told={told} />}
      {warnings.length > 0 && <ul class="note warn column">{warnings.map((warning) => <li key={warning} class="row"><Icon name="warn" />{warning}</li>)}</ul>}
      {job.exception && job.status === "FAILED" && <Problem error={new Error(job.exception)} />}
      {kind === "model" && scored.value && job.status !== "FAILED" && <Live model={dest} running={goes} lasts={job.status !== "CANCELLED"} />}
      {told && <Log lines={told.log} first={told.first} />}
    </div>
  );
}
