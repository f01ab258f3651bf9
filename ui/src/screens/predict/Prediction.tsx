/** How a model does on a frame: its metrics, matrix, and the predicted rows with their probabilities. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { saveBlob } from "../../notebook/files";
import { Button, Figures, KeyLink, Loaded, Tabs } from "../../parts/controls";
import { Confusion } from "../../parts/drawings";
import { count, number } from "../../parts/format";
import * as calls from "../../rest/calls";
import { download } from "../../rest/client";
import { changes, keyOf } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import { Rows } from "../frame/Rows";
import { Binomial } from "../model/Binomial";
import { MetricsTab } from "../model/Parts";
import { confusionOf, keyMetrics, thresholdsOf, type Metrics } from "../model/reading";

function PredictedRows({ name }: { name: string }): JSX.Element {
  const query = useQuery((signal) => calls.frameColumns(name, signal), [name]);
  return <Loaded query={query}>{(frame) => <Rows name={name} frame={frame} />}</Loaded>;
}

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
            </div>
            {tabs.length === 0 ? <p class="soft">There are no scores of this model on this frame.</p> : (
              <Tabs names={tabs} chosen={tab} label="Parts of the prediction">
                {tab.value === "Confusion" && (matrix || at) ? (at ? <Binomial at={at} metrics={metrics} first={0.5} /> : matrix && <Confusion matrix={matrix} label="Confusion matrix" />)
                  : tab.value === "Rows" && predictions ? <PredictedRows name={predictions} />
                  : tab.value === "All metrics" ? <MetricsTab output={{ validation_metrics: metrics }} category={category} />
                  : has ? (
                    <div class="column">
                      <p class="soft">{category}{metrics["nobs"] ? ` · ${count(Number(metrics["nobs"]), "row")}` : ""}</p>
                      <Figures items={figures} />
                      {matrix && matrix.levels.length <= 12 && <Confusion matrix={matrix} label="Confusion matrix" />}
                    </div>
                  ) : predictions && <PredictedRows name={predictions} />}
              </Tabs>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}
