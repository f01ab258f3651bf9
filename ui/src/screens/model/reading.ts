/** What a model's answer says, in the page's own terms: its metrics, its matrix, its curves, its tables. No drawing here. */
import type { Matrix } from "../../parts/drawings";
import type { ModelParameterSchemaV3, ModelSchemaV3, TwoDimTableV3 } from "../../rest/schemas";
import { columnOf, isTable, readTable, type ReadTable } from "../../rest/tables";

export type Output = Record<string, unknown>;
export type Metrics = Record<string, unknown>;

export function outputOf(model: ModelSchemaV3): Output {
  return (model.output ?? {}) as unknown as Output;
}

export function parametersOf(model: ModelSchemaV3): ModelParameterSchemaV3[] {
  return (model.parameters ?? []) as unknown as ModelParameterSchemaV3[];
}

export function tableOf(value: unknown): ReadTable | null {
  return isTable(value) ? readTable(value) : null;
}

/** On what metrics were computed, and which they are; those that are there. */
export const PARTS = [
  ["training_metrics", "Training"], ["validation_metrics", "Validation"], ["cross_validation_metrics", "Cross-validation"],
] as const;
export type Part = (typeof PARTS)[number][1];

export function metricsOf(output: Output): [Part, Metrics][] {
  return PARTS.flatMap(([field, title]): [Part, Metrics][] => {
    const found = output[field];
    return typeof found === "object" && found !== null ? [[title, found as Metrics]] : [];
  });
}

/** The metrics that tell most of how good the model is on new rows. */
export function bestMetrics(output: Output): [Part, Metrics] | null {
  const all = metricsOf(output);
  return all.find(([part]) => part === "Cross-validation") ?? all.find(([part]) => part === "Validation") ?? all[0] ?? null;
}

/** Metrics of each kind of model, in the order in which they matter: field and title. */
const MATTERS: Record<string, [string, string][]> = {
  Binomial: [["AUC", "AUC"], ["logloss", "Log loss"], ["pr_auc", "PR AUC"], ["mean_per_class_error", "Mean per class error"], ["RMSE", "RMSE"], ["Gini", "Gini"]],
  Multinomial: [["error", "Error"], ["logloss", "Log loss"], ["mean_per_class_error", "Mean per class error"], ["RMSE", "RMSE"]],
  Ordinal: [["error", "Error"], ["logloss", "Log loss"], ["mean_per_class_error", "Mean per class error"], ["RMSE", "RMSE"]],
  Regression: [["RMSE", "RMSE"], ["mae", "MAE"], ["r2", "R²"], ["mean_residual_deviance", "Mean residual deviance"], ["rmsle", "RMSLE"]],
  Clustering: [["tot_withinss", "Within-cluster squares"], ["betweenss", "Between-cluster squares"], ["totss", "Total squares"]],
  AutoEncoder: [["MSE", "MSE"], ["RMSE", "RMSE"]],
};

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A metric by its field; the error of classes comes from the matrix. */
export function metric(metrics: Metrics, field: string): number | null {
  if (field === "error") {
    const matrix = confusionOf(metrics);
    if (!matrix) return null;
    const total = matrix.counts.flat().reduce((a, b) => a + b, 0);
    const right = matrix.levels.reduce((sum, _, i) => sum + (matrix.counts[i]?.[i] ?? 0), 0);
    return total ? (total - right) / total : null;
  }
  const value = metrics[field];
  return isNumber(value) ? value : null;
}

/** The few metrics for the head of a model. */
export function keyMetrics(category: string, metrics: Metrics): { field: string; title: string; value: number }[] {
  return (MATTERS[category] ?? [["RMSE", "RMSE"], ["MSE", "MSE"]]).flatMap(([field, title]) => {
    const value = metric(metrics, field);
    return value === null ? [] : [{ field, title, value }];
  });
}

/** Every number among the metrics, by title. */
export function allMetrics(category: string, metrics: Metrics): { field: string; title: string; value: number }[] {
  const first = keyMetrics(category, metrics);
  const seen = new Set(first.map((one) => one.field));
  const skipped = new Set(["model_checksum", "frame_checksum", "scoring_time", "custom_metric_value"]);
  const rest = Object.entries(metrics)
    .filter((entry): entry is [string, number] => isNumber(entry[1]) && !seen.has(entry[0]) && !skipped.has(entry[0]))
    .map(([field, value]) => ({ field, title: field === "nobs" ? "Rows" : field.replaceAll("_", " "), value }));
  return [...first, ...rest];
}

/** The matrix of actual and predicted classes. */
export function confusionOf(metrics: Metrics): Matrix | null {
  const table = (metrics["cm"] as { table?: TwoDimTableV3 } | null | undefined)?.table;
  if (!table || !isTable(table)) return null;
  const read = table as unknown as { columns: { name: string }[]; data: unknown[][]; rowcount: number };
  const levels = read.columns.map((column) => column.name).slice(0, -2);
  if (levels.length < 2) return null;
  return { levels, counts: levels.map((_, i) => levels.map((__, j) => Number(read.data[j]?.[i] ?? 0))) };
}

export interface Thresholds {
  threshold: number[];
  tpr: number[];
  fpr: number[];
  precision: number[];
  recall: number[];
  tps: number[];
  fps: number[];
  tns: number[];
  fns: number[];
  f1: number[];
  accuracy: number[];
  specificity: number[];
  mcc: number[];
}

/** Scores at each threshold of a two-class model, the largest threshold first. */
export function thresholdsOf(metrics: Metrics): Thresholds | null {
  const table = tableOf(metrics["thresholds_and_metric_scores"]);
  if (!table || !table.rows.length) return null;
  const column = (name: string, none = 0): number[] => columnOf(table, name).map((cell) => Number(cell ?? none));
  return {
    threshold: column("threshold"), tpr: column("tpr"), fpr: column("fpr"), precision: column("precision"), recall: column("recall"),
    tps: column("tps"), fps: column("fps"), tns: column("tns"), fns: column("fns"),
    f1: column("f1", NaN), accuracy: column("accuracy", NaN), specificity: column("specificity", NaN), mcc: column("absolute_mcc", NaN),
  };
}

/** The threshold of the metrics' own matrix: where F1 is largest; a half where that is not known. */
export function thresholdOf(metrics: Metrics): number {
  const table = tableOf(metrics["max_criteria_and_metric_scores"]);
  const at = table ? columnOf(table, "metric").indexOf("max f1") : -1;
  const found = table && at >= 0 ? columnOf(table, "threshold")[at] : null;
  return typeof found === "number" ? found : 0.5;
}

/** The matrix at the i-th threshold. */
export function matrixAt(levels: readonly string[], at: Thresholds, i: number): Matrix {
  return { levels: [...levels], counts: [[at.tns[i] ?? 0, at.fps[i] ?? 0], [at.fns[i] ?? 0, at.tps[i] ?? 0]] };
}

/** Points of a curve with one value an x, the largest, in rising order, as charts need them; `from` tells which points these are. */
export function alongX(x: readonly number[], y: readonly number[]): { x: number[]; y: number[]; from: number[] } {
  const order = x.map((_, i) => i).sort((a, b) => (x[a] as number) - (x[b] as number) || (y[a] as number) - (y[b] as number));
  const from: number[] = [];
  for (const i of order) {
    const last = from.length - 1;
    if (last >= 0 && x[from[last] as number] === x[i]) from[last] = i;
    else from.push(i);
  }
  return { x: from.map((i) => x[i] as number), y: from.map((i) => y[i] as number), from };
}

export interface Importance {
  name: string;
  scaled: number;
  part: number;
}

export function importancesOf(output: Output): Importance[] {
  const table = tableOf(output["variable_importances"]);
  if (!table) return [];
  const names = columnOf(table, "variable");
  const scaled = columnOf(table, "scaled_importance");
  const part = columnOf(table, "percentage");
  return names.map((name, i) => ({ name: String(name ?? ""), scaled: Number(scaled[i] ?? 0), part: Number(part[i] ?? 0) }));
}

/** A parameter's value as text. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.length ? value.map(valueText).join(", ") : "";
  if (typeof value === "object") {
    const named = value as { name?: unknown; column_name?: unknown };
    return named.name !== undefined || named.column_name !== undefined ? String(named.name ?? named.column_name ?? "") : JSON.stringify(value);
  }
  return String(value);
}

/** Whether a parameter was given another value than its default. */
export function isSet(parameter: ModelParameterSchemaV3): boolean {
  const text = valueText(parameter.actual_value);
  return text !== "" && text !== valueText(parameter.default_value);
}
