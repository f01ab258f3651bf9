/** The two ways to end a job before its end, and what each keeps: to be asked for in honest words. */
import { confirm } from "../../parts/overlays";
import { toast } from "../../parts/toasts";
import * as calls from "../../rest/calls";
import type { JobDetails } from "../../rest/live";
import { keyOf, kindOfDest, wake, type Kind } from "../../rest/objects";
import type { JobV3 } from "../../rest/schemas";

interface Words {
  /** Of the button that ends the job and keeps what it has. */
  stop: string;
  hint: string;
  /** What becomes of the work when it is cancelled. */
  cancel: string;
}

const WORDS: Partial<Record<Kind, Words>> = {
  model: {
    stop: "Stop and keep best",
    hint: "Ends the training now, as its time limit would. The model is what it has learnt so far: its best epoch, where overwrite_with_best_model is on.",
    cancel: "The training is given up, and there will be no model.",
  },
  grid: {
    stop: "Stop and keep the models",
    hint: "Starts no further model, ends those in training with what they have learnt, and is done.",
    cancel: "The models that are done stay; those in training are given up.",
  },
  automl: {
    stop: "Stop and keep the models",
    hint: "Starts no further model, makes the last ensembles of those that are done, and is done.",
    cancel: "The models that are done stay on the leaderboard; those in training are given up, and no further ensembles are made.",
  },
};

/** The words for a job, where it makes something of which a part can be kept. */
export function wordsFor(job: JobV3): Words | null {
  const kind = kindOfDest(job);
  return (kind && WORDS[kind]) || null;
}

export async function cancel(job: JobV3, told: JobDetails | null = null): Promise<void> {
  const name = keyOf(job.dest) || (job.description ?? "the job");
  const words = wordsFor(job);
  const instead = words && told?.can_finish ? ` To keep what is there, choose “${words.stop}” instead.` : "";
  if (!(await confirm(`Cancel ${name}?`, `${words?.cancel ?? "What it has done so far is given up."}${instead}`, "Cancel the job"))) return;
  await sent(calls.cancelJob(keyOf(job.key)));
}

export async function finish(job: JobV3): Promise<void> {
  await sent(calls.finishJob(keyOf(job.key)));
}

async function sent(request: Promise<unknown>): Promise<void> {
  try {
    await request;
    wake();
  } catch (problem) {
    toast((problem as Error).message, "bad");
  }
}
