/** Learning curves of a model, one metric at a time: training, validation and held-out scores together. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useCell } from "../../notebook/context";
import { Chart } from "../../parts/Chart";
import { Choice } from "../../parts/controls";
import { number } from "../../parts/format";
import { columnOf, type ReadTable } from "../../rest/tables";
import { curvesOf, metricTitle } from "./curves";

const COLOURS = { training: "--series-0", validation: "--series-1", "cross-validation": "--series-2", "": "--series-0" } as const;
const MOST = 6;

export function Curves({ history, height = 260 }: { history: ReadTable; height?: number }): JSX.Element {
  const read = useMemo(() => curvesOf(history), [history]);
  const chosen = useCell().kept("metric", "");
  const metric = read.metrics.includes(chosen.value) ? chosen.value : (read.metrics[0] ?? "");
  const series = useMemo(
    () => read.curves.filter((curve) => curve.metric === metric).map((curve) => ({ name: curve.part || metricTitle(metric), values: curve.values, colour: COLOURS[curve.part] })),
    [read, metric],
  );
  if (!read.metrics.length) return <p class="soft">The model keeps no scores along its training.</p>;
  const speed = columnOf(history, "training_speed");
  return (
    <div class="column">
      {read.metrics.length > 1 && (
        <div class="row">
          <Choice label="Metric" options={read.metrics.slice(0, MOST).map(metricTitle)} value={metricTitle(metric)} onChange={(title) => (chosen.value = read.metrics.find((name) => metricTitle(name) === title) ?? "")} />
          {speed.length > 0 && <span class="soft">{speed[speed.length - 1]}</span>}
        </div>
      )}
      <Chart label={`Curve of ${metricTitle(metric)}`} x={read.x} xTitle={read.xTitle} series={series} height={height} />
      <p class="unseen" aria-live="off" data-points={read.x.length}>{number(read.x.length)} points</p>
    </div>
  );
}
