/** Commands that train: models, grid searches, AutoML; and deleting models. */
import type { Argument } from "../language/print";
import * as calls from "../rest/calls";
import { get, part, post, type Parameters } from "../rest/client";
import { keyOf, markChanged, markGone, wake } from "../rest/objects";
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
    name, group: "Model", title: name === "deleteModel" ? "Delete a model" : "Delete models", ...(name === "deleteModels" ? { form: "form" } : {}), acts: true, help: "Removes models from the server.",
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
    name: "importModel", group: "Model", title: "Import a model", form: "form", acts: true, help: "Loads a model file that lies on the server.",
    parameters: [{ name: "path", help: "Where it lies.", required: true }, { name: "overwrite", help: "Whether a model of its key may be replaced." }],
    run: async (given) => {
      const answer = await post<{ models?: { model_id: unknown }[] }>("/99/Models.bin/not_in_use", { dir: text(given, "path"), force: given["overwrite"] === true });
      const key = keyOf(answer.models?.[0]?.model_id);
      markChanged(`model:${key}`);
      wake();
      return { screen: "model", props: { model: key }, reads: [`model:${key}`], follows: true };
    },
  },
  {
    name: "exportModel", group: "Model", title: "Export a model", form: "form", acts: true, help: "Writes a model to a file on the server.",
    parameters: [
      { name: "model", help: "Key of the model.", required: true },
      { name: "path", help: "Where to write it.", required: true },
      { name: "overwrite", help: "Whether an earlier file may be replaced." },
    ],
    run: async (given) => {
      const answer = await get<{ dir?: string }>(`/99/Models.bin/${part(text(given, "model"))}`, { dir: text(given, "path"), force: given["overwrite"] === true });
      return { screen: "done", props: { message: `Written to ${answer.dir ?? text(given, "path")}.` }, reads: [] };
    },
  },
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
