/** The curve of a model in training, as it grows; once the training is over, of all that was scored. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useCell } from "../../notebook/context";
import { Chart } from "../../parts/Chart";
import { Choice } from "../../parts/controls";
import { count } from "../../parts/format";
import * as calls from "../../rest/calls";
import { histories } from "../../rest/events";
import { glimpses } from "../../rest/live";
import type { ModelSchemaV3, TwoDimTableV3 } from "../../rest/schemas";
import { readTable } from "../../rest/tables";
import { curvesOf, metricTitle } from "../model/curves";
import { liveCurve } from "./live-curve";

const LIVE_MS = 1000;
/** Between two full answers while the stream of events tells the points. */
const SLOW_MS = 10_000;
const MOST_METRICS = 6;
const LIVE_WITHOUT = ["training_metrics", "validation_metrics", "variable_importances", "names", "domains", "column_types", "help"].map((field) => `models/output/${field}`).join(",");

/** `lasts`: whether the model is still there when the job has ended. */
export function Live({ model, running, lasts }: { model: string; running: boolean; lasts: boolean }): JSX.Element | null {
  const cell = useCell();
  const kept = cell.kept<ModelSchemaV3 | null>("live", null);
  const wanted = cell.kept("metric", "");
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => {
    const controller = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        if (!document.hidden) kept.value = await calls.model(model, controller.signal, LIVE_WITHOUT);
      } catch {
        // not scored yet, or cancelled before its first score
      }
      if (running && !controller.signal.aborted) timer.current = setTimeout(() => void ask(), histories.value.has(model) ? SLOW_MS : LIVE_MS);
    };
    if (running || (lasts && !kept.value)) void ask();
    return () => {
      controller.abort();
      clearTimeout(timer.current);
    };
  }, [model, running]);
  const asked = (kept.value?.output as unknown as { scoring_history?: TwoDimTableV3 } | null)?.scoring_history;
  const told = histories.value.get(model);
  const answer = useMemo(() => (asked ? readTable(asked) : null), [asked]);
  const history = told && told.rows.length >= (answer?.rows.length ?? 0) ? told : answer;
  const glimpsed = glimpses.value.get(model) ?? [];
  const scored = useMemo(() => (history ? curvesOf(history) : null), [history]);
  const curve = useMemo(() => liveCurve(scored, glimpsed, wanted.value), [scored, glimpsed, wanted.value]);
  if (!curve.metrics.length) return running ? <p class="soft">The curve begins with the first scoring.</p> : null;
  return (
    <div class="column">
      {curve.metrics.length > 1 && (
        <Choice label="Metric" options={curve.metrics.slice(0, MOST_METRICS).map(metricTitle)} value={metricTitle(curve.metric)}
          onChange={(title) => (wanted.value = curve.metrics.find((name) => metricTitle(name) === title) ?? "")} />
      )}
      <Chart label={`Curve of ${metricTitle(curve.metric)}`} x={curve.x} xTitle={curve.xTitle} series={curve.series} height={220} />
      <p class="unseen" aria-live="off">{count(curve.x.length, "point")}</p>
    </div>
  );
}
