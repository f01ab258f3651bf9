/** Asking the server from a component: the answer, whether it is on its way, what went wrong; stale requests are aborted. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { reachable, RestError } from "./client";

export interface Query<T> {
  data: T | null;
  error: Error | null;
  loading: boolean;
  refresh: () => void;
}

/** A place that outlives the component, such as a cell's memory. */
export interface Place<T> {
  value: T;
}

interface Options<T> {
  /** Where the last answer is kept: a component that comes back begins with it. */
  kept?: Place<{ about: string; data: T } | null>;
  /** A kept answer of the same question is good enough. */
  once?: boolean;
}

/** Asks when the component appears and when `about` changes; an earlier answer stays until the new one is there. */
export function useQuery<T>(ask: (signal: AbortSignal) => Promise<T>, about: readonly unknown[], { kept, once }: Options<T> = {}): Query<T> {
  const question = JSON.stringify(about);
  const [state, setState] = useState<{ data: T | null; error: Error | null; loading: boolean }>(() => ({ data: kept?.value?.data ?? null, error: null, loading: true }));
  const [turn, setTurn] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (once && turn === 0 && kept?.value?.about === question) return setState({ data: kept.value.data, error: null, loading: false });
    const controller = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    latest.current(controller.signal).then(
      (data) => {
        if (controller.signal.aborted) return;
        if (kept) kept.value = { about: question, data };
        setState({ data, error: null, loading: false });
      },
      (problem: unknown) => {
        if (!controller.signal.aborted) {
          setState((before) => ({ data: before.data, error: problem instanceof Error ? problem : new Error(String(problem)), loading: false }));
        }
      },
    );
    return () => controller.abort();
  }, [...about, turn]);
  const refresh = useCallback(() => setTurn((n) => n + 1), []);
  const back = reachable.value;
  useEffect(() => {
    if (back && state.error instanceof RestError && state.error.status === 0) refresh(); // the server that did not answer is back
  }, [back]);
  return { ...state, refresh };
}
