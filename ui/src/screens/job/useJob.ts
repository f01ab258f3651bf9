/** A job as it goes on. */
import { useEffect, useState } from "preact/hooks";
import { watchJob } from "../../rest/objects";
import type { JobV3 } from "../../rest/schemas";

/** The job's latest state; null until the server told it, or when it knows no such job. */
export function useJob(key: string): JobV3 | null {
  const [job, setJob] = useState<JobV3 | null>(null);
  useEffect(() => {
    if (!key) return;
    return watchJob(key, setJob);
  }, [key]);
  return job;
}
