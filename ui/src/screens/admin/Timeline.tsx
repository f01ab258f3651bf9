/** The requests that the server answered last. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Button, Loaded } from "../../parts/controls";
import { duration } from "../../parts/format";
import { Table, type Column } from "../../parts/Table";
import { get } from "../../rest/client";
import { useQuery } from "../../rest/query";
import { readEvent, type Event, type Happened } from "./traffic";

const COLUMNS: Column<Happened>[] = [
  { key: "time", title: "Time", width: 120, value: (row) => row.time },
  { key: "method", title: "Method", width: 80, value: (row) => row.method },
  { key: "path", title: "Path", width: 460, value: (row) => row.path },
  { key: "status", title: "Status", numeric: true, width: 76, value: (row) => row.status },
  { key: "took", title: "Took", numeric: true, width: 90, value: (row) => row.took, render: (row) => (row.took === null ? "" : duration(row.took)) },
  { key: "from", title: "From", width: 160, value: (row) => row.from },
];

export default function Timeline(): JSX.Element {
  const query = useQuery((signal) => get<{ events: Event[] | null }>("/3/Timeline", {}, { signal }), []);
  const rows = useMemo(() => (query.data?.events ?? []).map(readEvent).reverse(), [query.data]);
  return (
    <div class="screen">
      <div class="screen-head">
        <h2>Timeline</h2>
        <span class="soft">The last requests, newest first</span>
        <span class="actions"><Button icon="refresh" onClick={query.refresh}>Refresh</Button></span>
      </div>
      <Loaded query={query}>{() => <Table label="Timeline" columns={COLUMNS} rows={rows} height={480} />}</Loaded>
    </div>
  );
}
