/** Commands that bring data in and change it. */

import * as calls from "../rest/calls";
import { secretFor } from "./secrets";
import { keyOf, markChanged, markGone, wake } from "../rest/objects";
import { part, post, type Parameters } from "../rest/client";
import { CommandProblem, entries, text, texts, type Command, type Given, type Outcome, type Plain } from "./command";

const PARSE = [
  "source_frames", "paths", "destination_frame", "parse_type", "separator", "number_columns", "single_quotes", "column_names", "column_types",
  "skipped_columns", "na_strings", "check_header", "delete_on_done", "chunk_size", "escapechar", "custom_non_data_line_markers", "partition_by",
  "decrypt_tool", "tz_adjust_to_local", "force_col_types",
];

/** Outcome of something that the server does in a job. */
export function jobOutcome(job: unknown, ...reads: string[]): Outcome {
  const key = keyOf((job as { key?: unknown } | null)?.key);
  const dest = keyOf((job as { dest?: unknown } | null)?.dest);
  wake();
  return { screen: "job", props: { job: key, dest }, reads };
}

/** Keys of source frames: those given, or those that importing the given paths makes. */
async function sources(given: Given): Promise<string[]> {
  const frames = texts(given, "source_frames");
  if (frames.length) return frames;
  const found: string[] = [];
  for (const path of texts(given, "paths")) found.push(...((await calls.importFiles(path)).destination_frames ?? []));
  if (!found.length) throw new CommandProblem("Give the files: source_frames (imported ones) or paths.");
  return found;
}

/** A name of Rapids: quoted where it is not plain. */
export function rapidsName(key: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(key) ? key : `\`${key}\``;
}

export const rapidsText = (value: string): string => JSON.stringify(value);

const afterRapids = (frame: string): Outcome => {
  markChanged(`frame:${frame}`);
  wake();
  return { screen: "frame", props: { frame }, reads: [`frame:${frame}`], follows: true };
};

async function importFiles(given: Given): Promise<Outcome> {
  const answers = [];
  for (const path of texts(given, "paths")) answers.push(await calls.importFiles(path));
  const files: Plain[] = answers.flatMap((answer) => answer.files ?? []);
  const frames: Plain[] = answers.flatMap((answer) => answer.destination_frames ?? []);
  const fails: Plain[] = answers.flatMap((answer) => answer.fails ?? []);
  return { screen: "imported", props: { files, frames, fails }, reads: [] };
}

async function parseFiles(given: Given): Promise<Outcome> {
  const source_frames = await sources(given);
  const parameters: Parameters = {};
  for (const [name, value] of Object.entries(given)) if (name !== "paths") parameters[name] = value as Parameters[string];
  const answer = await calls.parse({ ...parameters, source_frames, delete_on_done: given["delete_on_done"] ?? true } as Parameters);
  return jobOutcome(answer.job);
}

/** The Rapids that parts a frame's rows at random. */
export function splitting(given: Given): string {
  const frame = text(given, "frame");
  const ratios = texts(given, "ratios").map(Number);
  const keys = texts(given, "keys");
  const seed = text(given, "seed") || "-1";
  if (ratios.some((ratio) => !(ratio > 0 && ratio < 1)) || ratios.reduce((a, b) => a + b, 0) >= 1) {
    throw new CommandProblem("The ratios must be above 0 and together below 1; the last part gets the rest.");
  }
  if (keys.length !== ratios.length + 1) throw new CommandProblem(`${ratios.length} ratios make ${ratios.length + 1} parts: give as many keys.`);
  let from = 0;
  const parts = keys.map((key, i) => {
    const to = i < ratios.length ? Number((from + (ratios[i] as number)).toFixed(9)) : 1;
    const low = from > 0 ? `(> flow_split ${from})` : "";
    const high = to < 1 ? `(<= flow_split ${to})` : "";
    const rows = low && high ? `(& ${low} ${high})` : low || high;
    from = to;
    return `(assign ${rapidsName(key)} (rows ${rapidsName(frame)} ${rows}))`;
  });
  return `(, (tmp= flow_split (h2o.runif ${rapidsName(frame)} ${seed})) ${parts.join(" ")} (rm flow_split))`;
}

async function splitFrame(given: Given): Promise<Outcome> {
  const keys = texts(given, "keys");
  await calls.rapids(splitting(given));
  markChanged(...keys.map((key) => `frame:${key}`));
  wake();
  return { screen: "frames", props: { only: keys }, reads: keys.map((key) => `frame:${key}`) };
}

async function changeColumnType(given: Given): Promise<Outcome> {
  const frame = text(given, "frame");
  const operators: Record<string, string> = { enum: "as.factor", factor: "as.factor", numeric: "as.numeric", int: "as.numeric", string: "as.character", time: "as.Date" };
  const operator = operators[text(given, "type").toLowerCase()];
  if (!operator || operator === "as.Date") throw new CommandProblem(`The type must be one of enum, numeric, string. Got '${text(given, "type")}'.`);
  const summary = await calls.frameColumns(frame);
  const names = (summary.columns ?? []).map((column) => column.label);
  const i = names.indexOf(text(given, "column"));
  if (i < 0) throw new CommandProblem(`The frame '${frame}' has no column '${text(given, "column")}'.`);
  const key = rapidsName(frame);
  await calls.rapids(`(assign ${key} (:= ${key} (${operator} (cols ${key} ${i})) ${i} [0:${summary.rows}]))`);
  return { ...afterRapids(frame), screen: "column", props: { frame, column: text(given, "column") } };
}

async function imputeColumn(given: Given): Promise<Outcome> {
  const frame = text(given, "frame");
  const names = ((await calls.frameColumns(frame)).columns ?? []).map((column) => column.label);
  const place = (column: string): number => {
    const i = names.indexOf(column);
    if (i < 0) throw new CommandProblem(`The frame '${frame}' has no column '${column}'.`);
    return i;
  };
  const groups = texts(given, "groupByColumns").map(place);
  const method = (text(given, "method") || "mean").toLowerCase();
  const combine = (text(given, "combineMethod") || "interpolate").toLowerCase();
  const column = text(given, "column");
  await calls.rapids(`(h2o.impute ${rapidsName(frame)} ${place(column)} ${rapidsText(method)} ${rapidsText(combine)} [${groups.join(" ")}] _ _)`);
  return { ...afterRapids(frame), screen: "column", props: { frame, column } };
}

/** The Rapids that puts the columns of frames side by side. */
export const binding = (given: Given): string => `(assign ${rapidsName(text(given, "key"))} (cbind ${texts(given, "frames").map(rapidsName).join(" ")}))`;

async function bindFrames(given: Given): Promise<Outcome> {
  await calls.rapids(binding(given));
  return afterRapids(text(given, "key"));
}

/** Joins by the columns that are named, by name or position; else by those that share a name. */
async function mergeFrames(given: Given): Promise<Outcome> {
  const sides = ["left", "right"].map((side) => text(given, side));
  const [left, right] = await Promise.all(sides.map(async (frame) => ((await calls.frameColumns(frame)).columns ?? []).map((column) => column.label ?? "")));
  const by = (side: string, names: readonly string[] = []): string => {
    const wanted = given[`${side}Column`];
    if (wanted === undefined || wanted === null || wanted === "") return "[]";
    const i = typeof wanted === "number" ? wanted : names.indexOf(String(wanted));
    if (!(i >= 0 && i < names.length)) throw new CommandProblem(`The ${side} frame has no column '${String(wanted)}'.`);
    return `[${i}]`;
  };
  const keys = [by("left", left), by("right", right)];
  if (keys.every((one) => one === "[]") && !left?.some((name) => right?.includes(name))) {
    throw new CommandProblem(`The frames '${sides.join("' and '")}' have no column name in common: say which columns belong together by leftColumn and rightColumn.`);
  }
  const all = (name: string): string => (given[name] === true ? "TRUE" : "FALSE");
  const key = text(given, "key");
  await calls.rapids(`(assign ${rapidsName(key)} (merge ${sides.map(rapidsName).join(" ")} ${all("includeAllLeft")} ${all("includeAllRight")} ${keys.join(" ")} "radix"))`);
  return afterRapids(key);
}

export const data: Command[] = [
  {
    name: "importFiles", group: "Data", title: "Import files", form: "import", style: "json", acts: true,
    help: "Makes files on the server or the web known to it, so that they can be parsed.",
    parameters: [{ name: "paths", help: "Paths, folders, patterns or addresses.", required: true }], run: importFiles,
  },
  {
    name: "uploadFile", group: "Data", title: "Upload a file", form: "import", help: "Sends files from this computer to the server.",
    parameters: [{ name: "file", help: "Chosen in the form.", required: true }],
    run: () => ({ screen: "import", props: {}, reads: [] }),
  },
  {
    name: "setupParse", group: "Data", title: "Set up parsing", style: "inline",
    help: "Shows how files will be read: separator, header, names and types of columns.",
    parameters: [
      { name: "source_frames", help: "Keys of imported files." },
      { name: "paths", help: "Paths of files, imported first." },
    ],
    run: async (given) => ({ screen: "parse", props: { sources: await sources(given) }, reads: [] }),
  },
  {
    name: "parseFiles", group: "Data", title: "Parse files", style: "lines", acts: true, help: "Reads imported files into a frame.",
    parameters: PARSE.map((name) => ({ name, help: `${name} as in POST /3/Parse.` })), run: parseFiles,
  },
  {
    name: "splitFrame", group: "Data", title: "Split a frame", form: "split", acts: true, help: "Splits a frame's rows at random into parts.",
    parameters: [
      { name: "frame", help: "Key of the frame.", required: true },
      { name: "ratios", help: "Parts of the rows; the last part gets the rest.", required: true },
      { name: "keys", help: "Keys of the new frames.", required: true },
      { name: "seed", help: "Seed of the random numbers; -1 draws one." },
    ],
    run: splitFrame,
  },
  {
    name: "changeColumnType", group: "Data", title: "Change a column's type", style: "inline", form: "form", acts: true, help: "Converts a column to categorical, numeric or text.",
    parameters: ["frame", "column", "type"].map((name) => ({ name, help: "", required: true })), run: changeColumnType,
  },
  {
    name: "imputeColumn", group: "Data", title: "Impute a column", style: "inline", form: "form", acts: true, help: "Fills the missing values of a column.",
    parameters: [
      { name: "frame", help: "Key of the frame.", required: true },
      { name: "column", help: "Name of the column.", required: true },
      { name: "method", help: "mean, median or mode." },
      { name: "combineMethod", help: "How to take the median of an even number of values." },
      { name: "groupByColumns", help: "Columns whose groups are filled by themselves." },
    ],
    run: imputeColumn,
  },
  {
    name: "bindFrames", group: "Data", title: "Bind frames", form: "form", acts: true, help: "Puts the columns of frames side by side.",
    parameters: [{ name: "key", help: "Key of the new frame.", required: true }, { name: "frames", help: "Keys of the frames.", required: true }],
    run: bindFrames,
  },
  {
    name: "mergeFrames", group: "Data", title: "Merge frames", form: "form", acts: true, help: "Joins two frames by columns that they share.",
    parameters: ["key", "left", "leftColumn", "includeAllLeft", "right", "rightColumn", "includeAllRight"].map((name) => ({ name, help: "", required: name === "key" || name === "left" || name === "right" })),
    run: mergeFrames,
  },
  {
    name: "exportFrame", group: "Data", title: "Export a frame", form: "form", acts: true, help: "Writes a frame to a file on the server.",
    parameters: [
      { name: "frame", help: "Key of the frame.", required: true },
      { name: "path", help: "Where to write it.", required: true },
      { name: "overwrite", help: "Whether an earlier file may be replaced." },
    ],
    run: async (given) => {
      const answer = await post<{ job: unknown }>(`/3/Frames/${part(text(given, "frame"))}/export`, { path: text(given, "path"), force: given["overwrite"] === true });
      return jobOutcome(answer.job);
    },
  },
  {
    name: "createFrame", group: "Data", title: "Make a synthetic frame", form: "form", acts: true, help: "Makes a frame of random values.",
    parameters: [{ name: "parameters", help: "Rows, columns and kinds of values.", whole: true, required: true }],
    run: async (given) => {
      return jobOutcome(await post("/3/CreateFrame", entries(given, "parameters") as Parameters));
    },
  },
  {
    name: "deleteFrame", group: "Data", title: "Delete a frame", acts: true, help: "Removes a frame from the server.",
    parameters: [{ name: "frame", help: "Key of the frame.", required: true }],
    run: async (given) => {
      const frame = text(given, "frame");
      await calls.deleteFrame(frame);
      markGone(`frame:${frame}`);
      wake();
      return { screen: "done", props: { message: `The frame ${frame} is deleted.` }, reads: [] };
    },
  },
  {
    name: "deleteFrames", group: "Data", title: "Delete frames", form: "form", acts: true, help: "Removes several frames from the server.",
    parameters: [{ name: "frames", help: "Keys of the frames.", required: true }],
    run: async (given) => {
      const keys = texts(given, "frames");
      for (const key of keys) await calls.deleteFrame(key);
      markGone(...keys.map((key) => `frame:${key}`));
      wake();
      return { screen: "done", props: { message: `Deleted: ${keys.join(", ")}.` }, reads: [] };
    },
  },
  {
    name: "importSqlTable", group: "Data", title: "Import a table of a database", form: "form", style: "lines", acts: true, help: "Reads a table of PostgreSQL or SQLite into a frame.",
    parameters: [
      { name: "connection_url", help: "jdbc:postgresql://host:port/database or jdbc:sqlite:path.", required: true },
      { name: "table", help: "Name of the table.", required: true },
      { name: "columns", help: "Columns, separated by commas; * for all." },
      { name: "username", help: "User of the database." },
      { name: "password", help: "The form keeps it for this page and leaves it out of the command." },
    ],
    run: async (given) => {
      const address = text(given, "connection_url");
      const password = text(given, "password") || secretFor(address);
      const parameters = { connection_url: address, table: text(given, "table"), columns: text(given, "columns") || "*", username: text(given, "username"), password };
      return jobOutcome(await post("/99/ImportSQLTable", parameters));
    },
  },
];

