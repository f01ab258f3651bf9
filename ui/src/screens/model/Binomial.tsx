/** Two classes: curves of many kinds, and one threshold that all of them, the matrix and the costs follow. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useCell } from "../../notebook/context";
import { Chart, type Mark, type Series } from "../../parts/Chart";
import { Button, Choice } from "../../parts/controls";
import { Confusion, Histogram } from "../../parts/drawings";
import { count, number } from "../../parts/format";
import { alongX, matrixAt, tableOf, thresholdOf, type Metrics, type Thresholds } from "./reading";
import { closest, costs, gainsOf, largest, miscalibration, reliability, separation, smallest, type Gains } from "./thresholds";

const CURVES = ["ROC", "Precision and recall", "Gains", "Lift", "Calibration", "Kolmogorov–Smirnov", "Cost"] as const;
type Curve = (typeof CURVES)[number];

interface Drawn {
  x: readonly number[];
  xTitle: string;
  series: readonly Series[];
  unit?: boolean;
  diagonal?: boolean;
  /** Where a threshold lies on the curve. */
  markOf: (i: number) => { x: number; y?: number };
  /** The threshold that a point of the curve stands for. */
  thresholdAt?: (i: number) => number;
  words?: string;
}

const line = (name: string, values: readonly (number | null)[], i = 0, more: Partial<Series> = {}): Series => ({ name, values, colour: `--series-${i}`, points: false, ...more });

/** Part of the rows that are predicted positive at each threshold. */
const positivePart = (at: Thresholds, i: number): number => ((at.tps[i] ?? 0) + (at.fps[i] ?? 0)) / (((at.tps[i] ?? 0) + (at.fps[i] ?? 0) + (at.tns[i] ?? 0) + (at.fns[i] ?? 0)) || 1);

const WHERE_MADE = "Groups of the Gains/Lift Table, the best-scored rows first; the mark is the threshold.";

function ofGains(curve: "Gains" | "Lift", at: Thresholds, gains: Gains): Drawn {
  const near = (part: number): number => closest(at.threshold.map((_, i) => positivePart(at, i)), part);
  if (curve === "Gains") {
    return {
      x: [0, ...gains.part], xTitle: "part of the rows", series: [line("part of the positives found", [0, ...gains.captured], 0, { points: true })], unit: true, diagonal: true,
      markOf: (i) => ({ x: positivePart(at, i), y: at.recall[i] ?? 0 }), thresholdAt: (k) => near([0, ...gains.part][k] ?? 0), words: `${WHERE_MADE} The dashed line is what rows drawn at random would find.`,
    };
  }
  return {
    x: gains.part, xTitle: "part of the rows", series: [line("lift so far", gains.lift, 0, { points: true }), line("lift of the group", gains.groupLift, 1, { points: true, dashed: true })],
    markOf: (i) => ({ x: positivePart(at, i) }), thresholdAt: (k) => near(gains.part[k] ?? 0), words: `${WHERE_MADE} A lift of 2: twice as many positives as among all rows.`,
  };
}

function drawn(curve: Curve, at: Thresholds, gains: Gains | null, cost: readonly number[]): Drawn {
  if (curve === "Precision and recall") {
    const pr = alongX(at.recall, at.precision);
    return { x: pr.x, xTitle: "recall", series: [line("precision", pr.y)], unit: true, markOf: (i) => ({ x: at.recall[i] ?? 0, y: at.precision[i] ?? 0 }), thresholdAt: (k) => pr.from[k] ?? 0 };
  }
  if ((curve === "Gains" || curve === "Lift") && gains) return ofGains(curve, at, gains);
  const rising = at.threshold.map((_, i) => at.threshold.length - 1 - i);
  const along = (values: readonly number[]): number[] => rising.map((i) => values[i] as number);
  const over: Pick<Drawn, "x" | "xTitle" | "thresholdAt"> = { x: along(at.threshold), xTitle: "threshold", thresholdAt: (k) => rising[k] ?? 0 };
  if (curve === "Calibration") {
    const ranges = reliability(at);
    return {
      x: ranges.map((range) => range.predicted), xTitle: "predicted probability", series: [line("observed rate", ranges.map((range) => range.observed), 0, { points: true })], unit: true, diagonal: true,
      markOf: (i) => ({ x: at.threshold[i] ?? 0 }),
      words: `Made of the counts at the ${number(at.threshold.length)} thresholds of the metrics, in ranges of a tenth: a row counts at the nearest threshold below its probability. On the diagonal, predictions come true as often as they say; the mean distance from it is ${number(miscalibration(ranges))}.`,
    };
  }
  if (curve === "Kolmogorov–Smirnov") {
    const apart = separation(at);
    const i = largest(apart);
    return {
      ...over, series: [line("true positive rate", along(at.tpr)), line("false positive rate", along(at.fpr), 1)], markOf: (k) => ({ x: at.threshold[k] ?? 0 }),
      words: `Largest distance of both rates: ${number(apart[i])}, at the threshold ${number(at.threshold[i])}.`,
    };
  }
  if (curve === "Cost") return { ...over, series: [line("cost of all errors", along(cost))], markOf: (i) => ({ x: at.threshold[i] ?? 0, y: cost[i] ?? 0 }) };
  const roc = alongX([0, ...at.fpr], [0, ...at.tpr]);
  return { x: roc.x, xTitle: "false positive rate", series: [line("true positive rate", roc.y)], unit: true, diagonal: true, markOf: (i) => ({ x: at.fpr[i] ?? 0, y: at.tpr[i] ?? 0 }), thresholdAt: (k) => Math.max((roc.from[k] ?? 0) - 1, 0) };
}

function Cost({ label, value, onInput }: { label: string; value: number; onInput: (value: number) => void }): JSX.Element {
  return (
    <label class="row cost"><span>{label}</span>
      <input class="input mono" type="number" min={0} step="any" value={value} onInput={(event) => { const typed = event.currentTarget.valueAsNumber; if (typed >= 0) onInput(typed); }} />
    </label>
  );
}

interface Props {
  at: Thresholds;
  metrics: Metrics;
  /** The threshold that predictions of the model use, where it is known. */
  own?: number | undefined;
  onOpen?: ((actual: string, predicted: string, threshold: number) => void) | undefined;
  note?: string | undefined;
}

export function Binomial({ at, metrics, own, onOpen, note }: Props): JSX.Element {
  const cell = useCell();
  const threshold = cell.kept("threshold", own ?? thresholdOf(metrics));
  const curve = cell.kept<Curve>("curve", "ROC");
  const falsePositive = cell.kept("costFalsePositive", 1);
  const falseNegative = cell.kept("costFalseNegative", 1);
  const levels = (metrics["domain"] as string[] | null) ?? ["0", "1"];
  const gains = useMemo(() => gainsOf(tableOf(metrics["gains_lift_table"])), [metrics]);
  const cost = useMemo(() => costs(at, falsePositive.value, falseNegative.value), [at, falsePositive.value, falseNegative.value]);
  const names = CURVES.filter((name) => gains || (name !== "Gains" && name !== "Lift"));
  const now = names.includes(curve.value) ? curve.value : "ROC";
  const shown = useMemo(() => drawn(now, at, gains, cost), [now, at, gains, now === "Cost" ? cost : null]);
  const ranges = useMemo(() => (now === "Calibration" ? reliability(at) : []), [now, at]);
  const i = closest(at.threshold, threshold.value);
  const cheapest = smallest(cost);
  const marks: Mark[] = [{ ...shown.markOf(i), colour: "--text" }, ...(now === "Cost" && cheapest !== i ? [{ ...shown.markOf(cheapest), colour: "--good" }] : [])];
  const choose = (place: number): void => {
    threshold.value = at.threshold[place] ?? threshold.value;
  };
  const scores: [string, number | undefined][] = [["Accuracy", at.accuracy[i]], ["Precision", at.precision[i]], ["Recall", at.recall[i]], ["Specificity", at.specificity[i]], ["F1", at.f1[i]], ["MCC", at.mcc[i]]];
  const bestF1 = largest(at.f1);
  return (
    <div class="column">
      <div class="row"><Choice label="Curve" options={names} value={now} onChange={(value) => (curve.value = value)} /></div>
      <div class="two">
        <div class="column">
          <Chart key={now} label={now} x={shown.x} xTitle={shown.xTitle} series={shown.series} unit={shown.unit ?? false} diagonal={shown.diagonal ?? false} height={300} marks={marks}
            {...(shown.thresholdAt ? { onPick: (k: number) => choose(shown.thresholdAt?.(k) ?? i) } : {})} />
          {shown.words && <p class="soft">{shown.words}</p>}
          {now === "Calibration" && <Histogram label="Rows by predicted probability" bins={ranges.map((range) => range.rows)} nameOf={(k) => `${ranges[k]?.from.toFixed(1)} to ${ranges[k]?.to.toFixed(1)}`} height={90} />}
        </div>
        <div class="column">
          <div class="field">
            <span class="row spread"><span>Threshold <b class="mono" title={String(at.threshold[i])}>{number(at.threshold[i])}</b></span>
              <span class="row">
                {own !== undefined && <Button kind="quiet" pressed={i === closest(at.threshold, own)} onClick={() => (threshold.value = own)} hint="The threshold that predictions of the model use">The model's</Button>}
                <Button kind="quiet" pressed={i === bestF1} onClick={() => choose(bestF1)} hint={`The largest F1, ${number(at.f1[bestF1])}`}>Best F1</Button>
                <Button kind="quiet" pressed={i === cheapest} onClick={() => choose(cheapest)} hint="The threshold whose errors cost least">Cheapest</Button>
              </span>
            </span>
            <input type="range" min={0} max={1} step={0.001} value={threshold.value} aria-label="Threshold" aria-valuetext={number(at.threshold[i])} onInput={(event) => (threshold.value = Number(event.currentTarget.value))} />
          </div>
          <dl class="scores">{scores.map(([title, value]) => <div key={title}><dt>{title}</dt><dd class="mono" title={String(value)}>{number(value)}</dd></div>)}</dl>
          <Confusion matrix={matrixAt(levels, at, i)} label="Confusion matrix at the threshold" onOpen={onOpen && ((actual, predicted) => onOpen(actual, predicted, at.threshold[i] as number))} note={note} />
          <div class="row costs">
            <Cost label="A false positive costs" value={falsePositive.value} onInput={(value) => (falsePositive.value = value)} />
            <Cost label="a false negative" value={falseNegative.value} onInput={(value) => (falseNegative.value = value)} />
          </div>
          <p aria-live="polite">Cost here <b class="mono">{number(cost[i])}</b>; cheapest <b class="mono">{number(cost[cheapest])}</b> at the threshold <b class="mono">{number(at.threshold[cheapest])}</b> <span class="soft">of {count(at.threshold.length, "threshold")}</span></p>
        </div>
      </div>
    </div>
  );
}
