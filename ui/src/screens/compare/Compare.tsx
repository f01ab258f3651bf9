/** Two to eight models side by side: metrics with the best marked, parameters that differ, curves over one another. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Chart } from "../../parts/Chart";
import { Choice, KeyLink, Loaded, Tabs } from "../../parts/controls";
import { number } from "../../parts/format";
import * as calls from "../../rest/calls";
import { useQuery } from "../../rest/query";
import type { ModelSchemaV3 } from "../../rest/schemas";
import { colourOf } from "../../theme/theme";
import { curvesOf, metricTitle } from "../model/curves";
import { allMetrics, bestMetrics, outputOf, parametersOf, tableOf, valueText } from "../model/reading";

const LARGER = /^(AUC|pr_auc|r2|Gini|betweenss)$/;

interface One {
  key: string;
  model: ModelSchemaV3;
}

/** Rows of a comparison: a title and a text for each model, the best one known by its place. */
interface Row {
  title: string;
  texts: string[];
  best: number;
}

export function metricRows(models: readonly ModelSchemaV3[]): Row[] {
  const all = models.map((model) => {
    const output = outputOf(model);
    const best = bestMetrics(output);
    return new Map((best ? allMetrics(String(output["model_category"] ?? ""), best[1]) : []).map((one) => [one.field, one]));
  });
  const fields = [...new Set(all.flatMap((one) => [...one.keys()]))].filter((field) => field !== "nobs");
  return fields.map((field) => {
    const values = all.map((one) => one.get(field)?.value ?? null);
    const known = values.filter((value): value is number => value !== null);
    const wanted = LARGER.test(field) ? Math.max(...known) : Math.min(...known);
    return { title: all.find((one) => one.has(field))?.get(field)?.title ?? field, texts: values.map((value) => number(value)), best: known.length > 1 && known.some((value) => value !== wanted) ? values.indexOf(wanted) : -1 };
  });
}

/** Parameters whose values are not the same in all models. */
export function differingParameters(models: readonly ModelSchemaV3[]): Row[] {
  const all = models.map((model) => new Map(parametersOf(model).map((one) => [one.name ?? "", valueText(one.actual_value)])));
  const names = [...new Set(all.flatMap((one) => [...one.keys()]))].filter((name) => name !== "model_id");
  return names
    .map((name) => ({ title: name, texts: all.map((one) => one.get(name) ?? "–"), best: -1 }))
    .filter((row) => new Set(row.texts).size > 1);
}

function Side({ models, rows, label }: { models: One[]; rows: Row[]; label: string }): JSX.Element {
  const open = useOpen();
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={label}>
      <table class="plain-table side">
        <thead>
          <tr><th scope="col" />{models.map((one) => <th key={one.key} scope="col"><i class="dot" style={{ background: `var(${colourOf(one.key)})` }} /> <KeyLink onOpen={() => open("getModel", one.key)}>{one.key}</KeyLink><div class="soft">{one.model.algo_full_name}</div></th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.title}>
              <th scope="row" class="soft">{row.title}</th>
              {row.texts.map((text, i) => <td key={i} class={`mono${i === row.best ? " best" : ""}`} title={text}>{text || "–"}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      {!rows.length && <p class="soft">There is no difference.</p>}
    </div>
  );
}

function Over({ models }: { models: One[] }): JSX.Element {
  const chosen = useCell().kept("metric", "");
  const read = useMemo(() => models.flatMap((one) => {
    const table = tableOf(outputOf(one.model)["scoring_history"]);
    return table ? [{ key: one.key, history: curvesOf(table) }] : [];
  }), [models]);
  const metrics = [...new Set(read.flatMap((one) => one.history.metrics))].filter((name) => read.filter((one) => one.history.metrics.includes(name)).length > 1 || read.length < 2);
  const metric = metrics.includes(chosen.value) ? chosen.value : (metrics[0] ?? "");
  const lines = read.flatMap((one) => one.history.curves.filter((curve) => curve.metric === metric).map((curve) => ({ key: one.key, part: curve.part, x: one.history.x, values: curve.values })));
  const axes = new Set(read.map((one) => one.history.xTitle));
  // Along unlike axes (epochs, trees) curves are laid over by the part of the training that is done.
  const relative = axes.size > 1;
  const places = (x: readonly number[]): number[] => (relative ? x.map((value) => (value / (x[x.length - 1] || 1)) * 100) : [...x]);
  const x = [...new Set(lines.flatMap((line) => places(line.x)))].sort((a, b) => a - b);
  const series = lines.map((line) => {
    const at = new Map(places(line.x).map((place, i) => [place, line.values[i] ?? null]));
    return { name: `${line.key}${line.part ? ` (${line.part})` : ""}`, values: x.map((place) => at.get(place) ?? null), colour: colourOf(line.key), dashed: line.part === "training" && lines.some((other) => other.key === line.key && other.part !== "training") };
  });
  if (!metrics.length) return <p class="soft">These models share no metric along their training.</p>;
  return (
    <div class="column">
      <div class="row"><Choice label="Metric" options={metrics.slice(0, 6).map(metricTitle)} value={metricTitle(metric)} onChange={(title) => (chosen.value = metrics.find((name) => metricTitle(name) === title) ?? "")} /></div>
      <Chart label={`Curves of ${metricTitle(metric)}`} x={x} xTitle={relative ? "% of the training" : ([...axes][0] ?? "step")} series={series} height={320} />
    </div>
  );
}

export default function Compare({ props }: { props: Props }): JSX.Element {
  const keys = Array.isArray(props["models"]) ? props["models"].map(String) : [];
  const tab = useCell().kept("tab", "Metrics");
  const query = useQuery((signal) => Promise.all(keys.map(async (key): Promise<One> => ({ key, model: await calls.model(key, signal) }))), [keys.join("\n")]);
  return (
    <div class="screen">
      <h2>Compare models</h2>
      <Loaded query={query}>
        {(models) => (
          <Tabs names={["Metrics", "Parameters", "Curves"]} chosen={tab} label="Parts of the comparison">
            {tab.value === "Parameters" ? <Side models={models} rows={differingParameters(models.map((one) => one.model))} label="Parameters that differ" />
              : tab.value === "Curves" ? <Over models={models} />
              : <Side models={models} rows={metricRows(models.map((one) => one.model))} label="Metrics" />}
          </Tabs>
        )}
      </Loaded>
    </div>
  );
}
