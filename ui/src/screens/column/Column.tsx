/** One column: its distribution, what is known of it, its levels, and changing its type or filling what is missing. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Chart, type Series } from "../../parts/Chart";
import { Button, KeyLink, Loaded, Menu } from "../../parts/controls";
import { Bars, Histogram, rebin } from "../../parts/drawings";
import { number, percent } from "../../parts/format";
import { Table, type Column as TableColumn } from "../../parts/Table";
import * as calls from "../../rest/calls";
import { changes } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import type { ColV3, FrameV3 } from "../../rest/schemas";
import { seriesVariable } from "../../theme/theme";
import { MOST_CLASSES, splitByTarget, type Split } from "./by-target";

const MOST_BINS = 64;
const MOST_BARS = 12;

interface Level {
  name: string;
  rows: number;
}

function Levels({ column, rows }: { column: ColV3; rows: number }): JSX.Element {
  const levels = useMemo((): Level[] => (column.domain ?? []).map((name, i) => ({ name, rows: column.histogram_bins?.[i] ?? 0 })), [column]);
  const common = useMemo(() => [...levels].sort((a, b) => b.rows - a.rows).slice(0, MOST_BARS), [levels]);
  const columns: TableColumn<Level>[] = [
    { key: "name", title: "Level", value: (row) => row.name, width: 240 },
    { key: "rows", title: "Rows", value: (row) => row.rows, numeric: true, width: 100 },
    { key: "part", title: "Share", value: (row) => (rows ? row.rows / rows : 0), numeric: true, width: 90, render: (row) => percent(rows ? row.rows / rows : 0) },
  ];
  return (
    <div class="two">
      <section class="column">
        <h3>{levels.length > MOST_BARS ? `The ${MOST_BARS} most frequent of ${number(levels.length)} levels` : "Levels"}</h3>
        <Bars label="Rows of each level" items={common.map((level) => ({ name: level.name, value: level.rows, text: percent(rows ? level.rows / rows : 0) }))} />
      </section>
      {levels.length > MOST_BARS && <Table label="Levels" columns={columns} rows={levels} height={320} />}
    </div>
  );
}

function Distribution({ column }: { column: ColV3 }): JSX.Element | null {
  const log = useCell().kept("log", false);
  const all = column.histogram_bins ?? [];
  if (!all.length) return <p class="soft">There is no distribution of a column of this type.</p>;
  const bins = rebin(all, MOST_BINS);
  const width = (column.histogram_stride * all.length) / bins.length;
  return (
    <section class="column">
      <h3>Distribution</h3>
      <Histogram label="Rows by value" bins={bins} log={log.value} tools={<Button kind="quiet" pressed={log.value} onClick={() => (log.value = !log.value)} hint="Logarithmic axis">log</Button>} nameOf={(i) => `${number(column.histogram_base + i * width)} to ${number(column.histogram_base + (i + 1) * width)}`} />
    </section>
  );
}

/** Box plot: quartiles, median, whiskers to the 1st and 99th percentile. */
function Box({ column, percentiles }: { column: ColV3; percentiles: readonly number[] }): JSX.Element | null {
  const at = (part: number): number | null => {
    const i = percentiles.findIndex((value) => Math.abs(value - part) < 1e-9);
    return column.percentiles?.[i] ?? null;
  };
  const [low, q1, median, q3, high] = [0.01, 0.25, 0.5, 0.75, 0.99].map(at);
  const [min, max] = [column.mins?.[0] ?? 0, column.maxs?.[0] ?? 0];
  if (median === null || median === undefined || !(max > min)) return null;
  const x = (value: number | null | undefined): number => (((value ?? min) - min) / (max - min)) * 640;
  return (
    <section class="column">
      <h3>Quartiles</h3>
      <svg viewBox="0 0 640 44" width="100%" height={44} preserveAspectRatio="none" class="box-plot" role="img" aria-label={`Quartiles ${number(q1)}, ${number(median)}, ${number(q3)}`}>
        <g fill="none" stroke="currentColor" stroke-opacity="0.6">
          <path d={`M${x(low)} 22H${x(q1)}M${x(q3)} 22H${x(high)}M${x(low)} 14v16M${x(high)} 14v16`} />
          <rect x={x(q1)} y={8} width={Math.max(x(q3) - x(q1), 1)} height={28} rx={2} fill="var(--accent-soft)" stroke="var(--accent)" />
          <path d={`M${x(median)} 8v28`} stroke="var(--accent)" stroke-width={2.5} stroke-opacity={1} />
        </g>
      </svg>
      <p class="soft mono">{`1 % ${number(low)} · quartiles ${number(q1)} | ${number(median)} | ${number(q3)} · 99 % ${number(high)}`}</p>
    </section>
  );
}

/** The percentiles that the server works out, as a table of two rows. */
function Percentiles({ column, percentiles }: { column: ColV3; percentiles: readonly number[] }): JSX.Element | null {
  const known = percentiles.map((part, i) => [part, column.percentiles?.[i]] as const).filter(([, value]) => typeof value === "number");
  if (!known.length) return null;
  return (
    <section class="column">
      <h3>Percentiles</h3>
      <div class="scrolls" tabIndex={0} role="region" aria-label="Percentiles">
        <table class="plain-table percentiles">
          <thead><tr>{known.map(([part]) => <th key={part} scope="col">{`${Number((part * 100).toFixed(2))} %`}</th>)}</tr></thead>
          <tbody><tr>{known.map(([part, value]) => <td key={part} class="mono" title={String(value)}>{number(value)}</td>)}</tr></tbody>
        </table>
      </div>
    </section>
  );
}

/** Which rows hold a value, which zero, and which none, as one bar. */
function Filled({ column, rows }: { column: ColV3; rows: number }): JSX.Element {
  const zeros = column.type === "int" || column.type === "real" ? column.zero_count : 0;
  const parts: [string, number][] = [["other values", rows - column.missing_count - zeros], ["zero", zeros], ["missing", column.missing_count]];
  const shown = parts.filter(([name, n]) => n > 0 || name === "missing");
  return (
    <div class="column filled">
      <div class="filled-bar" aria-hidden="true">{shown.map(([name, n]) => <span key={name} class={name.split(" ")[0]} style={{ width: `${rows ? (n / rows) * 100 : 0}%` }} />)}</div>
      <p class="row soft">{shown.map(([name, n]) => <span key={name} class="row"><i class={`swatch ${name.split(" ")[0]}`} />{`${name} ${percent(rows ? n / rows : 0)}`}</span>)}</p>
    </div>
  );
}

/** The column's distribution within each class of another one, as parts of that class. */
function ByClass({ split, column, bins }: { split: Split; column: ColV3; bins: { base: number; width: number; count: number } | null }): JSX.Element {
  const places = useMemo(() => (bins ? Array.from({ length: bins.count }, (_, i) => i) : []), [bins?.count]);
  const total = (name: string): number => [...(split.counts.get(name)?.values() ?? [])].reduce((a, b) => a + b, 0);
  const series = useMemo(() => split.classes.map((name, k): Series => {
    const of = total(name);
    return { name, values: places.map((i) => (split.counts.get(name)?.get(String(i)) ?? 0) / (of || 1)), colour: seriesVariable(k), points: false };
  }), [split, places]);
  if (bins) return <Chart label={`${column.label} by class`} x={places.map((i) => bins.base + (i + 0.5) * bins.width)} xTitle={column.label ?? ""} yTitle="part of the class" series={series} height={240} />;
  const levels = (column.domain ?? []).slice(0, 40);
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={`${column.label} by class`}>
      <p class="row soft">{split.classes.map((name, k) => <span key={name} class="row"><i class="swatch" style={{ background: `var(${seriesVariable(k)})` }} /><span class="mono">{name}</span></span>)}</p>
      <table class="plain-table levels">
        <thead><tr><th>{column.label}</th><th class="wide">Parts of the classes</th><th>Rows</th></tr></thead>
        <tbody>
          {levels.map((level) => {
            const counts = split.classes.map((name) => split.counts.get(name)?.get(level) ?? 0);
            const rows = counts.reduce((a, b) => a + b, 0);
            return (
              <tr key={level}>
                <th scope="row" class="mono">{level}</th>
                <td><span class="stacked">{counts.map((n, k) => n > 0 && <span key={k} style={{ width: `${(n / rows) * 100}%`, background: `var(${seriesVariable(k)})` }} title={`${split.classes[k]}: ${n} (${percent(n / rows)})`} />)}</span></td>
                <td class="mono numeric">{number(rows)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Asks for a column of classes, and shows this column within each of them. */
function SplitBy({ frame, name, column }: { frame: FrameV3; name: string; column: ColV3 }): JSX.Element {
  const target = useCell().kept("target", "");
  const [wanted, setWanted] = useState(target.value !== "");
  const all = useQuery((signal) => (wanted ? calls.frameColumns(name, signal) : Promise.resolve(null)), [name, wanted]);
  const columns = all.data?.columns ?? [];
  const targets = columns.filter((one) => one.type === "enum" && one.label !== column.label && (one.domain_cardinality ?? 0) <= MOST_CLASSES);
  const count = Math.min(Math.max(Math.round(Math.sqrt(frame.rows)), 8), 40);
  const [low, high] = [Number(column.mins?.[0] ?? 0), Number(column.maxs?.[0] ?? 0)];
  // Whole numbers of few values have a bin each.
  const few = column.type === "int" && high - low < 40;
  const bins = column.type === "enum" ? null : few ? { base: low, width: 1, count: high - low + 1 } : { base: low, width: (high - low) / count, count };
  const [i, t] = [columns.findIndex((one) => one.label === column.label), columns.findIndex((one) => one.label === target.value)];
  const split = useQuery((signal) => (i >= 0 && t >= 0 && high > low || (i >= 0 && t >= 0 && !bins) ? splitByTarget({ frame: name, column: i, target: t, bins }, signal) : Promise.resolve(null)), [name, i, t, changes.value.get(`frame:${name}`)]);
  return (
    <section class="column">
      <div class="row">
        <h3>By class</h3>
        {!wanted ? <Button onClick={() => setWanted(true)}>Split by a column…</Button> : (
          <select class="select" aria-label="Split by" value={target.value} onChange={(event) => (target.value = event.currentTarget.value)}>
            <option value="">{all.data && !targets.length ? `no column of up to ${MOST_CLASSES} levels` : "choose a column"}</option>
            {targets.map((one) => <option key={one.label} value={one.label ?? ""}>{one.label}</option>)}
          </select>
        )}
      </div>
      {split.error && <p class="soft">{split.error.message}</p>}
      {target.value && split.data && <ByClass split={split.data} column={column} bins={bins} />}
    </section>
  );
}

function facts(column: ColV3, rows: number): [string, string][] {
  const found: [string, string][] = [["Type", column.type ?? ""], ["Rows", number(rows)], ["Missing", `${number(column.missing_count)} (${percent(rows ? column.missing_count / rows : 0)})`]];
  if (column.type === "enum") return [...found, ["Levels", number(column.domain_cardinality)]];
  if (column.type === "string" || column.type === "uuid") return found;
  return [
    ...found, ["Zeros", number(column.zero_count)], ["Mean", number(column.mean)], ["Standard deviation", number(column.sigma)],
    ["Smallest", (column.mins ?? []).slice(0, 3).map((value) => number(value)).join(", ")], ["Largest", (column.maxs ?? []).slice(0, 3).map((value) => number(value)).join(", ")],
    ["Infinite", number(column.positive_infinity_count + column.negative_infinity_count)],
  ];
}

function Shown({ frame, name, label }: { frame: FrameV3; name: string; label: string }): JSX.Element {
  const open = useOpen();
  const column = (frame.columns ?? [])[0] as ColV3;
  const isLevels = column.type === "enum";
  const isNumber = column.type === "int" || column.type === "real" || column.type === "time";
  const convert = ["enum", "numeric", "string"].filter((type) => type !== (isLevels ? "enum" : isNumber ? "numeric" : "string"));
  return (
    <div class="screen">
      <div class="screen-head">
        <h2 class="mono">{label}</h2>
        <span class="chip">{column.type}</span>
        <span class="soft">of <KeyLink onOpen={() => open("getFrameSummary", name)}>{name}</KeyLink></span>
        <span class="actions">
          {convert.map((type) => <Button key={type} onClick={() => open("changeColumnType", { frame: name, column: label, type })}>{`Convert to ${type}`}</Button>)}
          {column.missing_count > 0 && (
            <Menu title="Impute" kind="plain" label="Fill missing values" items={() => (isLevels ? ["mode"] : ["mean", "median"]).map((method) => ({ title: `with the ${method}`, run: () => open("imputeColumn", { frame: name, column: label, method }) }))} />
          )}
        </span>
      </div>
      <div class="two">
        <div class="column">
          {isLevels ? <Levels column={column} rows={frame.rows} /> : <Distribution column={column} />}
          {isNumber && <Box column={column} percentiles={(frame.default_percentiles ?? []).map(Number)} />}
        </div>
        <div class="column">
          <dl class="facts">{facts(column, frame.rows).map(([title, value]) => [<dt key={title}>{title}</dt>, <dd key={`${title}.`} class="mono">{value}</dd>])}</dl>
          <Filled column={column} rows={frame.rows} />
        </div>
      </div>
      {isNumber && <Percentiles column={column} percentiles={(frame.default_percentiles ?? []).map(Number)} />}
      {(isLevels || isNumber) && <SplitBy frame={frame} name={name} column={column} />}
    </div>
  );
}

export default function Column({ props }: { props: Props }): JSX.Element {
  const [name, label] = [String(props["frame"]), String(props["column"])];
  const query = useQuery((signal) => calls.columnSummary(name, label, signal), [name, label, changes.value.get(`frame:${name}`)], { kept: useCell().kept("answer", null) });
  return <Loaded query={query}>{(frame) => <Shown frame={frame} name={name} label={label} />}</Loaded>;
}
