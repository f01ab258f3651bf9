/** A command as code elsewhere: for the Python client, for the R client, and for the command line. */
import { Call, type Argument } from "../language/print";
import { encode, part, type Parameters } from "../rest/client";
import { toJson } from "../rest/json";
import { bind, entries, text, texts, type Given } from "./command";
import { find } from "./registry";

export const LANGUAGES = ["Python", "R", "curl"] as const;
export type Language = (typeof LANGUAGES)[number];

type Values = Record<string, Argument | undefined>;

function isObject(value: Argument | undefined): value is { [name: string]: Argument } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Call);
}

// ---- values ----

export function python(value: Argument | undefined): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (isObject(value)) return `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${python(item)}`).join(", ")}}`;
  return String(value);
}

export function r(value: Argument | undefined): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return value.some((item) => typeof item === "object") ? `list(${value.map(r).join(", ")})` : `c(${value.map(r).join(", ")})`;
  if (isObject(value)) return `list(${Object.entries(value).map(([name, item]) => `${name} = ${r(item)}`).join(", ")})`;
  return String(value);
}

const FRAMES = new Set(["training_frame", "validation_frame", "leaderboard_frame", "blending_frame", "calibration_frame"]);
const R_NAMES: Record<string, string> = { drf: "randomForest", pca: "prcomp", naivebayes: "naiveBayes", isolationforest: "isolationForest", extendedisolationforest: "extendedIsolationForest", stackedensemble: "stackedEnsemble" };

/** Arguments by name; frames are fetched by their keys. */
function named(values: Values, language: "Python" | "R", rename: Record<string, string> = {}): string {
  const write = language === "Python" ? python : r;
  const [frame, equals] = language === "Python" ? ["h2o.get_frame", "="] : ["h2o.getFrame", " = "];
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${rename[name] ?? name}${equals}${FRAMES.has(name) ? `${frame}(${write(value)})` : write(value)}`)
    .join(", ");
}

/** Where a raw key came from. */
function pathOf(key: string): string {
  return key.startsWith("nfs://") ? `/${key.slice(6)}` : key;
}

function parse(given: Given, language: "Python" | "R"): string {
  const write = language === "Python" ? python : r;
  const paths = [...texts(given, "paths"), ...texts(given, "source_frames").map(pathOf)];
  const path = write(paths.length === 1 ? (paths[0] as string) : paths);
  const types = Array.isArray(given["column_types"]) ? given["column_types"].map((type) => String(type).toLowerCase()) : undefined;
  const values: Values = { destination_frame: given["destination_frame"], header: given["check_header"], col_names: given["column_names"], col_types: types };
  return language === "Python" ? `frame = h2o.import_file(${path}, ${named(values, "Python")})` : `frame <- h2o.importFile(${path}, ${named({ ...values, header: given["check_header"] === 1 }, "R", { col_names: "col.names", col_types: "col.types" })})`;
}

function build(given: Given, language: "Python" | "R"): string {
  const algorithm = text(given, "algorithm");
  const { training_frame, validation_frame, response_column, hyper_parameters, search_criteria, ...rest } = entries(given, "parameters");
  const data = { y: response_column, training_frame, validation_frame };
  if (language === "R") {
    const name = R_NAMES[algorithm] ?? algorithm;
    if (hyper_parameters) return `grid <- h2o.grid("${algorithm}", ${named({ ...data, ...rest, hyper_params: hyper_parameters, search_criteria }, "R")})`;
    return `model <- h2o.${name}(${named({ ...data, ...rest }, "R")})`;
  }
  const settings = named(rest, "Python");
  const estimator = `h2o.create_estimator("${algorithm}"${settings ? `, ${settings}` : ""})`;
  if (hyper_parameters) {
    return `from artesian.grid import H2OGridSearch\n\ngrid = H2OGridSearch(${estimator}, hyper_params=${python(hyper_parameters)}, search_criteria=${python(search_criteria)})\ngrid.train(${named(data, "Python")})`;
  }
  return `model = ${estimator}\nmodel.train(${named(data, "Python")})`;
}

function automl(given: Given, language: "Python" | "R"): string {
  const { input_spec, build_control, build_models } = entries(given, "specification") as Record<string, { [name: string]: Argument }>;
  const { stopping_criteria, ...control } = build_control ?? {};
  const { training_frame, validation_frame, leaderboard_frame, response_column, sort_metric } = input_spec ?? {};
  const settings = { ...control, ...(isObject(stopping_criteria) ? stopping_criteria : {}), ...(build_models ?? {}), sort_metric };
  const data = { y: response_column, training_frame, validation_frame, leaderboard_frame };
  if (language === "R") return `automl <- h2o.automl(${named({ ...data, ...settings }, "R")})`;
  return `from artesian.automl import H2OAutoML\n\nautoml = H2OAutoML(${named(settings, "Python")})\nautoml.train(${named(data, "Python")})\nautoml.leaderboard`;
}

/** The rows of a cell of a confusion matrix, without their order by loss. */
function predictedRows({ model, frame, actual, predicted, threshold, predictions }: Given): string {
  const lines = [`model = h2o.get_model(${python(model)})`, `frame = h2o.get_frame(${python(frame)})`, `predictions = ${predictions ? `h2o.get_frame(${python(predictions)})` : "model.predict(frame)"}`];
  if (typeof threshold === "number") lines.push('classes = predictions["predict"].levels()[0]');
  const called = typeof threshold === "number" ? `(predictions[2] >= ${python(threshold)}).ifelse(classes[1], classes[0])` : 'predictions["predict"]';
  const conditions = [
    ...(actual === undefined ? [] : [`(frame[model.actual_params["response_column"]] == ${python(actual)})`]),
    ...(predicted === undefined ? [] : [`(${called} == ${python(predicted)})`]),
  ];
  return [...lines, `rows = frame.cbind(predictions)${conditions.length ? `[${conditions.join(" & ")}, :]` : ""}`].join("\n");
}

type Writer = (given: Given) => string;

const PYTHON: Record<string, Writer> = {
  importFiles: (given) => texts(given, "paths").map((path) => `raw = h2o.lazy_import(${python(path)})`).join("\n"),
  parseFiles: (given) => parse(given, "Python"),
  getFrames: () => "h2o.ls()",
  getFrameSummary: (given) => `h2o.get_frame(${python(given["frame"])}).describe()`,
  getFrameData: (given) => `h2o.get_frame(${python(given["frame"])}).head()`,
  getColumnSummary: (given) => `h2o.get_frame(${python(given["frame"])})[${python(given["column"])}].describe()`,
  splitFrame: (given) => `parts = h2o.get_frame(${python(given["frame"])}).split_frame(ratios=${python(given["ratios"])}, destination_frames=${python(given["keys"])}, seed=${python(given["seed"])})`,
  buildModel: (given) => build(given, "Python"),
  runAutoML: (given) => automl(given, "Python"),
  getModel: (given) => `h2o.get_model(${python(given["model"])})`,
  getGrid: (given) => `h2o.get_grid(${python(given["grid"])})`,
  predict: (given) => `model = h2o.get_model(${python(given["model"])})\nframe = h2o.get_frame(${python(given["frame"])})\npredictions = model.predict(frame)\nmodel.model_performance(frame)`,
  getPredictedRows: predictedRows,
  deleteFrame: (given) => `h2o.remove(${python(given["frame"])})`,
  deleteModel: (given) => `h2o.remove(${python(given["models"])})`,
};

const R: Record<string, Writer> = {
  importFiles: (given) => texts(given, "paths").map((path) => `raw <- h2o.importFile(${r(path)}, parse = FALSE)`).join("\n"),
  parseFiles: (given) => parse(given, "R"),
  getFrames: () => "h2o.ls()",
  getFrameSummary: (given) => `h2o.describe(h2o.getFrame(${r(given["frame"])}))`,
  getFrameData: (given) => `head(h2o.getFrame(${r(given["frame"])}))`,
  splitFrame: (given) => `parts <- h2o.splitFrame(h2o.getFrame(${r(given["frame"])}), ratios = ${r(given["ratios"])}, destination_frames = ${r(given["keys"])}, seed = ${r(given["seed"])})`,
  buildModel: (given) => build(given, "R"),
  runAutoML: (given) => automl(given, "R"),
  getModel: (given) => `h2o.getModel(${r(given["model"])})`,
  getGrid: (given) => `h2o.getGrid(${r(given["grid"])})`,
  predict: (given) => `model <- h2o.getModel(${r(given["model"])})\nframe <- h2o.getFrame(${r(given["frame"])})\npredictions <- h2o.predict(model, frame)\nh2o.performance(model, frame)`,
  deleteFrame: (given) => `h2o.rm(${r(given["frame"])})`,
  deleteModel: (given) => `h2o.rm(${r(given["models"])})`,
};

interface Asked {
  method: "GET" | "POST" | "DELETE";
  path: string;
  form?: Parameters;
  json?: Parameters;
}

const key = (given: Given, name: string): string => part(text(given, name));

const ASKED: Record<string, (given: Given) => Asked> = {
  importFiles: (given) => ({ method: "GET", path: `/3/ImportFiles?${encode({ path: texts(given, "paths")[0] })}` }),
  setupParse: (given) => ({ method: "POST", path: "/3/ParseSetup", form: { source_frames: texts(given, "source_frames") } }),
  parseFiles: (given) => ({ method: "POST", path: "/3/Parse", form: given as Parameters }),
  getFrames: () => ({ method: "GET", path: "/3/Frames" }),
  getFrameSummary: (given) => ({ method: "GET", path: `/3/Frames/${key(given, "frame")}/summary` }),
  getFrameData: (given) => ({ method: "GET", path: `/3/Frames/${key(given, "frame")}` }),
  getColumnSummary: (given) => ({ method: "GET", path: `/3/Frames/${key(given, "frame")}/columns/${key(given, "column")}/summary` }),
  getModels: () => ({ method: "GET", path: "/3/Models" }),
  getModel: (given) => ({ method: "GET", path: `/3/Models/${key(given, "model")}` }),
  getGrids: () => ({ method: "GET", path: "/99/Grids" }),
  getGrid: (given) => ({ method: "GET", path: `/99/Grids/${key(given, "grid")}` }),
  getLeaderboard: (given) => ({ method: "GET", path: `/99/AutoML/${key(given, "automl")}` }),
  getJobs: () => ({ method: "GET", path: "/3/Jobs" }),
  getJob: (given) => ({ method: "GET", path: `/3/Jobs/${key(given, "job")}` }),
  cancelJob: (given) => ({ method: "POST", path: `/3/Jobs/${key(given, "job")}/cancel` }),
  buildModel: (given) => {
    const parameters = entries(given, "parameters") as Parameters;
    return { method: "POST", path: `/${"hyper_parameters" in parameters ? "99/Grid" : "3/ModelBuilders"}/${key(given, "algorithm")}`, form: parameters };
  },
  runAutoML: (given) => ({ method: "POST", path: "/99/AutoMLBuilder", json: entries(given, "specification") as Parameters }),
  predict: ({ model, frame, ...rest }) => ({ method: "POST", path: `/3/Predictions/models/${part(String(model))}/frames/${part(String(frame))}`, form: rest as Parameters }),
  getPrediction: (given) => ({ method: "GET", path: `/3/ModelMetrics/models/${key(given, "model")}/frames/${key(given, "frame")}` }),
  deleteFrame: (given) => ({ method: "DELETE", path: `/3/Frames/${key(given, "frame")}` }),
  buildPartialDependence: (given) => ({ method: "POST", path: "/3/PartialDependence", form: given as Parameters }),
  getPartialDependence: (given) => ({ method: "GET", path: `/3/PartialDependence/${key(given, "key")}` }),
  createFrame: (given) => ({ method: "POST", path: "/3/CreateFrame", form: entries(given, "parameters") as Parameters }),
  exportFrame: (given) => ({ method: "POST", path: `/3/Frames/${key(given, "frame")}/export`, form: { path: text(given, "path"), force: given["overwrite"] === true } }),
  exportModel: (given) => ({ method: "GET", path: `/99/Models.bin/${key(given, "model")}?${encode({ dir: text(given, "path"), force: given["overwrite"] === true })}` }),
  importModel: (given) => ({ method: "POST", path: "/99/Models.bin/not_in_use", form: { dir: text(given, "path"), force: given["overwrite"] === true } }),
  getCloud: () => ({ method: "GET", path: "/3/Cloud" }),
  getTimeline: () => ({ method: "GET", path: "/3/Timeline" }),
  getProfile: () => ({ method: "GET", path: "/3/Profiler?depth=10" }),
  getStackTrace: () => ({ method: "GET", path: "/3/JStack" }),
  testNetwork: () => ({ method: "GET", path: "/3/NetworkTest" }),
  getLogFile: (given) => ({ method: "GET", path: `/3/Logs/nodes/0/files/${part(text(given, "file") || "info")}` }),
  getEndpoints: () => ({ method: "GET", path: "/3/Metadata/endpoints" }),
  deleteModel: (given) => ({ method: "DELETE", path: `/3/Models/${key(given, "models")}` }),
};

/** A text in the single quotes of a shell. */
export function shell(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

function curl(asked: Asked, server: string): string {
  const lines = [`curl -X ${asked.method} ${shell(server + asked.path)}`];
  if (asked.json) lines.push(`-H 'Content-Type: application/json' -d ${shell(toJson(asked.json))}`);
  for (const [name, value] of Object.entries(asked.form ?? {})) {
    if (value === undefined || value === null) continue;
    lines.push(`--data-urlencode ${shell(`${name}=${typeof value === "object" ? toJson(value) : String(value)}`)}`);
  }
  return lines.join(" \\\n  ");
}

/** The call as code; null where that language has no counterpart. */
export function copyAs(call: Call, language: Language, server: string): string | null {
  const command = find(call.name);
  if (!command || call.name === "assist") return null;
  const given = bind(command, call.args);
  if (language === "curl") {
    const asked = ASKED[call.name]?.(given);
    return asked ? curl(asked, server) : null;
  }
  return (language === "Python" ? PYTHON : R)[call.name]?.(given) ?? null;
}
