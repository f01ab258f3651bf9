/** The line at the bottom: the server, its memory, what runs, and the mode of the keyboard. */
import type { JSX } from "preact";
import { Call } from "../language/print";
import { bytes, count, percent } from "../parts/format";
import { reachable } from "../rest/client";
import { cloud, keyOf, running } from "../rest/objects";
import * as notebook from "./notebook";

export function StatusBar(): JSX.Element {
  const state = cloud.value;
  const used = state ? 1 - state.free / state.total : 0;
  const jobs = running.value;
  return (
    <footer class="statusbar">
      <span class={`dot ${reachable.value ? "done" : "failed"}`} />
      <span>{reachable.value ? location.host : "server lost"}</span>
      {state && <span class="soft" title={`${bytes(state.total - state.free)} of ${bytes(state.total)}`}>memory {percent(used)} of {bytes(state.total)}</span>}
      <span class="grow" />
      {jobs.length > 0 && (
        <button type="button" class="link" onClick={() => notebook.open(new Call(jobs.length === 1 ? "getJob" : "getJobs", jobs.length === 1 ? [keyOf(jobs[0]?.key)] : []))}>
          <span class="spinner" /> {jobs.length === 1 ? `${keyOf(jobs[0]?.dest) || jobs[0]?.description} ${percent(jobs[0]?.progress ?? 0)}` : count(jobs.length, "running job")}
        </button>
      )}
      <span class="soft">{count(notebook.cells.value.length, "cell")}</span>
      <span class="soft" title="Enter edits a cell, Escape leaves it">{notebook.mode.value} mode</span>
    </footer>
  );
}
