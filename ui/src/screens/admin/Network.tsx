/** How fast messages go: the server's table. */
import type { JSX } from "preact";
import { Button, Loaded } from "../../parts/controls";
import { get } from "../../rest/client";
import { useQuery } from "../../rest/query";
import type { TwoDimTableV3 } from "../../rest/schemas";
import { readTable } from "../../rest/tables";
import { ServerTable } from "../model/Parts";

export default function Network(): JSX.Element {
  const query = useQuery((signal) => get<{ table: TwoDimTableV3 }>("/3/NetworkTest", {}, { signal }), []);
  return (
    <div class="screen">
      <div class="screen-head">
        <h2>Network</h2>
        <span class="soft">Messages of three sizes through the server's own network and back</span>
        <span class="actions"><Button icon="refresh" onClick={query.refresh}>Again</Button></span>
      </div>
      <Loaded query={query}>{(answer) => <ServerTable table={readTable(answer.table)} />}</Loaded>
    </div>
  );
}
