/** Commands that show what is there and change nothing. */
import { Call } from "../language/print";
import { CommandProblem, plain, text, type Command, type Given, type Outcome } from "./command";

const show = (screen: string, props: Outcome["props"], ...reads: string[]): Outcome => ({ screen, props, reads, follows: true });

/** The object that `inspect` and `grid` look into: the call that shows it, as kind and keys. */
function lookedInto(value: unknown): { kind: string; key: string; second: string } {
  if (value instanceof Call) {
    const inner = value.args[0];
    if (value.name === "inspect") return lookedInto(value.args[value.args.length - 1]);
    if (value.name === "getModel" || value.name === "getGrid" || value.name === "getLeaderboard") {
      return { kind: value.name.slice(3).toLowerCase(), key: String(inner ?? ""), second: "" };
    }
    if (/^getFrame/.test(value.name)) return { kind: "frame", key: String(inner ?? ""), second: "" };
    if (value.name === "getPrediction" || value.name === "predict") {
      const named = (inner ?? {}) as { model?: string; frame?: string };
      return { kind: "prediction", key: named.model ?? "", second: named.frame ?? "" };
    }
  }
  throw new CommandProblem('Only results can be looked into, such as: inspect "Scoring History", getModel "m".');
}

function inspect(given: Given): Outcome {
  const named = given["object"] === undefined ? null : plain(given["table"]);
  const { kind, key, second } = lookedInto(given["object"] ?? given["table"]);
  return show("inspect", { table: named, kind, key, second }, `${kind === "prediction" ? "model" : kind}:${key}`);
}

export const looking: Command[] = [
  {
    name: "assist", group: "Notebook", title: "Assist me", help: "Shows where to begin, or the form of a command.",
    parameters: [{ name: "command", help: "Command whose form to show." }], run: () => show("home", {}),
  },
  {
    name: "getFrames", group: "Data", title: "List frames", help: "Lists the frames on the server.", parameters: [],
    run: () => show("frames", {}),
  },
  ...["getFrameSummary", "getFrame"].map((name): Command => ({
    name, group: "Data", title: name === "getFrame" ? "Show a frame" : "Summarise a frame", form: "frames",
    help: "Shows the columns of a frame: types, missing values, distributions.",
    parameters: [{ name: "frame", help: "Key of the frame.", required: true }],
    run: (given) => show("frame", { frame: text(given, "frame") }, `frame:${text(given, "frame")}`),
  })),
  {
    name: "getFrameData", group: "Data", title: "Show a frame's rows", help: "Shows the rows of a frame.", form: "frames",
    parameters: [{ name: "frame", help: "Key of the frame.", required: true }],
    run: (given) => show("frame", { frame: text(given, "frame"), tab: "Rows" }, `frame:${text(given, "frame")}`),
  },
  {
    name: "getColumnSummary", group: "Data", title: "Show a column", help: "Shows the distribution of one column.",
    parameters: [
      { name: "frame", help: "Key of the frame.", required: true },
      { name: "column", help: "Name of the column.", required: true },
    ],
    run: (given) => show("column", { frame: text(given, "frame"), column: text(given, "column") }, `frame:${text(given, "frame")}`),
  },
  {
    name: "getModels", group: "Model", title: "List models", help: "Lists the models on the server, or the given ones side by side.",
    parameters: [{ name: "models", help: "Keys of models to compare." }],
    run: (given) => {
      const keys = plain(given["models"]);
      if (Array.isArray(keys) && keys.length) return show("compare", { models: keys }, ...keys.map((key) => `model:${String(key)}`));
      return show("models", {});
    },
  },
  {
    name: "compareModels", group: "Model", title: "Compare models", form: "models",
    help: "Shows two to eight models side by side: metrics, differing parameters, curves.",
    parameters: [{ name: "models", help: "Keys of the models.", required: true }],
    run: (given) => {
      const keys = (plain(given["models"]) as string[]).map(String);
      if (!Array.isArray(keys) || keys.length < 2 || keys.length > 8) throw new CommandProblem("Two to eight models can be compared.");
      return show("compare", { models: keys }, ...keys.map((key) => `model:${key}`));
    },
  },
  {
    name: "getModel", group: "Model", title: "Show a model", help: "Shows a model: scores, curves, importances, parameters.", form: "models",
    parameters: [{ name: "model", help: "Key of the model.", required: true }],
    run: (given) => show("model", { model: text(given, "model") }, `model:${text(given, "model")}`),
  },
  {
    name: "getGrids", group: "Model", title: "List grid searches", help: "Lists the grid searches on the server.", parameters: [],
    run: () => show("grids", {}),
  },
  {
    name: "getGrid", group: "Model", title: "Show a grid search", help: "Shows the models of a grid search beside their parameters.", form: "grids",
    parameters: [
      { name: "grid", help: "Key of the search.", required: true },
      { name: "sort_by", help: "Metric that orders the models." },
      { name: "decreasing", help: "Whether the largest comes first." },
    ],
    run: (given) =>
      show("grid", { grid: text(given, "grid"), sort_by: text(given, "sort_by"), decreasing: plain(given["decreasing"]) }, `grid:${text(given, "grid")}`),
  },
  {
    name: "getLeaderboard", group: "Model", title: "Show a leaderboard", help: "Shows the models of an AutoML run, best first.",
    parameters: [{ name: "automl", help: "Key of the run: project@@response.", required: true }],
    run: (given) => show("leaderboard", { automl: text(given, "automl") }, `automl:${text(given, "automl")}`),
  },
  { name: "getJobs", group: "Admin", title: "List jobs", help: "Lists the jobs that run and ran.", parameters: [], run: () => show("jobs", {}) },
  {
    name: "getJob", group: "Admin", title: "Show a job", help: "Shows how a job is doing.",
    parameters: [{ name: "job", help: "Key of the job.", required: true }],
    run: (given) => show("job", { job: text(given, "job") }),
  },
  {
    name: "inspect", group: "Notebook", title: "Look into a result", help: "Shows the tables within a result, or the one of that name.",
    parameters: [{ name: "table", help: "Name of the table.", required: true }, { name: "object", help: "Call that gives the result." }],
    run: inspect,
  },
  {
    name: "grid", group: "Notebook", title: "Show as a table", help: "Shows what inspect finds, as a table.",
    parameters: [{ name: "table", help: "What to show: a call of inspect.", required: true }],
    run: (given) => {
      const inner = given["table"];
      if (!(inner instanceof Call) || inner.name !== "inspect") throw new CommandProblem("grid shows what inspect finds: grid inspect \"…\", getModel \"…\".");
      return inspect({ table: inner.args[0], object: inner.args[1] });
    },
  },
];
