/** Partial dependence: a curve with its deviation for a numeric column, bars for levels, a heat map for a pair; by class. */
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Chart, type Series } from "../../parts/Chart";
import { Button, KeyLink, Loaded, Note, Problem, Progress, Tabs } from "../../parts/controls";
import { number } from "../../parts/format";
import { cancelJob } from "../../rest/calls";
import { get, part } from "../../rest/client";
import { isRunning, keyOf } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import type { TwoDimTableV3 } from "../../rest/schemas";
import { readTable, type ReadTable } from "../../rest/tables";
import { useJob } from "../job/useJob";
import { ServerTable } from "../model/Parts";
import { byColumn, planes, range, split, type OfColumn, type Plane } from "./dependence";

interface Answer {
  model_id: unknown;
  frame_id: unknown;
  partial_dependence_data: TwoDimTableV3[] | null;
}

const SERIES = 10;
const shown = (value: unknown): string => (value === null ? "missing" : typeof value === "number" ? number(value) : String(value));

function OfNumbers({ of }: { of: OfColumn }): JSX.Element {
  const all = of.curves.map(split);
  const series = of.curves.flatMap((curve, i): Series[] => {
    const one = all[i] as ReturnType<typeof split>;
    const colour = `--series-${i % SERIES}`;
    const name = curve.target || "mean";
    return [
      { name, values: one.mean, colour, points: one.x.length < 30 },
      { name: `${name} + deviation`, values: one.high, colour, dashed: true, edge: "high", of: name },
      { name: `${name} − deviation`, values: one.low, colour, dashed: true, edge: "low", of: name },
    ];
  });
  const missing = all.map((one, i) => ({ name: of.curves[i]?.target ?? "", value: one.missing })).filter((one) => one.value !== null);
  return (
    <>
      <Chart label={`Partial dependence on ${of.column}`} x={all[0]?.x ?? []} xTitle={of.column} yTitle="mean prediction" series={series} height={300} />
      {missing.length > 0 && <p class="soft">Where the value is missing: {missing.map((one) => `${one.name ? `${one.name} ` : ""}${number(one.value)}`).join(", ")}.</p>}
    </>
  );
}

/** Mean and deviation of each level, on one scale. */
function OfLevels({ of }: { of: OfColumn }): JSX.Element {
  const ends = of.curves.flatMap((curve) => curve.mean.flatMap((mean, i) => (mean === null ? [] : [mean - (curve.deviation[i] ?? 0), mean + (curve.deviation[i] ?? 0)])));
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const at = (value: number): number => ((value - least) / (most - least || 1)) * 100;
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={`Partial dependence on ${of.column}`}>
      <table class="plain-table levels">
        <thead><tr><th>{of.column}</th>{of.curves.length > 1 && <th>Class</th>}<th class="wide">Mean and deviation</th><th>Mean</th><th>Deviation</th></tr></thead>
        <tbody>
          {(of.curves[0]?.points ?? []).flatMap((point, i) => of.curves.map((curve, k) => {
            const [mean, deviation] = [curve.mean[i] ?? 0, curve.deviation[i] ?? 0];
            return (
              <tr key={`${i} ${k}`}>
                <th class="mono">{k === 0 ? String(point ?? "").replace(".missing(NA)", "missing") : ""}</th>
                {of.curves.length > 1 && <td class="mono">{curve.target}</td>}
                <td>
                  <svg viewBox="0 0 100 12" preserveAspectRatio="none" class="level-bar" aria-hidden="true" style={{ color: `var(--series-${k % SERIES})` }}>
                    <rect x={Math.min(at(0), at(mean))} y="2" width={Math.abs(at(mean) - at(0))} height="8" />
                    <line x1={at(mean - deviation)} x2={at(mean + deviation)} y1="6" y2="6" />
                  </svg>
                </td>
                <td class="mono numeric">{number(curve.mean[i])}</td>
                <td class="mono numeric">{number(curve.deviation[i])}</td>
              </tr>
            );
          }))}
        </tbody>
      </table>
    </div>
  );
}

function Heat({ plane }: { plane: Plane }): JSX.Element {
  const [at, setAt] = useState<[number, number] | null>(null);
  const [least, most] = range(plane);
  const [a, b] = plane.columns;
  const words = at ? `${a} ${shown(plane.x[at[0]] ?? null)}, ${b} ${shown(plane.y[at[1]] ?? null)}: ${number(plane.mean[at[1]]?.[at[0]])}` : `Mean prediction, from ${number(least)} to ${number(most)}`;
  return (
    <figure class="heat">
      <figcaption class="mono soft" aria-live="polite">{words}</figcaption>
      <div class="row soft"><span class="mono">{number(least)}</span><span class="heat-scale" aria-hidden="true" /><span class="mono">{number(most)}</span></div>
      <div class="scrolls" tabIndex={0} role="region" aria-label={`Partial dependence on ${a} and ${b}`} onPointerLeave={() => setAt(null)}>
        <table>
          <caption class="unseen">Mean prediction: columns are values of {a}, rows are values of {b}</caption>
          <tbody>
            {plane.y.map((_, row) => plane.y.length - 1 - row).map((j) => (
              <tr key={j}>
                <th scope="row" class="mono">{shown(plane.y[j] ?? null)}</th>
                {plane.x.map((_, i) => {
                  const mean = plane.mean[j]?.[i] ?? null;
                  const part = mean === null ? 0 : (mean - least) / (most - least || 1);
                  return <td key={i} style={{ "--strength": `${Math.round(part * 100)}%` }} class={mean === null ? "none" : ""} onPointerEnter={() => setAt([i, j])}><span class="unseen">{number(mean)}</span></td>;
                })}
              </tr>
            ))}
            <tr><th class="mono soft">{b} ↑ {a} →</th>{plane.x.map((value, i) => <th key={i} scope="col" class="mono">{shown(value)}</th>)}</tr>
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function Tables({ tables }: { tables: readonly ReadTable[] }): JSX.Element {
  return <div class="column">{tables.map((table, i) => <section key={i} class="column"><h3>{table.description}</h3><ServerTable table={table} /></section>)}</div>;
}

function Shown({ answer }: { answer: Answer }): JSX.Element {
  const open = useOpen();
  const tables = useMemo(() => (answer.partial_dependence_data ?? []).map(readTable), [answer]);
  const [columns, pairs] = useMemo(() => [byColumn(tables), planes(tables)], [tables]);
  const names = [...columns.map((one) => one.column), ...pairs.map((one) => `${one.columns.join(" × ")}${one.target ? ` (${one.target})` : ""}`), "Numbers"];
  const tab = useCell().kept("tab", names[0] ?? "Numbers");
  const i = Math.max(names.indexOf(tab.value), 0);
  const of = columns[i];
  const plane = pairs[i - columns.length];
  const [model, frame] = [keyOf(answer.model_id), keyOf(answer.frame_id)];
  return (
    <div class="screen">
      <div class="screen-head">
        <h2>Partial dependence</h2>
        <span class="soft">of <KeyLink onOpen={() => open("getModel", model)}>{model}</KeyLink> on <KeyLink onOpen={() => open("getFrameSummary", frame)}>{frame}</KeyLink></span>
      </div>
      <Tabs names={names} chosen={tab} label="Columns">
        {of ? (of.numeric ? <OfNumbers of={of} /> : <OfLevels of={of} />) : plane ? <Heat plane={plane} /> : <Tables tables={tables} />}
      </Tabs>
      <p class="soft prose">The mean prediction over all rows if the column had that value in each of them; the band is one standard deviation over the rows. Where columns depend on each other, some of these rows could not exist.</p>
    </div>
  );
}

function Fetched({ name }: { name: string }): JSX.Element {
  const query = useQuery((signal) => get<Answer>(`/3/PartialDependence/${part(name)}`, {}, { signal }), [name], { kept: useCell().kept("answer", null) });
  return <Loaded query={query}>{(answer) => <Shown answer={answer} />}</Loaded>;
}

function Waiting({ name, job }: { name: string; job: string }): JSX.Element {
  const state = useJob(job);
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    // A job that the server has forgotten tells nothing: its result is asked for by its key.
    const timer = setTimeout(() => setPatient(false), 4000);
    return () => clearTimeout(timer);
  }, []);
  if (state?.status === "FAILED") return <Problem error={new Error(state.exception || "The job failed.")} />;
  if (state?.status === "CANCELLED") return <Note tone="warn">It was cancelled before it was done.</Note>;
  if (state ? isRunning(state) : patient) {
    return <div class="job-line"><Progress part={state?.progress ?? null} label="Partial dependence" /><span class="soft">{state ? "Predicting…" : "Asking…"}</span>{state && <Button icon="stop" onClick={() => void cancelJob(job)}>Cancel</Button>}</div>;
  }
  return <Fetched name={name} />;
}

export default function Partial({ props }: { props: Props }): JSX.Element {
  const [name, job] = [String(props["key"]), String(props["job"] ?? "")];
  return job ? <Waiting name={name} job={job} /> : <Fetched name={name} />;
}
