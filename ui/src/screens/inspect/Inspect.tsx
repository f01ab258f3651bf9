/** The tables within a result, by name: what `inspect` and `grid inspect` show. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { useCell } from "../../notebook/context";
import { Loaded } from "../../parts/controls";
import * as calls from "../../rest/calls";
import { useQuery } from "../../rest/query";
import { tablesIn, type ReadTable } from "../../rest/tables";
import { ServerTable } from "../model/Parts";

async function answerOf(kind: string, key: string, second: string, signal: AbortSignal): Promise<unknown> {
  switch (kind) {
    case "model":
      return (await calls.model(key, signal)).output;
    case "grid":
      return calls.grid(key, {}, signal);
    case "leaderboard":
      return calls.automl(key, signal);
    case "prediction":
      return calls.metrics(key, second, signal);
    default:
      return calls.frameSummary(key, signal);
  }
}

/** Letters and digits of a name: "output - Scoring History" and "Scoring History" mean the same table. */
function bare(name: string): string {
  return name.toLowerCase().replace(/^.*? - /, "").replace(/[^a-z0-9]/g, "");
}

export default function Inspect({ props }: { props: Props }): JSX.Element {
  const [kind, key, second] = [String(props["kind"]), String(props["key"]), String(props["second"] ?? "")];
  const wanted = typeof props["table"] === "string" ? props["table"] : "";
  const chosen = useCell().kept("table", wanted);
  const query = useQuery(async (signal) => tablesIn(await answerOf(kind, key, second, signal)).filter((table) => table.rows.length), [kind, key, second]);
  return (
    <div class="screen">
      <h2>Tables of <span class="mono">{key}</span></h2>
      <Loaded query={query}>
        {(tables) => {
          const table: ReadTable | undefined = tables.find((one) => bare(one.name) === bare(chosen.value)) ?? tables[0];
          if (!table) return <p class="soft">There are no tables in it.</p>;
          return (
            <div class="column">
              {wanted && bare(table.name) !== bare(wanted) && chosen.value === wanted && <p class="soft">{`There is no table '${wanted}'; these are there:`}</p>}
              <div><select class="select" aria-label="Table" value={table.name} onChange={(event) => (chosen.value = event.currentTarget.value)}>{tables.map((one, i) => <option key={i}>{one.name}</option>)}</select></div>
              <ServerTable table={table} />
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}
