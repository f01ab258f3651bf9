/** The server's log: from a severity on, searched, and as a file. */
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useCell } from "../../notebook/context";
import { saveBlob } from "../../notebook/files";
import { Button, Choice, Loaded } from "../../parts/controls";
import { Table, type Column } from "../../parts/Table";
import { toast } from "../../parts/toasts";
import { download, get, part } from "../../rest/client";
import { useQuery } from "../../rest/query";
import { readLog, type LogLine } from "./meters";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
type Level = (typeof LEVELS)[number];

const COLUMNS: Column<LogLine>[] = [
  { key: "i", title: "#", numeric: true, width: 56, value: (line) => line.i },
  { key: "time", title: "Time", width: 180, value: (line) => line.time },
  { key: "level", title: "Severity", width: 86, value: (line) => line.level, render: (line) => <span class={`severity ${line.level}`}>{line.level}</span> },
  { key: "text", title: "Line", width: 720, value: (line) => line.text, render: (line) => <span title={line.text}>{line.text}</span> },
];

const FOLLOW_MS = 2000;

async function save(): Promise<void> {
  try {
    saveBlob(await download("/3/Logs/download"), "artesian-logs.zip");
  } catch (problem) {
    toast(`The log cannot be downloaded: ${(problem as Error).message}`, "bad");
  }
}

export default function Logs({ props }: { props: Props }): JSX.Element {
  const asked = String(props["file"] ?? "info").toLowerCase() as Level;
  const level = useCell().kept<Level>("level", LEVELS.includes(asked) ? asked : "info");
  const node = String(props["node"] ?? "0");
  const query = useQuery((signal) => get<{ log: string | null }>(`/3/Logs/nodes/${part(node)}/files/${level.value}`, {}, { signal }), [node, level.value]);
  const follows = useCell().kept("follows", false);
  useEffect(() => {
    if (!follows.value) return;
    const timer = setInterval(() => { if (!document.hidden) query.refresh(); }, FOLLOW_MS);
    return () => clearInterval(timer);
  }, [follows.value]);
  const lines = useMemo(() => readLog(query.data?.log ?? ""), [query.data]);
  return (
    <div class="screen">
      <div class="screen-head">
        <h2>Log</h2>
        <span class="soft">The latest lines first</span>
        <span class="actions">
          <Choice label="Least severity" options={LEVELS} value={level.value} onChange={(next) => (level.value = next)} />
          <label class="row" title="Asks for new lines every two seconds"><input type="checkbox" checked={follows.value} onChange={(event) => (follows.value = event.currentTarget.checked)} /> Follow</label>
          <Button icon="refresh" onClick={query.refresh}>Refresh</Button>
          <Button icon="download" onClick={() => void save()}>Download</Button>
        </span>
      </div>
      <Loaded query={query}>
        {() => (lines.length ? <Table label="Log" columns={COLUMNS} rows={lines} height={480} sort={{ key: "i", descending: true }} /> : <p class="soft">The log holds nothing of that severity.</p>)}
      </Loaded>
    </div>
  );
}
