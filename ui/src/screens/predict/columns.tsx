/** Columns of predicted rows: classes, probabilities as bars, how wrong the prediction is. */
import type { JSX } from "preact";
import { number } from "../../parts/format";
import type { CellValue, Shown } from "../frame/Rows";

/** Up to so many classes each probability has a bar of its own. */
export const MOST_BARS = 12;
const BAR_WIDTH = 132;

function bar(value: CellValue, likely: boolean): JSX.Element {
  if (typeof value !== "number") return <span>–</span>;
  return <span class={`probability${likely ? " likely" : ""}`} title={String(value)}><span><span style={{ width: `${Math.min(Math.max(value, 0), 1) * 100}%` }} /></span><b>{number(value)}</b></span>;
}

/** Bars of the classes' probabilities; `at` tells where the i-th one is, and which class is predicted where. */
export function probabilities(classes: readonly string[], titles: readonly string[], source: number, from: number, predicted: [number, number]): Shown[] {
  if (classes.length > MOST_BARS) return [];
  return classes.map((level, i): Shown => ({
    source, column: from + i, title: titles[i] ?? level, width: BAR_WIDTH,
    render: (value, valueOf) => bar(value, String(valueOf(...predicted)) === level),
  }));
}

/** The predicted class, marked where it is not the actual one. */
export function called(value: CellValue, actual: CellValue): JSX.Element {
  const wrong = value !== null && actual !== null && String(value) !== String(actual);
  return <span class={wrong ? "missed" : ""} title={wrong ? `${String(value)}, but it is ${String(actual)}` : undefined}>{value === null ? "–" : typeof value === "number" ? number(value) : value}</span>;
}
