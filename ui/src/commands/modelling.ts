/** Commands that train: models, grid searches, AutoML; and deleting models. */
import type { Argument } from "../language/print";
import * as calls from "../rest/calls";
import { markGone, wake } from "../rest/objects";
import type { Parameters } from "../rest/client";
import { entries, text, texts, type Command, type Given, type Outcome } from "./command";
import { jobOutcome } from "./data";

/** Frames among a model's parameters: its result stands on them. */
function framesIn(parameters: Record<string, Argument>): string[] {
  return ["training_frame", "validation_frame", "blending_frame", "leaderboard_frame"]
    .map((name) => parameters[name])
    .filter((key): key is string => typeof key === "string" && key !== "")
    .map((key) => `frame:${key}`);
}

async function buildModel(given: Given): Promise<Outcome> {
  const algorithm = text(given, "algorithm");
  const parameters = entries(given, "parameters");
  const send = "hyper_parameters" in parameters ? calls.buildGrid : calls.buildModel;
  const { job } = await send(algorithm, parameters as Parameters);
  return jobOutcome(job, ...framesIn(parameters));
}

async function runAutoML(given: Given): Promise<Outcome> {
  const specification = entries(given, "specification");
  const { job } = await calls.runAutoML(specification as Parameters);
  const outcome = jobOutcome(job, ...framesIn((specification["input_spec"] ?? {}) as Record<string, Argument>));
  return { ...outcome, screen: "leaderboard", follows: true, props: { automl: outcome.props["dest"] ?? "", job: outcome.props["job"] ?? "" } };
}

export const modelling: Command[] = [
  {
    name: "buildModel", group: "Model", title: "Build a model", form: "build", style: "json", acts: true,
    help: "Trains a model, or with hyper_parameters a grid of them.",
    parameters: [
      { name: "algorithm", help: "Short name, such as deeplearning.", required: true },
      { name: "parameters", help: "Parameters of the algorithm.", whole: true, required: true },
    ],
    run: buildModel,
  },
  {
    name: "runAutoML", group: "Model", title: "Run AutoML", form: "automl", style: "json", acts: true,
    help: "Trains models of many kinds and ranks them.",
    parameters: [{ name: "specification", help: "input_spec, build_control, build_models.", whole: true, required: true }],
    run: runAutoML,
  },
  ...["deleteModel", "deleteModels"].map((name): Command => ({
    name, group: "Model", title: name === "deleteModel" ? "Delete a model" : "Delete models", acts: true, help: "Removes models from the server.",
    parameters: [{ name: "models", help: "Key or keys.", required: true }],
    run: async (given) => {
      const keys = texts(given, "models");
      for (const key of keys) await calls.deleteModel(key);
      markGone(...keys.map((key) => `model:${key}`));
      wake();
      return { screen: "done", props: { message: `Deleted: ${keys.join(", ")}.` }, reads: [] };
    },
  })),
  {
    name: "cancelJob", group: "Admin", title: "Cancel a job", acts: true, help: "Asks a job to stop.",
    parameters: [{ name: "job", help: "Key of the job.", required: true }],
    run: async (given) => {
      await calls.cancelJob(text(given, "job"));
      wake();
      return { screen: "job", props: { job: text(given, "job") }, reads: [] };
    },
  },
];
