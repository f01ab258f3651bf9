/** An AutoML run as it goes on: its leaderboard, when each model was made, its events; models can be pinned to compare. */
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Button, Choice, KeyLink, Problem, Skeleton, Tabs } from "../../parts/controls";
import { clock, count, number } from "../../parts/format";
import { Table, type Column } from "../../parts/Table";
import * as calls from "../../rest/calls";
import { streaming } from "../../rest/events";
import { boards, runLogs } from "../../rest/live";
import { isRunning, jobs, keyOf } from "../../rest/objects";
import type { AutoMLV99, EventLogEntryV99 } from "../../rest/schemas";
import { useQuery } from "../../rest/query";
import { columnOf, readTable, type Cell, type ReadTable } from "../../rest/tables";
import { colourOf } from "../../theme/theme";
import { JobLine } from "../job/Job";
import { useDetails, useJob } from "../job/useJob";
import { metricTitle } from "../model/curves";

const LIVE_MS = 2000;
const LEVELS = ["All", "INFO", "WARN", "ERROR"] as const;
const LARGER_IS_BETTER = new Set(["auc", "aucpr", "pr_auc", "r2"]);

interface Ranked {
  rank: number;
  key: string;
  cells: Cell[];
}

function algorithmOf(key: string): string {
  return key.split(/_\d|_AutoML|_grid|_All|_Best/)[0]?.replaceAll("_", " ") ?? key;
}

function Board({ table, pinned, onPin }: { table: ReadTable; pinned: ReadonlySet<string>; onPin: (key: string) => void }): JSX.Element {
  const open = useOpen();
  const at = table.columns.findIndex((column) => column.name === "model_id");
  const rows = useMemo(() => table.rows.map((cells, i): Ranked => ({ rank: i + 1, key: String(cells[at] ?? ""), cells })), [table]);
  const metrics = table.columns.map((column, i) => ({ ...column, i })).filter((column) => column.numeric && column.i !== at);
  const ends = useMemo(() => metrics.map(({ i }) => {
    const values = table.rows.map((row) => Number(row[i])).filter(Number.isFinite);
    return [Math.min(...values), Math.max(...values)] as const;
  }), [table]);
  const columns: Column<Ranked>[] = [
    { key: "pin", title: "", value: (row) => (pinned.has(row.key) ? 1 : 0), width: 34, sortable: false, render: (row) => <input type="checkbox" tabIndex={-1} aria-label={`Pin ${row.key}`} checked={pinned.has(row.key)} onClick={(event) => { event.stopPropagation(); onPin(row.key); }} /> },
    { key: "rank", title: "#", value: (row) => row.rank, numeric: true, width: 44 },
    { key: "key", title: "Model", value: (row) => row.key, width: 340, render: (row) => <span class="row nowrap"><i class="dot" style={{ background: `var(${colourOf(row.key)})` }} /><KeyLink onOpen={() => open("getModel", row.key)}>{row.key}</KeyLink></span> },
    { key: "algo", title: "Algorithm", value: (row) => algorithmOf(row.key), width: 130, render: (row) => <span class="chip">{algorithmOf(row.key)}</span> },
    ...metrics.map(({ i, name }, m): Column<Ranked> => ({
      key: name, title: metricTitle(name), numeric: true, width: 128, value: (row) => row.cells[i],
      render: (row) => {
        const [low, high] = ends[m] ?? [0, 1];
        const value = Number(row.cells[i]);
        const place = high > low ? (value - low) / (high - low) : 1;
        const good = LARGER_IS_BETTER.has(name) ? place : 1 - place;
        return <span class="metric-bar" title={String(row.cells[i])}><span class="metric-track"><span style={{ width: `${Math.max(good, 0.02) * 100}%` }} /></span>{number(value)}</span>;
      },
    })),
  ];
  return <Table label="Leaderboard" columns={columns} rows={rows} onOpen={(row) => open("getModel", row.key)} height={460} />;
}

/** When each model began and ended, from the notes of the run. */
function Timeline({ events }: { events: readonly EventLogEntryV99[] }): JSX.Element {
  const begun = new Map<string, number>();
  const bars: { name: string; from: number; to: number }[] = [];
  for (const { timestamp: at, message: told } of events) {
    const message = told ?? "";
    const start = /(?:started|starting|training)\W+([\w.-]+)/i.exec(message);
    const end = /New leader|(?:completed|finished|done|trained|built)\W*([\w.-]*)/i.exec(message);
    const named = /([A-Za-z]+_[\w.-]*AutoML[\w.-]*)/.exec(message)?.[1];
    if (!named) continue;
    if (end) bars.push({ name: named, from: begun.get(named) ?? at, to: at });
    else if (start && !begun.has(named)) begun.set(named, at);
  }
  if (!bars.length) return <p class="soft">No model is finished yet.</p>;
  const low = Math.min(...bars.map((bar) => bar.from));
  const high = Math.max(...bars.map((bar) => bar.to), low + 1);
  return (
    <ul class="bars timeline" aria-label="Models over time">
      {bars.map((bar, i) => (
        <li key={`${bar.name}${i}`}>
          <span class="mono clip" title={bar.name}>{bar.name}</span>
          <span class="bar-track"><span style={{ marginLeft: `${((bar.from - low) / (high - low)) * 100}%`, width: `${Math.max(((bar.to - bar.from) / (high - low)) * 100, 0.6)}%`, background: `var(${colourOf(bar.name)})` }} /></span>
          <span class="mono numeric">{`${((bar.to - low) / 1000).toFixed(1)} s`}</span>
        </li>
      ))}
    </ul>
  );
}

/** The run's leaderboard and log: what the server answers, and what the stream told since then. */
function useRun(key: string, goes: boolean): { answer: AutoMLV99 | null; table: ReadTable | null; events: readonly EventLogEntryV99[]; error: Error | null; refresh: () => void } {
  const query = useQuery((signal) => calls.automl(key, signal), [key], { kept: useCell().kept("answer", null) });
  const polls = goes && !streaming.value;
  useEffect(() => {
    if (!goes) return query.refresh();
    if (!polls) return;
    const timer = setInterval(() => { if (!document.hidden) query.refresh(); }, LIVE_MS);
    return () => clearInterval(timer);
  }, [goes, polls]);
  const answer = query.data;
  const asked = useMemo(() => ({ at: Date.now(), table: answer?.leaderboard_table ? readTable(answer.leaderboard_table) : null }), [answer]);
  const board = boards.value.get(key);
  const log = (answer?.event_log as unknown as { events?: EventLogEntryV99[] } | null)?.events ?? [];
  const told = runLogs.value.get(key) ?? [];
  const table = board && (board.at > asked.at || !asked.table) ? board.table : asked.table;
  return { answer, table, events: told.length > log.length ? told : log, error: query.error, refresh: query.refresh };
}

export default function Leaderboard({ props }: { props: Props }): JSX.Element {
  const key = String(props["automl"]);
  const cell = useCell();
  const open = useOpen();
  const known = jobs.value.find((job) => keyOf(job.dest) === key);
  const job = useJob(String(props["job"] ?? "") || keyOf(known?.key));
  const goes = isRunning(job);
  const told = useDetails(job);
  const { answer, table, events, error, refresh } = useRun(key, goes);
  const tab = cell.kept("tab", "Leaderboard");
  const level = cell.kept<(typeof LEVELS)[number]>("level", "All");
  const pinned = cell.kept<ReadonlySet<string>>("pinned", new Set());
  const pin = (model: string): void => {
    const next = new Set(pinned.value);
    if (!next.delete(model)) next.add(model);
    pinned.value = next;
  };
  const shown = events.filter((event) => level.value === "All" || event.level === level.value || (level.value === "INFO" && event.level !== "DEBUG"));
  const names = ["Leaderboard", "Timeline", "Events"];
  return (
    <div class="screen">
      <div class="screen-head">
        <h2>AutoML <span class="mono">{answer?.project_name ?? key.split("@@")[0]}</span></h2>
        {table && <span class="soft">{count(table.rows.length, "model")}</span>}
        <span class="actions">
          <Button icon="compare" disabled={pinned.value.size < 2 || pinned.value.size > 8} hint="Pin two to eight models" onClick={() => open("compareModels", [...pinned.value])}>{pinned.value.size > 1 ? `Compare ${pinned.value.size} models` : "Compare"}</Button>
          {table?.rows[0] && <Button kind="main" icon="eye" onClick={() => open("getModel", String(columnOf(table, "model_id")[0]))}>View the leader</Button>}
        </span>
      </div>
      {job && <JobLine job={job} told={told} />}
      {error && !table && (goes ? <p class="soft">The run begins…</p> : <Problem error={error} retry={refresh} />)}
      {!answer && !table ? !error && <Skeleton /> : (
        <Tabs names={names} chosen={tab} label="Parts of the run">
          {tab.value === "Timeline" ? <Timeline events={events} /> : tab.value === "Events" ? (
            <div class="column">
              <div class="row"><Choice label="Events shown" options={LEVELS} value={level.value} onChange={(value) => (level.value = value)} /></div>
              <ol class="events" aria-label="Events" tabIndex={0}>
                {shown.map((event, i) => <li key={i}><span class="soft">{clock(event.timestamp)}</span><span class={event.level ?? ""}>{event.level}</span><span class="soft">{event.stage}</span><span>{event.message}</span></li>)}
              </ol>
            </div>
          ) : table?.rows.length ? <Board table={table} pinned={pinned.value} onPin={pin} /> : <p class="soft">The first model is in training.</p>}
        </Tabs>
      )}
    </div>
  );
}
