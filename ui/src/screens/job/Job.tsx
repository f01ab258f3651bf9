/** A job: progress, time left, live curves of a model in training, cancel; once done, what it made. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Button, Problem, Progress, Skeleton } from "../../parts/controls";
import { duration, percent } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { confirm } from "../../parts/overlays";
import { toast } from "../../parts/toasts";
import * as calls from "../../rest/calls";
import { histories } from "../../rest/events";
import { isRunning, keyOf, kindOfDest, wake } from "../../rest/objects";
import type { JobV3, ModelSchemaV3, TwoDimTableV3 } from "../../rest/schemas";
import { readTable } from "../../rest/tables";
import { Curves } from "../model/Curves";
import { useJob } from "./useJob";

const LIVE_MS = 1000;
/** Between two full answers while the stream of events tells the points. */
const SLOW_MS = 10_000;
const LIVE_WITHOUT = ["training_metrics", "validation_metrics", "variable_importances", "names", "domains", "column_types", "help"].map((field) => `models/output/${field}`).join(",");

/** Progress and the line that says how far a job is. */
export function JobLine({ job, onCancel }: { job: JobV3; onCancel: () => void }): JSX.Element {
  const goes = isRunning(job);
  const left = goes && job.progress > 0.02 ? (job.msec / job.progress) * (1 - job.progress) : null;
  const tone = job.status === "DONE" ? "good" : job.status === "FAILED" ? "bad" : job.status === "CANCELLED" ? "warn" : "live";
  return (
    <div class="column">
      <div class="job-line">
        <span class={`chip ${tone}`}>{(job.status ?? "").toLowerCase()}</span>
        <span class="mono">{percent(job.progress)}</span>
        <span class="soft">{duration(job.msec)}{left !== null && `, about ${duration(left)} left`}</span>
        <span class="soft clip grow">{job.progress_msg}</span>
        {goes && <Button icon="stop" onClick={onCancel}>Cancel</Button>}
      </div>
      {goes && <Progress part={job.progress > 0 ? job.progress : null} label={`Progress of ${keyOf(job.dest) || job.description}`} />}
    </div>
  );
}

export async function cancel(job: JobV3): Promise<void> {
  const name = keyOf(job.dest) || (job.description ?? "the job");
  if (!(await confirm(`Cancel ${name}?`, "The work so far is given up, unless the algorithm keeps what it has.", "Cancel the job"))) return;
  try {
    await calls.cancelJob(keyOf(job.key));
    wake();
  } catch (problem) {
    toast((problem as Error).message, "bad");
  }
}

/** The scoring history of a model in training, asked for again as long as it goes on. */
function Live({ model, running }: { model: string; running: boolean }): JSX.Element | null {
  const kept = useCell().kept<ModelSchemaV3 | null>("live", null);
  const shown = kept.value;
  const setShown = (next: ModelSchemaV3): void => {
    kept.value = next;
  };
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => {
    const controller = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        if (!document.hidden) setShown(await calls.model(model, controller.signal, LIVE_WITHOUT));
      } catch {
        // not scored yet, or cancelled before its first score
      }
      if (running && !controller.signal.aborted) timer.current = setTimeout(() => void ask(), histories.value.has(model) ? SLOW_MS : LIVE_MS);
    };
    if (running || !kept.value) void ask();
    return () => {
      controller.abort();
      clearTimeout(timer.current);
    };
  }, [model, running]);
  const asked = (shown?.output as unknown as { scoring_history?: TwoDimTableV3 } | null)?.scoring_history;
  const told = histories.value.get(model);
  const answer = useMemo(() => (asked ? readTable(asked) : null), [asked]);
  const history = told && told.rows.length >= (answer?.rows.length ?? 0) ? told : answer;
  if (!history) return running ? <p class="soft">The curve begins with the first scoring.</p> : null;
  return <Curves history={history} height={220} />;
}

const OPENS = { frame: ["getFrameSummary", "View the frame"], model: ["getModel", "View the model"], grid: ["getGrid", "View the grid"], automl: ["getLeaderboard", "View the leaderboard"] } as const;

export default function Job({ props }: { props: Props }): JSX.Element {
  const open = useOpen();
  const job = useJob(String(props["job"]));
  const scored = useCell().kept("scored", false);
  if (job?.ready_for_view) scored.value = true; // a cancelled job keeps its curve
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
      <JobLine job={job} onCancel={() => void cancel(job)} />
      {warnings.length > 0 && <ul class="note warn column">{warnings.map((warning) => <li key={warning} class="row"><Icon name="warn" />{warning}</li>)}</ul>}
      {job.exception && job.status === "FAILED" && <Problem error={new Error(job.exception)} />}
      {kind === "model" && scored.value && job.status !== "FAILED" && <Live model={dest} running={goes} />}
    </div>
  );
}
