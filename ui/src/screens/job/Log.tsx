/** The last lines of a job's log: folded until it is opened, then at its end unless the reader went up. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useCell } from "../../notebook/context";
import { clock, count } from "../../parts/format";
import type { LogLine } from "../../rest/live";

const NEAR_PX = 24;

export function Log({ lines, first }: { lines: readonly LogLine[]; first: number }): JSX.Element | null {
  const open = useCell().kept("log.open", false);
  const list = useRef<HTMLOListElement>(null);
  const followed = useRef(true);
  useLayoutEffect(() => {
    if (open.value && followed.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [lines, open.value]);
  const scrolled = (): void => {
    const box = list.current;
    if (box) followed.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
  };
  if (!lines.length) return null;
  return (
    <details open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>Log <span class="soft">{first > 0 ? `last ${count(lines.length, "line")}` : count(lines.length, "line")}</span></summary>
      <ol class="events job-log" aria-label="Log of the job" tabIndex={0} ref={list} onScroll={scrolled}>
        {lines.map((line, i) => <li key={first + i}><span class="soft">{clock(line.timestamp)}</span><span class={line.level === "WARNING" ? "WARN" : line.level}>{line.level}</span><span>{line.message}</span></li>)}
      </ol>
    </details>
  );
}
