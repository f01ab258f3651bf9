/** Commands that score frames and show scores. */
import { freshKey } from "../parts/format";
import * as calls from "../rest/calls";
import { wake } from "../rest/objects";
import { plain, text, type Command, type Given, type Outcome } from "./command";

async function predict(given: Given): Promise<Outcome> {
  const [model, frame] = [text(given, "model"), text(given, "frame")];
  const predictions = text(given, "predictions_frame") || freshKey("prediction");
  const extra: Record<string, string | number | boolean> = {};
  for (const name of ["reconstruction_error", "deep_features_hidden_layer", "leaf_node_assignment"]) {
    const value = plain(given[name]);
    if (typeof value === "boolean" || typeof value === "number" || typeof value === "string") extra[name] = value;
  }
  await calls.predict(model, frame, { predictions_frame: predictions, ...extra });
  wake();
  return { screen: "prediction", props: { model, frame, predictions }, reads: [`model:${model}`, `frame:${frame}`] };
}

export const scoring: Command[] = [
  {
    name: "predict", group: "Score", title: "Predict", form: "predict", style: "inline", acts: true,
    help: "Applies a model to a frame and shows how well it does.",
    parameters: [
      { name: "model", help: "Key of the model.", required: true },
      { name: "frame", help: "Key of the frame.", required: true },
      { name: "predictions_frame", help: "Key of the new frame of predictions." },
      { name: "reconstruction_error", help: "Reconstruction errors instead of predictions." },
      { name: "deep_features_hidden_layer", help: "Outputs of that hidden layer instead of predictions." },
      { name: "leaf_node_assignment", help: "Leaves that each row falls into instead of predictions." },
    ],
    run: predict,
  },
  {
    name: "getPrediction", group: "Score", title: "Show a prediction", style: "inline", help: "Shows the scores of a model on a frame.",
    parameters: [{ name: "model", help: "Key of the model.", required: true }, { name: "frame", help: "Key of the frame.", required: true }],
    run: (given) => {
      const [model, frame] = [text(given, "model"), text(given, "frame")];
      return { screen: "prediction", props: { model, frame }, reads: [`model:${model}`, `frame:${frame}`] };
    },
  },
  {
    name: "getPredictions", group: "Score", title: "List predictions", help: "Lists the scores of models on frames.",
    parameters: [{ name: "model", help: "Of that model alone." }, { name: "frame", help: "On that frame alone." }],
    run: (given) => ({ screen: "predictions", props: { model: text(given, "model"), frame: text(given, "frame") }, reads: [] }),
  },
];
