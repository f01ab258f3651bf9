/** Asks for an AutoML run: the form is what the server's schemas of a request declare, and the server checks it as it is filled. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { useOpen } from "../../notebook/context";
import { Loaded } from "../../parts/controls";
import * as calls from "../../rest/calls";
import type { Parameters } from "../../rest/client";
import { useQuery } from "../../rest/query";
import { ParameterForm } from "../form/ParameterForm";
import { flat, nested, parametersOf, type Placed } from "./specification";

/** An end that a first run can wait for; without any the server takes an hour. */
const SOON = { max_models: 10, max_runtime_secs: 300 };

let known: Promise<Placed[]> | null = null;

/** The parameters of a run, asked for once. */
function parameters(): Promise<Placed[]> {
  known ??= parametersOf(calls.schema).catch((problem: unknown) => {
    known = null;
    throw problem;
  });
  return known;
}

/** The form of a run: whatever the schemas declare. */
export function RunForm({ declared, given }: { declared: readonly Placed[]; given: Record<string, unknown> }): JSX.Element {
  const open = useOpen();
  return (
    <ParameterForm parameters={declared} about="automl" given={given} icon="automl" action="Run AutoML"
      check={(values, signal) => calls.checkAutoML(nested(declared, values) as Parameters, signal)} onSubmit={(values) => open("runAutoML", nested(declared, values))} />
  );
}

export default function AutoML({ props }: { props: Props }): JSX.Element {
  const query = useQuery(parameters, []);
  return (
    <div class="screen panel">
      <div class="screen-head"><h2>Run AutoML</h2><span class="soft">Trains models of many kinds, and ranks them on a leaderboard</span></div>
      <Loaded query={query}>
        {(declared) => {
          const asked = flat(declared, props["specification"]);
          const ends = "max_models" in asked || "max_runtime_secs" in asked;
          return <RunForm declared={declared} given={ends ? asked : { ...SOON, ...asked }} />;
        }}
      </Loaded>
    </div>
  );
}
