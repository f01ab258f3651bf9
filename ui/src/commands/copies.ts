/** A command as code elsewhere: for the Python client, for the R client, and for the command line. */
import { Call, type Argument } from "../language/print";
import { encode, part, type Parameters } from "../rest/client";
import { toJson } from "../rest/json";
import { bind, entries, text, texts, type Given } from "./command";
import { binding, splitting } from "./data";
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

/** Parameters as the clients take them: pairs as one object of them, objects of one type as its name. */
function plainer(values: Values): Values {
  const isList = (value: Argument | undefined, ...names: string[]): value is { [name: string]: Argument }[] =>
    Array.isArray(value) && value.length > 0 && value.every((one) => isObject(one) && Object.keys(one).every((name) => names.includes(name)));
  return Object.fromEntries(Object.entries(values).map(([name, value]) => {
    if (isList(value, "key", "value")) return [name, Object.fromEntries(value.map((one) => [String(one["key"]), one["value"] as Argument]))];
    if (isList(value, "type")) return [name, value.map((one) => String(one["type"]).replace(/(?!^)([A-Z])/g, "_$1").toLowerCase())];
    return [name, value];
  }));
}

/** The columns that are learnt from, where some are not: a line that fetches the frame, and the argument. */
function learnt(frame: Argument | undefined, ignored: Argument | undefined, response: Argument | undefined, language: "Python" | "R"): { before: string; x: string } {
  if (!Array.isArray(ignored) || !ignored.length) return { before: "", x: "" };
  const others = [...ignored, ...(response === undefined ? [] : [response])];
  return language === "Python"
    ? { before: `frame = h2o.get_frame(${python(frame)})\n`, x: `x=[name for name in frame.columns if name not in ${python(others)}], ` }
    : { before: `frame <- h2o.getFrame(${r(frame)})\n`, x: `x = setdiff(names(frame), ${r(others)}), ` };
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
  const { training_frame, validation_frame, response_column, hyper_parameters, search_criteria, grid_id, ...others } = entries(given, "parameters");
  const data = { y: response_column, training_frame, validation_frame };
  if (language === "R") {
    const { ignored_columns, ...rest } = plainer(others);
    const { before, x } = learnt(training_frame, ignored_columns, response_column, "R");
    const name = R_NAMES[algorithm] ?? algorithm;
    if (hyper_parameters) return `${before}grid <- h2o.grid("${algorithm}", ${x}${named({ ...data, grid_id, ...rest, hyper_params: hyper_parameters, search_criteria }, "R")})`;
    return `${before}model <- h2o.${name}(${x}${named({ ...data, ...rest }, "R")})`;
  }
  const settings = named(plainer(others), "Python");
  const estimator = `h2o.create_estimator("${algorithm}"${settings ? `, ${settings}` : ""})`;
  if (hyper_parameters) {
    return `from artesian.grid import H2OGridSearch\n\ngrid = H2OGridSearch(${estimator}, ${named({ hyper_params: hyper_parameters, grid_id, search_criteria }, "Python")})\ngrid.train(${named(data, "Python")})`;
  }
  return `model = ${estimator}\nmodel.train(${named(data, "Python")})`;
}

function automl(given: Given, language: "Python" | "R"): string {
  const { input_spec, build_control, build_models } = entries(given, "specification") as Record<string, { [name: string]: Argument }>;
  const { stopping_criteria, ...control } = build_control ?? {};
  const { response_column, ignored_columns, sort_metric, ...frames } = input_spec ?? {};
  const settings = plainer({ ...control, ...(isObject(stopping_criteria) ? stopping_criteria : {}), ...(build_models ?? {}), sort_metric });
  const data = { y: response_column, ...frames };
  const { before, x } = learnt(frames["training_frame"], ignored_columns, response_column, language);
  if (language === "R") return `${before}automl <- h2o.automl(${x}${named({ ...data, ...settings }, "R")})`;
  return `from artesian.automl import H2OAutoML\n\nautoml = H2OAutoML(${named(settings, "Python")})\n${before}automl.train(${x}${named(data, "Python")})\nautoml.leaderboard`;
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

type Writer = (given: Given) => string | null;

const isTrue = (given: Given, name: string): Argument => given[name] === true;
/** A path as the folder and the name in it. */
const parted = (path: string): [string, string] => [path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || (path.startsWith("/") ? "/" : "."), path.slice(path.lastIndexOf("/") + 1)];
const CONVERT: Record<string, [string, string]> = { enum: ["asfactor", "as.factor"], factor: ["asfactor", "as.factor"], numeric: ["asnumeric", "as.numeric"], int: ["asnumeric", "as.numeric"], string: ["ascharacter", "as.character"] };

function convert(given: Given, language: "Python" | "R"): string | null {
  const [inPython, inR] = CONVERT[text(given, "type").toLowerCase()] ?? ["", ""];
  if (!inPython) return null;
  const [key, column] = [given["frame"], given["column"]];
  return language === "Python"
    ? `frame = h2o.get_frame(${python(key)})\nframe[${python(column)}] = frame[${python(column)}].${inPython}()\nframe = h2o.assign(frame, ${python(key)})`
    : `frame <- h2o.getFrame(${r(key)})\nframe[, ${r(column)}] <- ${inR}(frame[, ${r(column)}])\nframe <- h2o.assign(frame, ${r(key)})`;
}

/** Frames joined by all columns of a shared name; a join by other columns has no short counterpart. */
function merge(given: Given, language: "Python" | "R"): string | null {
  if (given["leftColumn"] !== undefined && given["leftColumn"] !== null) return null;
  const more = { all_x: isTrue(given, "includeAllLeft"), all_y: isTrue(given, "includeAllRight") };
  if (language === "R") return `frame <- h2o.assign(h2o.merge(h2o.getFrame(${r(given["left"])}), h2o.getFrame(${r(given["right"])}), ${named({ "all.x": more.all_x, "all.y": more.all_y }, "R")}), ${r(given["key"])})`;
  return `frame = h2o.assign(h2o.get_frame(${python(given["left"])}).merge(h2o.get_frame(${python(given["right"])}), ${named(more, "Python")}), ${python(given["key"])})`;
}

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
  getPrediction: (given) => `h2o.get_model(${python(given["model"])}).model_performance(h2o.get_frame(${python(given["frame"])}))`,
  buildPartialDependence: ({ model_id, frame_id, cols, nbins, targets, row_index, ...rest }) =>
    Object.keys(rest).some((name) => name === "col_pairs_2dpdp") ? null : `h2o.get_model(${python(model_id)}).partial_plot(h2o.get_frame(${python(frame_id)}), ${named({ cols, nbins, targets, row_index }, "Python")}, plot=False)`,
  changeColumnType: (given) => convert(given, "Python"),
  imputeColumn: ({ frame, column, method, combineMethod, groupByColumns }) => `h2o.get_frame(${python(frame)}).impute(${python(column)}, ${named({ method, combine_method: combineMethod, by: groupByColumns }, "Python")})`,
  mergeFrames: (given) => merge(given, "Python"),
  bindFrames: (given) => {
    const [first, ...others] = texts(given, "frames").map((key) => `h2o.get_frame(${python(key)})`);
    return `frame = h2o.assign(${first}.cbind([${others.join(", ")}]), ${python(given["key"])})`;
  },
  createFrame: (given) => {
    const { dest, ...rest } = entries(given, "parameters");
    return `frame = h2o.create_frame(${named({ frame_id: dest, ...rest }, "Python")})`;
  },
  exportFrame: (given) => `h2o.export_file(h2o.get_frame(${python(given["frame"])}), ${python(given["path"])}, force=${python(isTrue(given, "overwrite"))})`,
  exportModel: (given) => {
    const [path, filename] = parted(text(given, "path"));
    return `h2o.save_model(h2o.get_model(${python(given["model"])}), ${named({ path, filename, force: isTrue(given, "overwrite") }, "Python")})`;
  },
  importModel: (given) => `model = h2o.load_model(${python(given["path"])})`,
  getCloud: () => "h2o.cluster().show_status()",
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
  getPrediction: (given) => `h2o.performance(h2o.getModel(${r(given["model"])}), h2o.getFrame(${r(given["frame"])}))`,
  changeColumnType: (given) => convert(given, "R"),
  imputeColumn: ({ frame, column, method, combineMethod, groupByColumns }) => `h2o.impute(h2o.getFrame(${r(frame)}), ${r(column)}, ${named({ method, combine_method: combineMethod, by: groupByColumns }, "R")})`,
  mergeFrames: (given) => merge(given, "R"),
  bindFrames: (given) => `frame <- h2o.assign(h2o.cbind(${texts(given, "frames").map((key) => `h2o.getFrame(${r(key)})`).join(", ")}), ${r(given["key"])})`,
  exportFrame: (given) => `h2o.exportFile(h2o.getFrame(${r(given["frame"])}), ${r(given["path"])}, force = ${r(isTrue(given, "overwrite"))})`,
  importModel: (given) => `model <- h2o.loadModel(${r(given["path"])})`,
  getCloud: () => "h2o.clusterInfo()",
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

/** The requests that make files known, and the keys that the server will give to them. */
function imported(given: Given): { first: Asked[]; keys: string[] } {
  const paths = texts(given, "paths");
  const sources = paths.map((path) => (/^[a-z0-9]+:/i.test(path) ? path : path.startsWith("/") ? `nfs:/${path}` : `nfs://FOLDER OF THE SERVER/${path}`));
  return { first: paths.map((path) => ({ method: "GET", path: `/3/ImportFiles?${encode({ path })}` })), keys: [...texts(given, "source_frames"), ...sources] };
}

const ASKED: Record<string, (given: Given) => Asked | Asked[]> = {
  importFiles: (given) => imported(given).first,
  setupParse: (given) => [...imported(given).first, { method: "POST", path: "/3/ParseSetup", form: { source_frames: imported(given).keys } }],
  parseFiles: ({ paths, ...rest }) => {
    const { first, keys } = imported({ paths, ...rest });
    return [...first, { method: "POST", path: "/3/Parse", form: { ...rest, source_frames: keys, delete_on_done: rest["delete_on_done"] ?? true } as Parameters }];
  },
  getFrames: () => ({ method: "GET", path: "/3/Frames" }),
  getFrameSummary: (given) => ({ method: "GET", path: `/3/Frames/${key(given, "frame")}/summary` }),
  getFrameData: (given) => ({ method: "GET", path: `/3/Frames/${key(given, "frame")}` }),
  splitFrame: (given) => ({ method: "POST", path: "/99/Rapids", form: { ast: splitting(given) } }),
  bindFrames: (given) => ({ method: "POST", path: "/99/Rapids", form: { ast: binding(given) } }),
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
  deleteModel: (given) => texts(given, "models").map((one) => ({ method: "DELETE", path: `/3/Models/${part(one)}` })),
  deleteModels: (given) => texts(given, "models").map((one) => ({ method: "DELETE", path: `/3/Models/${part(one)}` })),
  deleteFrames: (given) => texts(given, "frames").map((one) => ({ method: "DELETE", path: `/3/Frames/${part(one)}` })),
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
    return asked ? [asked].flat().map((one) => curl(one, server)).join("\n") : null;
  }
  return (language === "Python" ? PYTHON : R)[call.name]?.(given) ?? null;
}
