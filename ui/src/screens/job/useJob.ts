/** A job as it goes on. */
import { useEffect, useState } from "preact/hooks";
import * as calls from "../../rest/calls";
import { streaming } from "../../rest/events";
import { addDetails, addGlimpses, details, glimpses, type JobDetails } from "../../rest/live";
import { isRunning, keyOf, watchJob } from "../../rest/objects";
import type { JobV3 } from "../../rest/schemas";

const POLL_MS = 1000;

/** The job's latest state; null until the server told it, or when it knows no such job. */
export function useJob(key: string): JobV3 | null {
  const [job, setJob] = useState<JobV3 | null>(null);
  useEffect(() => {
    if (!key) return;
    return watchJob(key, setJob);
  }, [key]);
  return job;
}

/** What is told of a job beside its state: asked for once, then told by the stream, or asked for where there is none. */
export function useDetails(job: JobV3 | null): JobDetails | null {
  const key = keyOf(job?.key);
  const dest = keyOf(job?.dest);
  const goes = isRunning(job);
  const polls = goes && !streaming.value;
  useEffect(() => {
    if (!key) return;
    const controller = new AbortController();
    const ask = async (): Promise<void> => {
      const known = details.value.get(key);
      const seen = glimpses.value.get(dest)?.length ?? 0;
      try {
        if (document.hidden) return;
        const told = await calls.jobDetails(key, known ? known.first + known.log.length : 0, seen, controller.signal);
        addDetails(key, told);
        if (told.glimpses?.length) addGlimpses({ model: dest, first: seen, glimpses: told.glimpses });
      } catch {
        // a job that is forgotten, or a server that is away: the job itself tells it
      }
    };
    void ask();
    const timer = polls ? setInterval(() => void ask(), POLL_MS) : undefined;
    return () => {
      controller.abort();
      clearInterval(timer);
    };
  }, [key, goes, polls]);
  return details.value.get(key) ?? null;
}
