/** What follows from the scores at each threshold of a two-class model: costs, reliability, groups of gains. No drawing here. */
import { columnOf, type ReadTable } from "../../rest/tables";
import type { Thresholds } from "./reading";

/** The place of the value that is nearest to the wanted one. */
export function closest(all: readonly number[], wanted: number): number {
  let best = 0;
  all.forEach((value, i) => {
    if (Math.abs(value - wanted) < Math.abs((all[best] as number) - wanted)) best = i;
  });
  return best;
}

/** What the errors at each threshold cost together. */
export function costs(at: Thresholds, falsePositive: number, falseNegative: number): number[] {
  return at.threshold.map((_, i) => (at.fps[i] ?? 0) * falsePositive + (at.fns[i] ?? 0) * falseNegative);
}

/** The place of the smallest value, the first of equal ones. */
export function smallest(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value < (values[best] as number) ? i : best), 0);
}

/** The place of the largest value, the first of equal ones; missing ones do not count. */
export function largest(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? -Infinity) || Number.isNaN(values[best]) ? i : best), 0);
}

/** How far the rates of true and false positives are apart at each threshold: its largest is the Kolmogorov–Smirnov statistic. */
export function separation(at: Thresholds): number[] {
  return at.threshold.map((_, i) => (at.tpr[i] ?? 0) - (at.fpr[i] ?? 0));
}

export interface Range {
  from: number;
  to: number;
  rows: number;
  /** Mean threshold of its rows, and the share of them that is of the second class. */
  predicted: number;
  observed: number;
}

/**
 * Ranges of the predicted probability with the observed rate in each. Rows between two thresholds are counted at the lower one,
 * which is their very probability where each has a threshold of its own.
 */
export function reliability(at: Thresholds, ranges = 10): Range[] {
  const sums = Array.from({ length: ranges }, () => ({ rows: 0, positives: 0, predicted: 0 }));
  at.threshold.forEach((threshold, i) => {
    const positives = (at.tps[i] ?? 0) - (i ? (at.tps[i - 1] ?? 0) : 0);
    const rows = positives + (at.fps[i] ?? 0) - (i ? (at.fps[i - 1] ?? 0) : 0);
    const sum = sums[Math.min(Math.max(Math.floor(threshold * ranges), 0), ranges - 1)];
    if (!sum || rows <= 0) return;
    sum.rows += rows;
    sum.positives += positives;
    sum.predicted += rows * threshold;
  });
  return sums.flatMap((sum, i) => (sum.rows ? [{ from: i / ranges, to: (i + 1) / ranges, rows: sum.rows, predicted: sum.predicted / sum.rows, observed: sum.positives / sum.rows }] : []));
}

/** How far observed rates are from predicted ones, on average over the rows. */
export function miscalibration(ranges: readonly Range[]): number {
  const rows = ranges.reduce((sum, range) => sum + range.rows, 0);
  return ranges.reduce((sum, range) => sum + range.rows * Math.abs(range.observed - range.predicted), 0) / (rows || 1);
}

export interface Gains {
  /** Part of all rows in the groups so far, the best-scored first. */
  part: number[];
  captured: (number | null)[];
  lift: (number | null)[];
  groupLift: (number | null)[];
  separation: (number | null)[];
}

const numbers = (table: ReadTable, name: string): (number | null)[] => columnOf(table, name).map((cell) => (typeof cell === "number" && Number.isFinite(cell) ? cell : null));

/** The curves of a Gains/Lift Table; null where there is none. */
export function gainsOf(table: ReadTable | null): Gains | null {
  if (!table?.rows.length) return null;
  const part = numbers(table, "cumulative_data_fraction");
  if (!part.length || part.some((value) => value === null)) return null;
  return {
    part: part as number[], captured: numbers(table, "cumulative_capture_rate"), lift: numbers(table, "cumulative_lift"), groupLift: numbers(table, "lift"),
    separation: numbers(table, "kolmogorov_smirnov"),
  };
}
