/** The curve of a model in training: what was scored so far, and glimpses of few rows in between. No drawing here. */
import type { Glimpse } from "../../rest/live";
import type { Series } from "../../parts/Chart";
import type { History } from "../model/curves";

const COLOURS = { training: "--series-0", validation: "--series-1", "cross-validation": "--series-2", "": "--series-0" } as const;
const NOTHING: History = { x: [], xTitle: "epochs", curves: [], metrics: [] };

export interface LiveCurve {
  metrics: string[];
  metric: string;
  x: number[];
  xTitle: string;
  series: Series[];
}

/** How the curve of glimpses is called. */
export function glimpsedTitle({ rows, held_out }: Glimpse): string {
  return held_out ? "rows held out" : `${rows} training rows`;
}

/** The curves of one metric, glimpses among them, along one axis; `wanted` where there is such a metric, else the first. */
export function liveCurve(scored: History | null, glimpsed: readonly Glimpse[], wanted: string): LiveCurve {
  const read = scored ?? NOTHING;
  const fits = read.xTitle === "epochs" || read.x.length === 0; // glimpses are told along epochs
  const of = (metric: string): Glimpse[] => (fits ? glimpsed.filter((one) => one.metric === metric && one.value !== null) : []);
  const told = fits ? glimpsed.flatMap((one) => (one.metric && one.value !== null ? [one.metric] : [])) : [];
  const metrics = [...new Set([...read.metrics, ...told])];
  const metric = metrics.includes(wanted) ? wanted : (metrics[0] ?? "");
  const looks = of(metric);
  const places = new Map(read.x.map((place, i) => [place, i]));
  const looked = new Map(looks.map((one) => [one.epochs, one.value]));
  const x = [...new Set([...read.x, ...looked.keys()])].sort((a, b) => a - b);
  const series: Series[] = read.curves
    .filter((curve) => curve.metric === metric)
    .map((curve) => ({ name: curve.part || metric, values: x.map((place) => curve.values[places.get(place) ?? -1] ?? null), colour: COLOURS[curve.part], points: read.x.length < 40 }));
  const last = looks[looks.length - 1];
  if (last) series.push({ name: glimpsedTitle(last), values: x.map((place) => looked.get(place) ?? null), colour: "--series-3", dashed: true, points: false });
  return { metrics, metric, x, xTitle: read.x.length ? read.xTitle : "epochs", series };
}
