/** A grid search: its models beside their parameters, parallel coordinates, the best so far, and what failed. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { saveBlob } from "../../notebook/files";
import { Chart } from "../../parts/Chart";
import { drawingPicture } from "../../parts/chart-drawing";
import { Button, KeyLink, Loaded, Tabs } from "../../parts/controls";
import { count, number } from "../../parts/format";
import { Table, type Column } from "../../parts/Table";
import { toCsv } from "../../parts/table-model";
import * as calls from "../../rest/calls";
import { changes, keyOf, running } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import type { GridSchemaV99 } from "../../rest/schemas";
import { readTable, type Cell, type ReadTable } from "../../rest/tables";
import { colourOf } from "../../theme/theme";
import { metricTitle } from "../model/curves";

interface Line {
  key: string;
  cells: Cell[];
  score: number | null;
}

const MOST_LABELS = 8;
const LABEL_PX = 13;
const TALL = 260;
const WIDE = 900;

/** One axis for each parameter and the metric; a line for each model. */
function Parallel({ lines, table, metric, hyper, onOpen }: { lines: Line[]; table: ReadTable; metric: string; hyper: string[]; onOpen: (key: string) => void }): JSX.Element {
  const [here, setHere] = useState<string | null>(null);
  const axes = hyper.map((name) => ({ name, i: table.columns.findIndex((column) => column.name === name) })).filter((axis) => axis.i >= 0);
  const scale = (values: (Cell | undefined)[]): ((value: Cell | undefined) => number) => {
    const numbers = values.map((value) => Number(String(value).replace(/[[\]]/g, "")));
    if (numbers.every(Number.isFinite)) {
      const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
      return (value) => (high > low ? (Number(String(value).replace(/[[\]]/g, "")) - low) / (high - low) : 0.5);
    }
    const names = [...new Set(values.map(String))].sort();
    return (value) => (names.length > 1 ? names.indexOf(String(value)) / (names.length - 1) : 0.5);
  };
  const all = [...axes.map((axis) => ({ title: axis.name, of: (line: Line) => line.cells[axis.i] })), { title: metricTitle(metric), of: (line: Line): Cell | undefined => line.score }];
  const scales = all.map((axis) => scale(lines.map(axis.of)));
  const x = (i: number): number => 40 + (i * (WIDE - 80)) / Math.max(all.length - 1, 1);
  const y = (i: number, line: Line): number => TALL - 30 - (scales[i]?.(all[i]?.of(line)) ?? 0) * (TALL - 60);
  // Each value has its text where they are few; else the two ends have.
  const labels = all.map((axis, i) => {
    const found = new Map(lines.map((line) => [y(i, line), axis.of(line)] as const));
    const sorted = [...found].sort((a, b) => b[0] - a[0]);
    const apart = sorted.filter(([place], k) => k === 0 || (sorted[k - 1]?.[0] ?? 0) - place >= LABEL_PX);
    return sorted.length <= MOST_LABELS && apart.length === sorted.length ? sorted : [sorted[0], sorted[sorted.length - 1]].flatMap((one) => (one ? [one] : []));
  });
  const chosen = lines.find((line) => line.key === here);
  const drawing = useRef<SVGSVGElement>(null);
  const image = async (): Promise<void> => {
    if (drawing.current) (await drawingPicture(drawing.current)).toBlob((blob) => blob && saveBlob(blob, "Parallel coordinates.png"));
  };
  const values = (): void => {
    const columns = [{ key: "model", title: "model", value: (line: Line) => line.key }, ...all.map((axis) => ({ key: axis.title, title: axis.title, value: axis.of }))];
    saveBlob(new Blob([toCsv(lines, columns)], { type: "text/csv" }), "Parallel coordinates.csv");
  };
  return (
    <figure class="parallel">
      <div class="chart-head">
        <figcaption class="mono soft grow">{chosen ? `${chosen.key}: ${metric} ${number(chosen.score)}` : `Each line is a model, the thick one the best, ${lines[0]?.key ?? ""}; point at one to see which.`}</figcaption>
        <Button kind="quiet" onClick={image} hint="Save as a picture">PNG</Button>
        <Button kind="quiet" onClick={values} hint="Save the values">CSV</Button>
      </div>
      <svg ref={drawing} viewBox={`0 0 ${WIDE} ${TALL}`} role="img" aria-label="Parallel coordinates">
        {lines.map((line, rank) => (
          <path key={line.key} class={line.key === here ? "here" : rank === 0 && here === null ? "best" : ""} style={{ stroke: `var(${colourOf(line.key)})` }} d={all.map((_, i) => `${i ? "L" : "M"}${x(i)} ${y(i, line)}`).join("")} onPointerEnter={() => setHere(line.key)} onClick={() => onOpen(line.key)}>
            <title>{line.key}</title>
          </path>
        ))}
        {all.map((axis, i) => (
          <g key={axis.title}>
            <line x1={x(i)} x2={x(i)} y1={30} y2={TALL - 30} />
            <text x={x(i)} y={14} text-anchor="middle">{axis.title}</text>
            {labels[i]?.map(([place, value]) => <text key={place} x={x(i) + (i === all.length - 1 ? -6 : 6)} y={place + 4} text-anchor={i === all.length - 1 ? "end" : "start"} class="tick">{number(String(value ?? "").replace(/[[\]]/g, ""))}</text>)}
          </g>
        ))}
      </svg>
    </figure>
  );
}

function Shown({ grid, name }: { grid: GridSchemaV99; name: string }): JSX.Element {
  const open = useOpen();
  const cell = useCell();
  const tab = cell.kept("tab", "Models");
  const chosen = cell.kept<ReadonlySet<string>>("chosen", new Set());
  const table = useMemo(() => (grid.summary_table ? readTable(grid.summary_table) : null), [grid]);
  const hyper = (grid.hyper_names ?? []) as string[];
  const metric = grid.sort_by ?? "";
  const lines = useMemo((): Line[] => {
    if (!table) return [];
    const keyAt = table.columns.findIndex((column) => column.name === "model_ids" || column.name === "model_id");
    const scoreAt = table.columns.length - 1;
    return table.rows.map((cells) => ({ key: String(cells[keyAt] ?? ""), cells, score: cells[scoreAt] === null ? null : Number(cells[scoreAt]) }));
  }, [table]);
  const toggle = (key: string): void => {
    const next = new Set(chosen.value);
    if (!next.delete(key)) next.add(key);
    chosen.value = next;
  };
  const columns: Column<Line>[] = [
    { key: "chosen", title: "", value: (row) => (chosen.value.has(row.key) ? 1 : 0), width: 34, sortable: false, render: (row) => <input type="checkbox" tabIndex={-1} aria-label={`Choose ${row.key}`} checked={chosen.value.has(row.key)} onClick={(event) => { event.stopPropagation(); toggle(row.key); }} /> },
    { key: "key", title: "Model", value: (row) => row.key, width: 280, render: (row) => <span class="row nowrap"><i class="dot" style={{ background: `var(${colourOf(row.key)})` }} /><KeyLink onOpen={() => open("getModel", row.key)}>{row.key}</KeyLink></span> },
    ...(table?.columns ?? []).map((column, i) => ({ column, i })).filter(({ column }) => hyper.includes(column.name)).map(({ column, i }): Column<Line> => {
      const numeric = lines.every((line) => line.cells[i] !== null && Number.isFinite(Number(line.cells[i])));
      return { key: column.name, title: column.name, numeric, width: 140, value: (row) => (numeric ? Number(row.cells[i]) : row.cells[i]) };
    }),
    { key: "score", title: metricTitle(metric), numeric: true, width: 120, value: (row) => row.score },
  ];
  const failures = (grid.failure_details ?? []) as string[];
  const raw = (grid.failed_raw_params ?? []) as unknown as unknown[][];
  const order = useMemo(() => [...lines].sort((a, b) => a.key.localeCompare(b.key, undefined, { numeric: true })), [lines]);
  const larger = /auc|r2|gini/i.test(metric);
  let best: number | null = null;
  const so_far = order.map((line) => {
    if (line.score !== null) best = best === null ? line.score : larger ? Math.max(best, line.score) : Math.min(best, line.score);
    return best;
  });
  const n = lines.filter((line) => chosen.value.has(line.key)).length;
  return (
    <div class="screen">
      <div class="screen-head">
        <h2>Grid search <span class="mono">{name}</span></h2>
        <span class="soft">{count(lines.length, "model")}{failures.length ? ` · ${count(failures.length, "failure")}` : ""} · ordered by {metricTitle(metric)}</span>
        <span class="actions">
          <Button icon="compare" disabled={n < 2 || n > 8} onClick={() => open("compareModels", lines.filter((line) => chosen.value.has(line.key)).map((line) => line.key))}>{n > 1 ? `Compare ${n} models` : "Compare"}</Button>
          {lines[0] && <Button kind="main" icon="eye" onClick={() => open("getModel", lines[0]?.key ?? "")}>View the best</Button>}
        </span>
      </div>
      <Tabs names={["Models", "Parallel coordinates", "Best so far", ...(failures.length ? ["Failures"] : [])]} chosen={tab} label="Parts of the search">
        {tab.value === "Parallel coordinates" && table ? <Parallel lines={lines} table={table} metric={metric} hyper={hyper} onOpen={(key) => open("getModel", key)} />
          : tab.value === "Best so far" ? <Chart label={`Best ${metricTitle(metric)} so far`} x={order.map((_, i) => i + 1)} xTitle="models" height={240} series={[{ name: "best so far", values: so_far, colour: "--series-0" }, { name: "model", values: order.map((line) => line.score), colour: "--series-9", dashed: true }]} />
          : tab.value === "Failures" ? <ol class="column">{failures.map((failure, i) => <li key={i} class="note bad"><div class="grow"><p>{failure}</p>{raw[i] && <p class="soft mono">{hyper.map((parameter, k) => `${parameter} ${String(raw[i]?.[k] ?? "")}`).join(" · ")}</p>}{(grid.failure_stack_traces ?? [])[i] && <details><summary>Trace</summary><pre>{String((grid.failure_stack_traces ?? [])[i])}</pre></details>}</div></li>)}</ol>
          : <Table label="Models of the search" columns={columns} rows={lines} onOpen={(row) => open("getModel", row.key)} height={460} />}
      </Tabs>
    </div>
  );
}

export default function Grid({ props }: { props: Props }): JSX.Element {
  const name = String(props["grid"]);
  const given = { ...(props["sort_by"] ? { sort_by: String(props["sort_by"]) } : {}), ...(typeof props["decreasing"] === "boolean" ? { decreasing: props["decreasing"] } : {}) };
  const query = useQuery((signal) => calls.grid(name, given, signal), [name, changes.value.get(`grid:${name}`)], { kept: useCell().kept("answer", null) });
  const goes = running.value.some((job) => keyOf(job.dest) === name);
  useEffect(() => {
    if (!goes) return;
    const timer = setInterval(query.refresh, 2000);
    return () => clearInterval(timer);
  }, [goes]);
  return <Loaded query={query}>{(grid) => <Shown grid={grid} name={name} />}</Loaded>;
}
