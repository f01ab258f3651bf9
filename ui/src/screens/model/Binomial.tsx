/** Two classes: ROC and precision-recall, and one threshold that both and the matrix follow. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useCell } from "../../notebook/context";
import { Chart } from "../../parts/Chart";
import { Choice } from "../../parts/controls";
import { Confusion } from "../../parts/drawings";
import { number } from "../../parts/format";
import { alongX, matrixAt, type Metrics, type Thresholds } from "./reading";

const CURVES = ["ROC", "Precision and recall"] as const;

function closest(all: readonly number[], wanted: number): number {
  let best = 0;
  all.forEach((value, i) => {
    if (Math.abs(value - wanted) < Math.abs((all[best] as number) - wanted)) best = i;
  });
  return best;
}

export function Binomial({ at, metrics, first }: { at: Thresholds; metrics: Metrics; first: number }): JSX.Element {
  const cell = useCell();
  const threshold = cell.kept("threshold", first);
  const curve = cell.kept<(typeof CURVES)[number]>("curve", "ROC");
  const levels = (metrics["domain"] as string[] | null) ?? ["0", "1"];
  const i = closest(at.threshold, threshold.value);
  const roc = useMemo(() => alongX([0, ...at.fpr], [0, ...at.tpr]), [at]);
  const pr = useMemo(() => alongX(at.recall, at.precision), [at]);
  const isRoc = curve.value === "ROC";
  const series = useMemo(() => [{ name: isRoc ? "true positive rate" : "precision", values: isRoc ? roc.y : pr.y, colour: "--series-0", points: false }], [isRoc, roc, pr]);
  return (
    <div class="two">
      <div class="column">
        <div class="row"><Choice label="Curve" options={CURVES} value={curve.value} onChange={(value) => (curve.value = value)} /></div>
        <Chart label={curve.value} x={isRoc ? roc.x : pr.x} xTitle={isRoc ? "false positive rate" : "recall"} series={series} unit diagonal={isRoc} height={300} />
      </div>
      <div class="column">
        <label class="field"><span>Threshold <b class="mono">{number(at.threshold[i])}</b></span>
          <input type="range" min={0} max={1} step={0.001} value={threshold.value} aria-label="Threshold" onInput={(event) => (threshold.value = Number(event.currentTarget.value))} />
        </label>
        <p class="soft mono">{`TPR ${number(at.tpr[i])} · FPR ${number(at.fpr[i])} · precision ${number(at.precision[i])} · recall ${number(at.recall[i])}`}</p>
        <Confusion matrix={matrixAt(levels, at, i)} label="Confusion matrix at the threshold" />
      </div>
    </div>
  );
}
