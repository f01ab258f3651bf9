/** Commands that look into what models do: partial dependence. */
import { freshKey } from "../parts/format";
import { post, type Parameters } from "../rest/client";
import { keyOf, wake } from "../rest/objects";
import type { JobV3 } from "../rest/schemas";
import { CommandProblem, text, texts, type Command, type Given, type Outcome } from "./command";

async function buildPartialDependence(given: Given): Promise<Outcome> {
  const [model, frame] = [text(given, "model_id"), text(given, "frame_id")];
  const pairs = given["col_pairs_2dpdp"];
  if (!texts(given, "cols").length && !(Array.isArray(pairs) && pairs.length)) throw new CommandProblem("Give the columns: cols, or col_pairs_2dpdp for pairs.");
  const parameters: Parameters = { ...(given as Parameters), destination_key: text(given, "destination_key") || freshKey("dependence") };
  const answer = await post<JobV3>("/3/PartialDependence", parameters);
  wake();
  return {
    screen: "partial", props: { key: String(parameters["destination_key"]), job: keyOf(answer.key) },
    reads: [`model:${model}`, `frame:${frame}`], follows: true,
  };
}

export const examining: Command[] = [
  {
    name: "buildPartialDependence", group: "Score", title: "Partial dependence", form: "form", style: "lines", acts: true,
    help: "Works out how predictions change, on average, as one column or a pair changes.",
    parameters: [
      { name: "model_id", help: "Key of the model.", required: true },
      { name: "frame_id", help: "Key of the frame.", required: true },
      { name: "cols", help: "Columns, each by itself." },
      { name: "col_pairs_2dpdp", help: "Pairs of columns, each a list of two." },
      { name: "targets", help: "Classes, for models of more than two." },
      { name: "nbins", help: "Points of a numeric column." },
      { name: "add_missing_na", help: "Whether missing values get a point." },
      { name: "row_index", help: "The one row to look at; -1 for all." },
      { name: "weight_column_index", help: "Position of a column of weights; -1 for none." },
      { name: "user_splits", help: "Points of your own, one column after the other." },
      { name: "user_cols", help: "The columns that they belong to." },
      { name: "num_user_splits", help: "How many points each of these columns has." },
      { name: "destination_key", help: "Key of the result." },
    ],
    run: buildPartialDependence,
  },
  {
    name: "getPartialDependence", group: "Score", title: "Show partial dependence", help: "Shows partial dependence that was worked out.",
    parameters: [{ name: "key", help: "Key of the result.", required: true }],
    run: (given) => ({ screen: "partial", props: { key: text(given, "key") }, reads: [] }),
  },
];
