/** One model: the numbers that matter, then curves, matrix, importances, layers, metrics, parameters and export in tabs. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Argument } from "../../language/print";
import type { Props } from "../../commands/command";
import { useAssist, useCell, useOpen } from "../../notebook/context";
import { Button, Choice, Figures, KeyLink, Loaded, Menu, Tabs } from "../../parts/controls";
import { Confusion } from "../../parts/drawings";
import { count, duration, moment, number } from "../../parts/format";
import { confirm } from "../../parts/overlays";
import * as calls from "../../rest/calls";
import { changes, keyOf, models, running } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import type { ModelSchemaV3 } from "../../rest/schemas";
import { columnOf, type ReadTable } from "../../rest/tables";
import { Chart } from "../../parts/Chart";
import { colourOf } from "../../theme/theme";
import { Binomial } from "./Binomial";
import { Curves } from "./Curves";
import { Importances } from "./Importances";
import { ExportTab, MetricsTab, ParametersTab, ServerTable } from "./Parts";
import { bestMetrics, confusionOf, importancesOf, isSet, keyMetrics, metricsOf, outputOf, parametersOf, tableOf, thresholdsOf, valueText, type Metrics } from "./reading";

const LIVE_MS = 2000;

/** What a model was told, as arguments for another one like it. */
function clone(model: ModelSchemaV3): { [name: string]: Argument } {
  const found: { [name: string]: Argument } = {};
  for (const parameter of parametersOf(model)) {
    if (!isSet(parameter) || parameter.name === "model_id") continue;
    const value = parameter.input_value ?? parameter.actual_value;
    found[parameter.name ?? ""] = typeof value === "object" && value !== null && !Array.isArray(value) ? valueText(value) : (value as Argument);
  }
  return found;
}

function HitRatios({ table }: { table: ReadTable }): JSX.Element {
  const k = columnOf(table, "k").map(Number);
  const ratios = columnOf(table, "hit_ratio").map((cell) => (typeof cell === "number" ? cell : null));
  return <Chart label="Hit ratio" x={k} xTitle="k" series={[{ name: "actual class among the k most likely", values: ratios, colour: "--series-0", points: true }]} height={200} />;
}

interface CountedRows {
  /** Arguments of the command that shows them; null: they cannot be had. */
  rows: { frame: string; predictions?: string } | null;
  note?: string;
}

/** Where the rows that a matrix counts are: their frame, and held-out predictions of them; and how far what is shown is what was counted. */
function rowsOf(model: ModelSchemaV3, part: string, metrics: Metrics): CountedRows {
  const trained = keyOf(model.data_frame);
  if (part === "Cross-validation") {
    const predictions = keyOf(outputOf(model)["cross_validation_holdout_predictions_frame_id"]);
    return predictions && trained ? { rows: { frame: trained, predictions } } : { rows: null, note: "To see the rows of held-out errors, train with keep_cross_validation_predictions." };
  }
  const frame = keyOf(metrics["frame"]) || (part === "Training" ? trained : "");
  if (!frame) return { rows: null, note: "The rows cannot be shown: the server does not tell which frame they are of." };
  const about = String(metrics["description"] ?? "");
  if (/out-of-bag/i.test(about)) return { rows: { frame }, note: "Counted out of the bag, each row by the trees that did not learn from it. A click shows the rows that the whole forest predicts so: other ones, and of errors fewer." };
  if (/sampl/i.test(about)) return { rows: { frame }, note: `${about}. A click on a cell shows its rows of the whole frame.` };
  return { rows: { frame } };
}

function ConfusionTab({ all, model, name: key }: { all: [string, Metrics][]; model: ModelSchemaV3; name: string }): JSX.Element {
  const open = useOpen();
  const chosen = useCell().kept("part", all[all.length - 1]?.[0] ?? "");
  const [name, metrics] = all.find(([part]) => part === chosen.value) ?? (all[0] as [string, Metrics]);
  const matrix = confusionOf(metrics);
  const at = thresholdsOf(metrics);
  const hits = tableOf(metrics["hit_ratio_table"]);
  const own = outputOf(model)["default_threshold"];
  const { rows, note } = rowsOf(model, name, metrics);
  const show = rows === null ? undefined : (actual: string, predicted: string, threshold?: number): void => open("getPredictedRows", { model: key, ...rows, actual, predicted, ...(threshold === undefined ? {} : { threshold }) });
  return (
    <div class="column">
      {all.length > 1 && <div class="row"><Choice label="Rows of" options={all.map(([part]) => part)} value={name} onChange={(part) => (chosen.value = part)} /></div>}
      {at ? <Binomial key={name} at={at} metrics={metrics} own={typeof own === "number" ? own : undefined} onOpen={show} note={note} /> : matrix && <Confusion matrix={matrix} label={`Confusion matrix, ${name.toLowerCase()}`} onOpen={show} note={note} />}
      {hits && hits.rows.length > 1 && <section class="column"><h3>Hit ratios</h3><HitRatios table={hits} /></section>}
    </div>
  );
}

function Shown({ model, name }: { model: ModelSchemaV3; name: string }): JSX.Element {
  const cell = useCell();
  const open = useOpen();
  const assist = useAssist();
  const output = outputOf(model);
  const category = String(output["model_category"] ?? "");
  const best = bestMetrics(output);
  const history = tableOf(output["scoring_history"]);
  const importances = importancesOf(output);
  const summary = tableOf(output["model_summary"]);
  const isNet = summary?.name === "Status of Neuron Layers";
  const matrices = metricsOf(output).filter(([, metrics]) => confusionOf(metrics) !== null);
  const centers = tableOf(output["centers"]);
  const coefficients = tableOf(output["coefficients_table"]);
  const folds = tableOf(output["cross_validation_metrics_summary"]);
  const tabs = [
    "Overview", ...(history?.rows.length ? ["Curves"] : []), ...(matrices.length ? ["Confusion"] : []), ...(importances.length ? ["Importance"] : []),
    ...(isNet ? ["Layers"] : []), ...(coefficients ? ["Coefficients"] : []), ...(centers ? ["Centers"] : []), "Metrics", "Parameters", "Export",
  ];
  const tab = cell.kept("tab", "Overview");
  const frame = keyOf(model.data_frame);
  const figures = best ? keyMetrics(category, best[1]).map((one) => ({ title: one.title, value: number(one.value), hint: String(one.value) })) : [];
  const remove = async (): Promise<void> => {
    if (await confirm(`Delete the model ${name}?`, "Predictions that were made with it stay.", "Delete the model")) open("deleteModel", name);
  };
  const runTime = Number(output["run_time"] ?? NaN);
  return (
    <div class="screen">
      <div class="screen-head">
        <i class="dot" style={{ background: `var(${colourOf(name)})` }} />
        <h2 class="mono">{name}</h2>
        <span class="chip">{model.algo_full_name}</span>
        <span class="soft">{category}{Number.isFinite(runTime) && ` · trained in ${duration(runTime)}`} · {moment(model.timestamp)}</span>
        <span class="actions">
          <Button kind="main" icon="predict" onClick={() => assist("predict", { model: name })}>Predict</Button>
          <Button icon="download" onClick={() => (tab.value = "Export")}>Export</Button>
          <Button icon="copy" onClick={() => assist("buildModel", model.algo ?? "", clone(model))} hint="A form with these parameters">Clone</Button>
          <Menu icon="more" label="More actions on the model" items={() => [
            ...(models.value.length > 1 ? [{ title: "Compare with…", run: () => open("getModels") }] : []),
            { title: "Partial dependence…", run: () => assist("buildPartialDependence", { model_id: name, frame_id: frame || null }) },
            { title: "Write to a file on the server…", run: () => assist("exportModel", name) },
            { title: "Delete the model", danger: true, run: () => void remove() },
          ]} />
        </span>
      </div>
      <Tabs names={tabs} chosen={tab} label={`Parts of ${name}`}>
        {tab.value === "Curves" && history ? <Curves history={history} height={320} />
          : tab.value === "Confusion" && matrices.length ? <ConfusionTab all={matrices} model={model} name={name} />
          : tab.value === "Importance" ? <Importances items={importances} />
          : tab.value === "Layers" && summary ? <ServerTable table={summary} />
          : tab.value === "Coefficients" && coefficients ? <ServerTable table={coefficients} />
          : tab.value === "Centers" && centers ? <ServerTable table={centers} />
          : tab.value === "Metrics" ? <MetricsTab output={output} category={category} />
          : tab.value === "Parameters" ? <ParametersTab model={model} />
          : tab.value === "Export" ? <ExportTab model={model} name={name} />
          : (
            <div class="column overview">
              <p class="soft">{best ? `${best[0]} metrics${best[1]["nobs"] ? ` on ${count(Number(best[1]["nobs"]), "row")}` : ""}` : "No metrics yet."}</p>
              <Figures items={figures} />
              <div class="two">
                {history && history.rows.length > 1 && <section class="column"><h3>Learning</h3><Curves history={history} height={220} /></section>}
                {importances.length > 0 && <section class="column"><h3>Importance</h3><Importances items={importances.slice(0, 10)} /></section>}
              </div>
              <dl class="facts">
                <dt>Trained on</dt><dd>{frame ? <KeyLink onOpen={() => open("getFrameSummary", frame)}>{frame}</KeyLink> : "–"}</dd>
                {model.response_column_name && [<dt key="t">Predicts</dt>, <dd key="d" class="mono">{model.response_column_name}</dd>]}
                {parametersOf(model).filter(isSet).filter((one) => !["model_id", "training_frame", "response_column"].includes(one.name ?? "")).slice(0, 8).map((one) => [<dt key={one.name}>{one.name}</dt>, <dd key={`${one.name}.`} class="mono clip">{valueText(one.actual_value)}</dd>])}
              </dl>
              {summary && !isNet && <section class="column"><h3>{summary.name}</h3><ServerTable table={summary} /></section>}
              {folds && <section class="column"><h3>{folds.name}</h3><ServerTable table={folds} /></section>}
            </div>
          )}
      </Tabs>
    </div>
  );
}

export default function Model({ props }: { props: Props }): JSX.Element {
  const name = String(props["model"]);
  const query = useQuery((signal) => calls.model(name, signal), [name, changes.value.get(`model:${name}`)], { kept: useCell().kept("answer", null) });
  const goes = running.value.some((job) => keyOf(job.dest) === name);
  useEffect(() => {
    if (!goes) return;
    const timer = setInterval(query.refresh, LIVE_MS);
    return () => clearInterval(timer);
  }, [goes]);
  return <Loaded query={query}>{(model) => <Shown model={model} name={name} />}</Loaded>;
}
