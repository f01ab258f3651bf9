/** One frame: its columns with their types, missing values and distributions; its rows; how it is stored. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useAssist, useCell, useOpen } from "../../notebook/context";
import { saveBlob } from "../../notebook/files";
import { Button, Choice, KeyLink, Loaded, Menu, Tabs } from "../../parts/controls";
import { ShareBar, Sparkline } from "../../parts/drawings";
import { bytes, count, number, percent } from "../../parts/format";
import { confirm } from "../../parts/overlays";
import { Table, type Column } from "../../parts/Table";
import * as calls from "../../rest/calls";
import { download } from "../../rest/client";
import { changes } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import type { ColV3, FrameV3, TwoDimTableV3 } from "../../rest/schemas";
import { readTable } from "../../rest/tables";
import { pictureIn } from "../predict/pictures";
import { Pictures } from "../predict/Pictures";
import { Rows } from "./Rows";

const TABS = ["Columns", "Rows", "Storage"] as const;

interface Described {
  i: number;
  column: ColV3;
}

const finite = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);

function Columns({ frame, name }: { frame: FrameV3; name: string }): JSX.Element {
  const open = useOpen();
  const rows = useMemo(() => (frame.columns ?? []).map((column, i): Described => ({ i: i + 1, column })), [frame]);
  const types = useMemo(() => {
    const found = new Map<string, number>();
    for (const { column } of rows) found.set(column.type ?? "", (found.get(column.type ?? "") ?? 0) + 1);
    return found;
  }, [rows]);
  const [type, setType] = useState("");
  const columns: Column<Described>[] = [
    { key: "i", title: "#", value: (row) => row.i, numeric: true, width: 52 },
    { key: "label", title: "Column", value: (row) => row.column.label, width: 190, render: (row) => <KeyLink onOpen={() => open("getColumnSummary", name, row.column.label ?? "")}>{row.column.label}</KeyLink> },
    { key: "type", title: "Type", value: (row) => row.column.type, width: 72 },
    { key: "shape", title: "Distribution", value: () => null, sortable: false, width: 116, render: (row) => <Sparkline bins={row.column.histogram_bins} label={`Distribution of ${row.column.label}`} /> },
    { key: "missing", title: "Missing", value: (row) => row.column.missing_count, numeric: true, width: 120, render: (row) => <ShareBar part={frame.rows ? row.column.missing_count / frame.rows : 0} tone="bad" /> },
    { key: "levels", title: "Levels", value: (row) => (row.column.type === "enum" ? row.column.domain_cardinality : null), numeric: true, width: 76 },
    { key: "zeros", title: "Zeros", value: (row) => (row.column.type === "string" || row.column.type === "uuid" ? null : row.column.zero_count), numeric: true, width: 84 },
    { key: "min", title: "Min", value: (row) => (row.column.type === "enum" ? null : finite(row.column.mins?.[0])), numeric: true, width: 92 },
    { key: "mean", title: "Mean", value: (row) => (row.column.type === "enum" ? null : finite(row.column.mean)), numeric: true, width: 92 },
    { key: "max", title: "Max", value: (row) => (row.column.type === "enum" ? null : finite(row.column.maxs?.[0])), numeric: true, width: 92 },
    { key: "sigma", title: "Std dev", value: (row) => (row.column.type === "enum" ? null : finite(row.column.sigma)), numeric: true, width: 92 },
  ];
  const some = useMemo(() => (type ? rows.filter((row) => row.column.type === type) : rows), [rows, type]);
  return (
    <Table label="Columns" columns={columns} rows={some} height={500} onOpen={(row) => open("getColumnSummary", name, row.column.label ?? "")} searchLabel="Search columns by name or number"
      tools={types.size > 1 && (
        <select class="select" aria-label="Type" value={type} onChange={(event) => setType(event.currentTarget.value)}>
          <option value="">All types</option>
          {[...types].map(([one, n]) => <option key={one} value={one}>{one} ({n})</option>)}
        </select>
      )} />
  );
}

function Storage({ table }: { table: TwoDimTableV3 | null }): JSX.Element {
  if (!table) return <p class="soft">The server tells nothing about the storage.</p>;
  const read = readTable(table);
  const columns = read.columns.map((column, i): Column<(string | number | null)[]> => ({ key: column.name, title: column.title, numeric: column.numeric, value: (row) => row[i] }));
  return <Table label="Storage" columns={columns} rows={read.rows} />;
}

const WAYS = ["Table", "Pictures"] as const;

/** The rows as a table; as pictures too, where all columns but those of levels are the pixels of one. */
function RowsTab({ name, frame }: { name: string; frame: FrameV3 }): JSX.Element {
  const way = useCell().kept<(typeof WAYS)[number]>("way", "Table");
  const columns = frame.columns ?? [];
  const levels = columns.flatMap((column, i) => (column.type === "enum" ? [i] : []));
  const picture = useMemo(() => pictureIn(columns, new Set(levels)), [frame]);
  const choice = picture && <Choice label="Shown as" options={WAYS} value={way.value} onChange={(value) => (way.value = value)} />;
  if (!picture || way.value === "Table") return <Rows name={name} frame={frame} tools={choice} />;
  return (
    <div class="column">
      <div class="row">{choice}</div>
      <Pictures name={name} frame={frame} picture={picture} caption={(valueOf, row) => [levels.map((i) => String(valueOf(i) ?? "–")).join(" · "), `row ${row + 1}`]} />
    </div>
  );
}

export default function Frame({ props }: { props: Props }): JSX.Element {
  const name = String(props["frame"]);
  const cell = useCell();
  const open = useOpen();
  const assist = useAssist();
  const tab = cell.kept<string>("tab", String(props["tab"] ?? "Columns"));
  const query = useQuery((signal) => calls.frameSummary(name, signal, {}, "frames/columns/percentiles,frames/columns/domain"), [name, changes.value.get(`frame:${name}`)], { kept: useCell().kept("answer", null) });
  const remove = async (): Promise<void> => {
    if (await confirm(`Delete the frame ${name}?`, "Models that were trained on it stay.", "Delete the frame")) open("deleteFrame", name);
  };
  const csv = async (): Promise<void> => saveBlob(await download("/3/DownloadDataset", { frame_id: name }), `${name}.csv`);
  return (
    <Loaded query={query}>
      {(frame) => {
        const cells = frame.rows * (frame.columns ?? []).length;
        const missing = (frame.columns ?? []).reduce((sum, column) => sum + column.missing_count, 0);
        return (
          <div class="screen">
            <div class="screen-head">
              <h2 class="mono">{name}</h2>
              <span class="soft">{count(frame.rows, "row")} × {count(frame.total_column_count, "column")} · {bytes(frame.byte_size)} · {percent(cells ? missing / cells : 0)} missing</span>
              <span class="actions">
                <Button kind="main" icon="model" onClick={() => assist("buildModel", null, { training_frame: name })}>Build model</Button>
                <Button icon="automl" onClick={() => assist("runAutoML", { input_spec: { training_frame: name } })}>AutoML</Button>
                <Button icon="split" onClick={() => assist("splitFrame", name)}>Split</Button>
                <Button icon="predict" onClick={() => assist("predict", { frame: name })}>Predict</Button>
                <Menu icon="more" label="More actions on the frame" items={() => [
                  { title: "Download as CSV", run: () => void csv() },
                  { title: "Write to a file on the server…", run: () => assist("exportFrame", name) },
                  { title: "Impute a column…", run: () => assist("imputeColumn", { frame: name }) },
                  { title: "Merge with another frame…", run: () => assist("mergeFrames", { left: name }) },
                  { title: "Delete the frame", danger: true, run: () => void remove() },
                ]} />
              </span>
            </div>
            <Tabs names={TABS} chosen={tab} label={`Parts of ${name}`}>
              {tab.value === "Rows" ? <RowsTab name={name} frame={frame} /> : tab.value === "Storage" ? <Storage table={frame.chunk_summary as unknown as TwoDimTableV3} /> : <Columns frame={frame} name={name} />}
            </Tabs>
            <p class="unseen">{number(frame.rows)}</p>
          </div>
        );
      }}
    </Loaded>
  );
}
