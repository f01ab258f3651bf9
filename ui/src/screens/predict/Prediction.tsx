/** How a model does on a frame: its metrics, matrix, and the predicted rows with their probabilities. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { saveBlob } from "../../notebook/files";
import { Button, Choice, Figures, KeyLink, Loaded, Tabs } from "../../parts/controls";
import { Confusion } from "../../parts/drawings";
import { count, number } from "../../parts/format";
import * as calls from "../../rest/calls";
import { download } from "../../rest/client";
import { changes, keyOf } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import type { FrameV3 } from "../../rest/schemas";
import { Rows, type Shown } from "../frame/Rows";
import { Binomial } from "../model/Binomial";
import { MetricsTab } from "../model/Parts";
import { confusionOf, keyMetrics, thresholdOf, thresholdsOf, type Metrics } from "../model/reading";
import { called, probabilities } from "./columns";
import { pictureIn } from "./pictures";
import { Pictures } from "./Pictures";

const WAYS = ["Table", "Pictures"] as const;

interface Both {
  predicted: FrameV3;
  frame: FrameV3 | null;
  response: string;
}

/** The columns of predictions, then those of the frame that was predicted: classes with their probabilities as bars, beside the actual value. */
function columnsOf({ predicted, frame, response }: Both): { first: Shown[]; then: Shown[] } {
  const made = predicted.columns ?? [];
  const classes = made[0]?.label === "predict" && made[0].type === "enum" ? [...(made[0].domain ?? [])] : [];
  const at = (frame?.columns ?? []).findIndex((column) => column.label === response);
  const bars = made.length > classes.length ? probabilities(classes, made.slice(1).map((column) => column.label ?? ""), 0, 1, [0, 0]) : [];
  const first: Shown[] = [
    ...(at >= 0 ? [{ source: 1, column: at, title: `${response} (actual)`, width: Math.min(response.length * 7.4 + 96, 240) }] : []),
    { source: 0, column: 0, width: 110, ...(classes.length && at >= 0 ? { render: (value: string | number | null, valueOf: (source: number, column: number) => string | number | null) => called(value, valueOf(1, at)) } : {}) },
    ...bars,
    ...made.flatMap((_, column) => (column === 0 || (bars.length && column <= classes.length) ? [] : [{ source: 0, column }])),
  ];
  return { first, then: (frame?.columns ?? []).flatMap((_, column) => (column === at ? [] : [{ source: 1, column }])) };
}

function PredictedRows({ name, model, frame, canBeWrong }: { name: string; model: string; frame: string; canBeWrong: boolean }): JSX.Element {
  const open = useOpen();
  const way = useCell().kept<(typeof WAYS)[number]>("way", "Table");
  const query = useQuery(async (signal): Promise<Both> => {
    const [predicted, told, known] = await Promise.all([
      calls.frameColumns(name, signal),
      calls.model(model, signal, "models/output,models/parameters").catch(() => null),
      calls.frameSummary(frame, signal, {}, "frames/columns/percentiles,frames/columns/histogram_bins,frames/columns/domain").catch(() => null),
    ]);
    // Predictions stand beside their rows only where there are as many of them.
    return { predicted, frame: known?.rows === predicted.rows ? known : null, response: told?.response_column_name ?? "" };
  }, [name, model, frame]);
  const both = query.data;
  const columns = useMemo(() => (both ? columnsOf(both) : { first: [], then: [] }), [both]);
  const picture = useMemo(() => (both?.frame ? pictureIn(both.frame.columns ?? [], new Set((both.frame.columns ?? []).flatMap((column, i) => (column.label === both.response ? [i] : [])))) : null), [both]);
  const tools = (
    <>
      {picture && <Choice label="Shown as" options={WAYS} value={way.value} onChange={(value) => (way.value = value)} />}
      {canBeWrong && both?.frame && <Button onClick={() => open("getPredictedRows", { model, frame, predictions: name })} hint="All rows, the largest loss first, in a cell of their own">Worst errors first</Button>}
    </>
  );
  return (
    <Loaded query={query}>
      {({ predicted, frame: known, response }) => (picture && known && way.value === "Pictures" ? (
        <div class="column">
          <div class="row">{tools}</div>
          <Pictures name={frame} frame={known} picture={picture} caption={(valueOf, row) => [String(valueOf((known.columns ?? []).findIndex((column) => column.label === response)) ?? "–"), `row ${row + 1}`]} />
        </div>
      ) : <Rows name={name} frame={predicted} beside={known ? [{ name: frame, frame: known }] : []} {...columns} tools={tools} />)}
    </Loaded>
  );
}

const WITH_LOSS = new Set(["Binomial", "Multinomial", "Ordinal", "Regression"]);

export default function Prediction({ props }: { props: Props }): JSX.Element {
  const [model, frame] = [String(props["model"]), String(props["frame"])];
  const open = useOpen();
  const tab = useCell().kept("tab", "Metrics");
  const query = useQuery((signal) => calls.metrics(model, frame, signal), [model, frame, changes.value.get(`frame:${frame}`)], { kept: useCell().kept("answer", null) });
  return (
    <Loaded query={query}>
      {(answer) => {
        const metrics = ((answer.model_metrics ?? [])[0] ?? {}) as unknown as Metrics;
        const category = String(metrics["model_category"] ?? "");
        const predictions = String(props["predictions"] ?? "") || keyOf(metrics["predictions"]) || keyOf(answer.predictions_frame);
        const matrix = confusionOf(metrics);
        const at = thresholdsOf(metrics);
        const has = Object.keys(metrics).length > 0;
        const rows = (actual: string, predicted: string, threshold?: number): void => open("getPredictedRows", { model, frame, actual, predicted, ...(threshold === undefined ? {} : { threshold }), ...(predictions ? { predictions } : {}) });
        const figures = has ? keyMetrics(category, metrics).map((one) => ({ title: one.title, value: number(one.value), hint: String(one.value) })) : [];
        const tabs = [...(has ? ["Metrics"] : []), ...(matrix || at ? ["Confusion"] : []), ...(predictions ? ["Rows"] : []), ...(has ? ["All metrics"] : [])];
        return (
          <div class="screen">
            <div class="screen-head">
              <h2>Prediction</h2>
              <span class="soft">of <KeyLink onOpen={() => open("getModel", model)}>{model}</KeyLink> on <KeyLink onOpen={() => open("getFrameSummary", frame)}>{frame}</KeyLink></span>
              {predictions && (
                <span class="actions">
                  <Button icon="download" onClick={() => void download("/3/DownloadDataset", { frame_id: predictions }).then((blob) => saveBlob(blob, `${predictions}.csv`))}>Download CSV</Button>
                  <Button icon="columns" onClick={() => open("bindFrames", `combined-${predictions}`, [predictions, frame])}>Combine with the frame</Button>
                  <Button icon="frame" onClick={() => open("getFrameSummary", predictions)}>View as a frame</Button>
                </span>
              )}
              {!predictions && <span class="actions"><Button icon="predict" onClick={() => open("predict", { model, frame, predictions_frame: `prediction-${model}-${frame}` })} hint="Predicts again and keeps the rows">Predict the rows</Button></span>}
            </div>
            {tabs.length === 0 ? <p class="soft">There are no scores of this model on this frame.</p> : (
              <Tabs names={tabs} chosen={tab} label="Parts of the prediction">
                {tab.value === "Confusion" && (matrix || at) ? (at ? <Binomial at={at} metrics={metrics} onOpen={rows} /> : matrix && <Confusion matrix={matrix} label="Confusion matrix" onOpen={rows} />)
                  : tab.value === "Rows" && predictions ? <PredictedRows name={predictions} model={model} frame={frame} canBeWrong={WITH_LOSS.has(category)} />
                  : tab.value === "All metrics" ? <MetricsTab output={{ validation_metrics: metrics }} category={category} />
                  : has ? (
                    <div class="column">
                      <p class="soft">{category}{metrics["nobs"] ? ` · ${count(Number(metrics["nobs"]), "row")}` : ""}</p>
                      <Figures items={figures} />
                      {matrix && matrix.levels.length <= 12 && <Confusion matrix={matrix} label="Confusion matrix" onOpen={(actual, as) => rows(actual, as, at ? thresholdOf(metrics) : undefined)} />}
                    </div>
                  ) : predictions && <PredictedRows name={predictions} model={model} frame={frame} canBeWrong={false} />}
              </Tabs>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}
