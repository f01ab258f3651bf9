/** The command that shows rows beside what was predicted of them: those of a cell of a confusion matrix, or all, the worst first. */
import * as calls from "../rest/calls";
import { markChanged, wake } from "../rest/objects";
import { CommandProblem, text, type Command, type Given, type Outcome } from "./command";
import { rapidsName, rapidsText } from "./data";

export interface Wanted {
  frame: string;
  predictions: string;
  /** Names of the frame's columns, and which of them is the response. */
  columns: readonly string[];
  response: number;
  /** Whether the response is a column of levels; else it is made one before classes are compared. */
  isEnum: boolean;
  rows: number;
  /** Classes in the order of their probabilities; none: numbers are predicted. */
  classes: readonly string[];
  /** Names of the columns of probabilities. */
  probabilities: readonly string[];
  actual?: string;
  predicted?: string;
  /** Two classes: from which probability on the second one is predicted. */
  threshold?: number | null;
  key: string;
}

/** Columns that stand before those of the frame, in this order: row, actual, predicted, then what was predicted and how wrong it is. */
export const LEADING = 3;
const LEAST_PROBABILITY = "1e-15";

function fresh(name: string, taken: Set<string>): string {
  let free = name;
  for (let i = 1; taken.has(free); i += 1) free = `${name}_${i}`;
  taken.add(free);
  return free;
}

/** Positions of all columns but one, as a list of ranges. */
function others(count: number, without: number): string {
  const before = without > 0 ? [`0:${without}`] : [];
  const after = without + 1 < count ? [`${without + 1}:${count - without - 1}`] : [];
  return [...before, ...after].join(" ");
}

/** The Rapids that makes the frame: chosen rows with their numbers, actual and predicted values, and loss, the largest loss first. */
export function scoredRows(wanted: Wanted): string {
  const { classes, columns, response } = wanted;
  const [frame, predictions] = [rapidsName(wanted.frame), rapidsName(wanted.predictions)];
  const column = `(cols ${frame} ${response})`;
  const actual = classes.length && !wanted.isEnum ? `(as.factor ${column})` : column;
  const predicted = `(cols ${predictions} 0)`;
  const threshold = wanted.threshold ?? null;
  const above = threshold === null ? "" : `(>= (cols ${predictions} 2) ${threshold})`;
  const called = above ? `(ifelse ${above} ${rapidsText(classes[1] ?? "")} ${rapidsText(classes[0] ?? "")})` : predicted;
  let middle: string;
  if (classes.length) {
    const likely = classes.reduceRight((rest, level, i) => `(ifelse (== ${actual} ${rapidsText(level)}) (cols ${predictions} ${i + 1}) ${rest})`, "NaN");
    const loss = `(* -1 (log (ifelse (> ${likely} ${LEAST_PROBABILITY}) ${likely} ${LEAST_PROBABILITY})))`;
    middle = `(cols ${predictions} [1:${classes.length}]) ${loss}`;
  } else {
    const error = `(- ${predicted} ${column})`;
    middle = `${error} (* ${error} ${error})`;
  }
  const rest = others(columns.length, response);
  const bound = `(cbind (seq_len ${wanted.rows}) ${actual} ${called} ${middle}${rest ? ` (cols ${frame} [${rest}])` : ""})`;
  const taken = new Set(columns.filter((_, i) => i !== response));
  const head = ["row", "actual", "predicted", ...(classes.length ? [...wanted.probabilities, "log loss"] : ["error", "squared error"])].map((name) => fresh(name, taken));
  const named = `(colnames= ${bound} [0:${head.length}] [${head.map(rapidsText).join(" ")}])`;
  const conditions = [wanted.actual === undefined ? `(not (is.na ${column}))` : `(== ${actual} ${rapidsText(wanted.actual)})`];
  if (wanted.predicted !== undefined && above) conditions.push(wanted.predicted === classes[1] ? above : `(not ${above})`);
  else if (wanted.predicted !== undefined) conditions.push(`(== ${predicted} ${rapidsText(wanted.predicted)})`);
  const where = conditions.reduce((all, one) => `(& ${all} ${one})`);
  return `(assign ${rapidsName(wanted.key)} (sort (rows ${named} ${where}) [${head.length - 1}] [-1]))`;
}

/** The key of a result where none is given: the same question makes the same frame again. */
export function resultKey(...parts: (string | number | undefined | null)[]): string {
  return ["rows", ...parts.filter((part) => part !== undefined && part !== null && part !== "")].join("-").replace(/[^A-Za-z0-9_.-]+/g, "_").slice(0, 200);
}

const CLASSES = new Set(["Binomial", "Multinomial", "Ordinal"]);

async function getPredictedRows(given: Given): Promise<Outcome> {
  const [model, frame] = [text(given, "model"), text(given, "frame")];
  const optional = (name: string): string | undefined => text(given, name) || undefined;
  const [actual, predicted] = [optional("actual"), optional("predicted")];
  const threshold = text(given, "threshold") === "" ? null : Number(given["threshold"]);
  if (threshold !== null && !(threshold >= 0 && threshold <= 1)) throw new CommandProblem(`The threshold must be from 0 to 1. Got ${text(given, "threshold")}.`);
  const [told, summary] = await Promise.all([calls.model(model, undefined, "models/parameters,models/output/training_metrics,models/output/validation_metrics,models/output/cross_validation_metrics,models/output/scoring_history"), calls.frameColumns(frame)]);
  const category = String((told.output as { model_category?: unknown } | null)?.model_category ?? "");
  const isClasses = CLASSES.has(category);
  if (!isClasses && category !== "Regression") throw new CommandProblem(`The model '${model}' predicts neither classes nor numbers (it is of ${category || "another kind"}): no row of it is right or wrong.`);
  if (!isClasses && (actual !== undefined || predicted !== undefined || threshold !== null)) throw new CommandProblem(`The model '${model}' predicts numbers: 'actual', 'predicted' and 'threshold' are for classes.`);
  if (threshold !== null && category !== "Binomial") throw new CommandProblem(`A threshold is for models of two classes; '${model}' has more.`);
  const columns = (summary.columns ?? []).map((column) => column.label ?? "");
  const response = columns.indexOf(told.response_column_name ?? "");
  if (response < 0) throw new CommandProblem(`The frame '${frame}' has no column '${told.response_column_name}': without it no prediction of '${model}' is right or wrong.`);
  let predictions = text(given, "predictions");
  if (!predictions) {
    predictions = `prediction-${model}-${frame}`;
    await calls.predict(model, frame, { predictions_frame: predictions });
    markChanged(`frame:${predictions}`);
  }
  const made = (await calls.frameColumns(predictions)).columns ?? [];
  const classes = isClasses ? [...(made[0]?.domain ?? [])] : [];
  for (const [name, value] of Object.entries({ actual, predicted })) {
    if (value !== undefined && !classes.includes(value)) throw new CommandProblem(`'${name}' must be one of the model's classes: ${classes.slice(0, 20).join(", ")}. Got '${value}'.`);
  }
  const key = text(given, "key") || resultKey(model, frame, actual !== undefined ? `is-${actual}` : "", predicted !== undefined ? `as-${predicted}` : "", threshold);
  await calls.rapids(scoredRows({
    frame, predictions, columns, response, isEnum: summary.columns?.[response]?.type === "enum", rows: summary.rows, classes,
    probabilities: made.slice(1, classes.length + 1).map((column) => column.label ?? ""), threshold, key,
    ...(actual === undefined ? {} : { actual }), ...(predicted === undefined ? {} : { predicted }),
  }));
  markChanged(`frame:${key}`);
  wake();
  return {
    screen: "scored", reads: [`model:${model}`, `frame:${frame}`],
    props: { model, frame, key, response: told.response_column_name ?? "", classes, actual: actual ?? null, predicted: predicted ?? null, threshold, whole: summary.rows },
  };
}

export const scored: Command[] = [
  {
    name: "getPredictedRows", group: "Score", title: "Show predicted rows, the worst first", style: "inline", form: "form", acts: true,
    help: "Shows rows beside what a model predicts of them, the largest loss first: all, or those of a cell of its confusion matrix.",
    parameters: [
      { name: "model", help: "Key of the model.", required: true },
      { name: "frame", help: "Key of the frame, which holds the response.", required: true },
      { name: "actual", help: "Only rows of this class." },
      { name: "predicted", help: "Only rows that are predicted as this class." },
      { name: "threshold", help: "Two classes: predict the second one from this probability on; else as the model does." },
      { name: "predictions", help: "Predictions that are there already, row by row; without it the frame is predicted." },
      { name: "key", help: "Key of the frame of these rows." },
    ],
    run: getPredictedRows,
  },
];
