/** Which curves a scoring history holds, and along what. No drawing here. */
import { columnOf, type Cell, type ReadTable } from "../../rest/tables";

export interface Curve {
  /** Metric without the part of the data, such as logloss. */
  metric: string;
  part: "training" | "validation" | "cross-validation" | "";
  values: (number | null)[];
}

export interface History {
  x: number[];
  xTitle: string;
  curves: Curve[];
  metrics: string[];
}

const ALONG: [string, string][] = [
  ["epochs", "epochs"], ["number_of_trees", "trees"], ["iteration", "iteration"], ["iterations", "iteration"], ["id", "step"],
];
/** What is not a score: places and clocks. */
const NOT_SCORES = /^(timestamp|duration|training_speed|epochs|iterations?|samples|number_of_trees|id|lambda|alpha|predictors|)$/;
const PARTS: [RegExp, Curve["part"]][] = [[/^training_/, "training"], [/^validation_/, "validation"], [/^cross[-_]validation_|^xval_/, "cross-validation"]];
const FIRST = ["logloss", "deviance", "rmse", "classification_error", "objective", "mse", "mae", "auc"];

const numbers = (cells: Cell[]): (number | null)[] => cells.map((cell) => (typeof cell === "number" && Number.isFinite(cell) ? cell : null));

/** The curves of a scoring history; equal places along the axis are kept once, the last score of each. */
export function curvesOf(history: ReadTable): History {
  const along = ALONG.find(([name]) => columnOf(history, name).some((cell) => typeof cell === "number"));
  const places = along ? columnOf(history, along[0]).map(Number) : history.rows.map((_, i) => i);
  const kept = places.map((_, i) => i).filter((i) => Number.isFinite(places[i]) && places[i] !== places[i + 1]);
  const curves = history.columns
    .filter((column) => column.numeric && !NOT_SCORES.test(column.name))
    .map((column): Curve => {
      const part = PARTS.find(([pattern]) => pattern.test(column.name));
      const values = numbers(columnOf(history, column.name));
      return { metric: part ? column.name.replace(part[0], "") : column.name, part: part?.[1] ?? "", values: kept.map((i) => values[i] ?? null) };
    })
    .filter((curve) => curve.values.some((value) => value !== null));
  const names = [...new Set(curves.map((curve) => curve.metric))];
  const place = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return { x: kept.map((i) => places[i] as number), xTitle: along?.[1] ?? "step", curves, metrics: names.sort((a, b) => place(a) - place(b)) };
}

/** A metric's name as people write it. */
export function metricTitle(name: string): string {
  const known: Record<string, string> = {
    logloss: "log loss", rmse: "RMSE", mse: "MSE", mae: "MAE", auc: "AUC", pr_auc: "PR AUC", aucpr: "PR AUC", rmsle: "RMSLE", r2: "R²", classification_error: "classification error",
    mean_per_class_error: "mean per class error", AUC: "AUC", pr_auc_: "PR AUC", MSE: "MSE", RMSE: "RMSE",
  };
  return known[name] ?? name.replaceAll("_", " ");
}
