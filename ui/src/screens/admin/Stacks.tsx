/** What each thread of the server is at. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Loaded, Search } from "../../parts/controls";
import { get } from "../../rest/client";
import { useQuery } from "../../rest/query";

interface Answer {
  traces: { node: string; thread_traces: string[] }[];
}

export default function Stacks(): JSX.Element {
  const query = useQuery((signal) => get<Answer>("/3/JStack", {}, { signal }), []);
  const [typed, setTyped] = useState("");
  return (
    <div class="screen">
      <div class="screen-head">
        <h2>Stack traces</h2>
        <span class="actions"><Search label="Search the traces" value={typed} onInput={setTyped} /><Button icon="refresh" onClick={query.refresh}>Again</Button></span>
      </div>
      <Loaded query={query}>
        {(answer) => {
          const found = answer.traces.flatMap((node) => node.thread_traces).filter((trace) => trace.toLowerCase().includes(typed.toLowerCase()));
          if (!found.length) return <p class="soft">No thread has that in its trace.</p>;
          return (
            <ul class="stacks">
              {found.map((trace, i) => {
                const lines = trace.trimEnd().split("\n");
                const last = lines.filter((line) => line.trim().startsWith("File")).pop()?.trim() ?? "";
                return <li key={i}><details><summary><b class="mono">{(lines[0] ?? "").replaceAll('"', "")}</b> <span class="soft mono">{last}</span></summary><pre>{lines.slice(1).join("\n")}</pre></details></li>;
              })}
            </ul>
          );
        }}
      </Loaded>
    </div>
  );
}
