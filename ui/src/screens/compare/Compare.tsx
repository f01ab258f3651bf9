/** Two to eight models side by side: metrics with the best marked, parameters that differ, curves over one another. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Chart, type Series } from "../../parts/Chart";
import { Choice, KeyLink, Loaded, Tabs } from "../../parts/controls";
import { full, number } from "../../parts/format";
import * as calls from "../../rest/calls";
import { useQuery } from "../../rest/query";
import type { ModelSchemaV3 } from "../../rest/schemas";
import { colourOf, patternOf } from "../../theme/theme";
import { curvesOf, metricTitle } from "../model/curves";
import { allMetrics, alongX, bestMetrics, metricsOf, outputOf, parametersOf, tableOf, thresholdsOf, valueText } from "../model/reading";

const LARGER = /^(AUC|pr_auc|r2|Gini|betweenss|loglikelihood)$/;
/** Numbers that make no model better. */
const UNRANKED = /degrees_of_freedom|^null_deviance$/;
const BEST = "Best available";
const METRIC_PARTS = [BEST, "Training", "Validation", "Cross-validation"] as const;
const SHOWN = ["That differ", "All"] as const;
const KINDS = ["Learning", "ROC", "Precision and recall"] as const;

interface One {
  key: string;
  model: ModelSchemaV3;
}

/** Rows of a comparison: a title, a text for each model with its full value, and which of them is best. */
interface Row {
  title: string;
  texts: string[];
  full: string[];
  best: number;
}

export function metricRows(models: readonly ModelSchemaV3[], part: string = BEST): Row[] {
  const all = models.map((model) => {
    const output = outputOf(model);
    const metrics = part === BEST ? bestMetrics(output)?.[1] : metricsOf(output).find(([name]) => name === part)?.[1];
    return new Map((metrics ? allMetrics(String(output["model_category"] ?? ""), metrics) : []).map((one) => [one.field, one]));
  });
  const fields = [...new Set(all.flatMap((one) => [...one.keys()]))].filter((field) => field !== "nobs");
  return fields.map((field) => {
    const values = all.map((one) => one.get(field)?.value ?? null);
    const known = values.filter((value): value is number => value !== null);
    const wanted = LARGER.test(field) ? Math.max(...known) : Math.min(...known);
    const best = UNRANKED.test(field) || known.length < 2 || known.every((value) => value === wanted) ? -1 : values.indexOf(wanted);
    return { title: all.find((one) => one.has(field))?.get(field)?.title ?? field, texts: values.map((value) => number(value)), full: values.map(full), best };
  });
}

/** Parameters side by side: those whose values are not the same in all models, or all of them. */
export function parameterRows(models: readonly ModelSchemaV3[], differing: boolean): Row[] {
  const all = models.map((model) => new Map(parametersOf(model).map((one) => [one.name ?? "", valueText(one.actual_value)])));
  const names = [...new Set(all.flatMap((one) => [...one.keys()]))].filter((name) => name !== "model_id");
  return names
    .map((name) => {
      const texts = all.map((one) => one.get(name) ?? "–");
      return { title: name, texts, full: texts, best: -1 };
    })
    .filter((row) => !differing || new Set(row.texts).size > 1);
}

/** The colour of a model as it is drawn in charts. */
function Dot({ name }: { name: string }): JSX.Element {
  return <i class={`dot pattern-${patternOf(name) % 3}`} style={{ background: `var(${colourOf(name)})`, color: `var(${colourOf(name)})` }} />;
}

function Side({ models, rows, label }: { models: One[]; rows: Row[]; label: string }): JSX.Element {
  const open = useOpen();
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={label}>
      <table class="plain-table side">
        <thead>
          <tr><th scope="col" />{models.map((one) => <th key={one.key} scope="col"><Dot name={one.key} /> <KeyLink onOpen={() => open("getModel", one.key)}>{one.key}</KeyLink><div class="soft">{one.model.algo_full_name}</div></th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.title}>
              <th scope="row" class="soft">{row.title}</th>
              {row.texts.map((text, i) => <td key={i} class={`mono${i === row.best ? " best" : ""}`} title={row.full[i]}>{text || "–"}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      {!rows.length && <p class="soft">There is no difference.</p>}
    </div>
  );
}

function Metrics({ models }: { models: One[] }): JSX.Element {
  const chosen = useCell().kept<string>("metricsOf", BEST);
  const parts = METRIC_PARTS.filter((part) => part === BEST || models.some((one) => metricsOf(outputOf(one.model)).some(([name]) => name === part)));
  const used = [...new Set(models.map((one) => bestMetrics(outputOf(one.model))?.[0] ?? "no metrics"))];
  const part = parts.find((name) => name === chosen.value) ?? BEST;
  return (
    <div class="column">
      {parts.length > 2 && <div class="row"><Choice label="Metrics on" options={parts} value={part} onChange={(value) => (chosen.value = value)} /></div>}
      <Side models={models} rows={metricRows(models.map((one) => one.model), part)} label="Metrics" />
      {part === BEST && <p class="soft">{used.length > 1 ? `Not measured alike: ${models.map((one) => `${one.key} by ${(bestMetrics(outputOf(one.model))?.[0] ?? "nothing").toLowerCase()}`).join(", ")}.` : `${used[0]} metrics; the best of each row is marked. Held-out metrics are preferred to those on the training rows.`}</p>}
    </div>
  );
}

function Parameters({ models }: { models: One[] }): JSX.Element {
  const shown = useCell().kept<(typeof SHOWN)[number]>("parametersShown", "That differ");
  return (
    <div class="column">
      <div class="row"><Choice label="Parameters" options={SHOWN} value={shown.value} onChange={(value) => (shown.value = value)} /></div>
      <Side models={models} rows={parameterRows(models.map((one) => one.model), shown.value === "That differ")} label={shown.value === "That differ" ? "Parameters that differ" : "All parameters"} />
    </div>
  );
}

/** Lines of several models over one another: all places of all of them, with gaps where a model has none. */
function overlaid(lines: readonly { key: string; x: readonly number[]; y: readonly (number | null)[] }[]): { x: number[]; series: Series[] } {
  const x = [...new Set(lines.flatMap((line) => line.x))].sort((a, b) => a - b);
  const series = lines.map((line): Series => {
    const at = new Map(line.x.map((place, i) => [place, line.y[i] ?? null]));
    return { name: line.key, values: x.map((place) => at.get(place) ?? null), colour: colourOf(line.key), pattern: patternOf(line.key), points: line.x.length < 3 };
  });
  return { x, series };
}

function Learning({ models }: { models: One[] }): JSX.Element {
  const cell = useCell();
  const [chosen, chosenPart] = [cell.kept("metric", ""), cell.kept("learningPart", "")];
  const read = useMemo(() => models.flatMap((one) => {
    const table = tableOf(outputOf(one.model)["scoring_history"]);
    return table ? [{ key: one.key, history: curvesOf(table) }] : [];
  }), [models]);
  const metrics = [...new Set(read.flatMap((one) => one.history.metrics))].filter((name) => read.filter((one) => one.history.metrics.includes(name)).length > 1 || read.length < 2);
  const metric = metrics.includes(chosen.value) ? chosen.value : (metrics[0] ?? "");
  const having = (part: string): number => read.filter((one) => one.history.curves.some((curve) => curve.metric === metric && (curve.part || "training") === part)).length;
  const parts = ["training", "validation", "cross-validation"].filter((part) => having(part));
  // Held-out scores say more, where all models have them.
  const part = parts.find((name) => name === chosenPart.value) ?? [...parts].reverse().find((name) => having(name) === read.length) ?? parts[0] ?? "training";
  const axes = new Set(read.map((one) => one.history.xTitle));
  // Along unlike axes (epochs, trees) curves are laid over by the part of the training that is done.
  const relative = axes.size > 1;
  const { x, series } = useMemo(() => overlaid(read.flatMap((one) => one.history.curves.filter((curve) => curve.metric === metric && (curve.part || "training") === part).map((curve) => ({
    key: one.key, x: relative ? one.history.x.map((value) => (value / (one.history.x[one.history.x.length - 1] || 1)) * 100) : one.history.x, y: curve.values,
  })))), [read, metric, part]);
  if (!metrics.length) return <p class="soft">These models share no metric along their training.</p>;
  const without = read.length - series.length;
  return (
    <div class="column">
      <div class="row">
        <Choice label="Metric" options={metrics.slice(0, 6).map(metricTitle)} value={metricTitle(metric)} onChange={(title) => (chosen.value = metrics.find((name) => metricTitle(name) === title) ?? "")} />
        {parts.length > 1 && <Choice label="Scores on" options={parts} value={part} onChange={(value) => (chosenPart.value = value)} />}
      </div>
      <Chart label={`Curves of ${metricTitle(metric)}`} x={x} xTitle={relative ? "% of the training" : ([...axes][0] ?? "step")} series={series} height={320} />
      {without > 0 && <p class="soft">{`${number(without)} of these models ${without === 1 ? "has" : "have"} no such scores along the training.`}</p>}
    </div>
  );
}

/** Curves of two-class models at all thresholds. */
function OfThresholds({ models, which }: { models: One[]; which: "ROC" | "Precision and recall" }): JSX.Element {
  const read = useMemo(() => overlaid(models.flatMap((one) => {
    const best = bestMetrics(outputOf(one.model));
    const at = best && thresholdsOf(best[1]);
    if (!at) return [];
    return [{ key: one.key, ...(which === "ROC" ? alongX([0, ...at.fpr], [0, ...at.tpr]) : alongX(at.recall, at.precision)) }];
  })), [models, which]);
  const parts = [...new Set(models.map((one) => (bestMetrics(outputOf(one.model))?.[0] ?? "no").toLowerCase()))];
  return (
    <div class="column">
      <Chart label={`${which} of the models`} x={read.x} xTitle={which === "ROC" ? "false positive rate" : "recall"} yTitle={which === "ROC" ? "true positive rate" : "precision"}
        series={read.series.map((one) => ({ ...one, points: false }))} unit diagonal={which === "ROC"} height={360} />
      <p class="soft">{`By ${parts.join(" and ")} metrics.`}</p>
    </div>
  );
}

function Curves({ models }: { models: One[] }): JSX.Element {
  const kind = useCell().kept<(typeof KINDS)[number]>("curves", "Learning");
  const binomial = models.every((one) => { const best = bestMetrics(outputOf(one.model)); return best && thresholdsOf(best[1]); });
  return (
    <div class="column">
      {binomial && <div class="row"><Choice label="Curves" options={KINDS} value={kind.value} onChange={(value) => (kind.value = value)} /></div>}
      {binomial && kind.value !== "Learning" ? <OfThresholds models={models} which={kind.value} /> : <Learning models={models} />}
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
            {tab.value === "Parameters" ? <Parameters models={models} /> : tab.value === "Curves" ? <Curves models={models} /> : <Metrics models={models} />}
          </Tabs>
        )}
      </Loaded>
    </div>
  );
}
