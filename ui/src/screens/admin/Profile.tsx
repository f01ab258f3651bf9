/** Where the server's threads are: stacks by how often they were seen within half a second. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { useCell } from "../../notebook/context";
import { Button, Loaded } from "../../parts/controls";
import { get } from "../../rest/client";
import { useQuery } from "../../rest/query";

interface Answer {
  nodes: { node_name: string; entries: { stacktrace: string; count: number }[] }[];
}

const DEPTHS = [5, 10, 20, 50];

export default function Profile({ props }: { props: Props }): JSX.Element {
  const depth = useCell().kept("depth", Number(props["depth"] ?? 10) || 10);
  const query = useQuery((signal) => get<Answer>("/3/Profiler", { depth: depth.value }, { signal }), [depth.value]);
  return (
    <div class="screen">
      <div class="screen-head">
        <h2>Profile</h2>
        <span class="soft">Of the server's own process; workers that train are not looked into</span>
        <span class="actions">
          <label class="row">Depth
            <select class="select" value={depth.value} onChange={(event) => (depth.value = Number(event.currentTarget.value))}>
              {[...new Set([...DEPTHS, depth.value])].sort((a, b) => a - b).map((one) => <option key={one}>{one}</option>)}
            </select>
          </label>
          <Button icon="refresh" onClick={query.refresh}>Again</Button>
        </span>
      </div>
      <Loaded query={query}>
        {(answer) => {
          const entries = answer.nodes.flatMap((node) => node.entries);
          const most = Math.max(...entries.map((one) => one.count), 1);
          return (
            <ol class="stacks">
              {entries.map((entry, i) => (
                <li key={i}>
                  <span class="mono numeric">{entry.count}</span>
                  <span class="metric-track"><span style={{ width: `${(entry.count / most) * 100}%` }} /></span>
                  <details open={i === 0}><summary class="mono">{entry.stacktrace.split("\n")[0]}</summary><pre>{entry.stacktrace}</pre></details>
                </li>
              ))}
            </ol>
          );
        }}
      </Loaded>
    </div>
  );
}
