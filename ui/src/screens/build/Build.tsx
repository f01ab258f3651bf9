/** Builds a model, or a grid of them: the form is the algorithm's own declaration, and the server checks it as it is filled. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Problem, Skeleton } from "../../parts/controls";
import * as calls from "../../rest/calls";
import type { Parameters } from "../../rest/client";
import { useQuery } from "../../rest/query";
import type { ModelBuilderSchema } from "../../rest/schemas";
import type { Declared } from "../form/parameters";
import { ParameterForm } from "../form/ParameterForm";

/** The form of one algorithm: whatever it declares. */
export function BuilderForm({ builder, given }: { builder: ModelBuilderSchema; given: Record<string, unknown> }): JSX.Element {
  const open = useOpen();
  const algorithm = builder.algo ?? "";
  return (
    <ParameterForm parameters={(builder.parameters ?? []) as unknown as Declared[]} about={algorithm} given={given} grids icon="model" action="Build model"
      check={async (values, signal) => (await calls.checkParameters(algorithm, values as Parameters, signal)).messages ?? []}
      onSubmit={(values) => open("buildModel", algorithm, values)} />
  );
}

export default function Build({ props }: { props: Props }): JSX.Element {
  const cell = useCell();
  const given = (typeof props["parameters"] === "object" && props["parameters"] !== null && !Array.isArray(props["parameters"]) ? props["parameters"] : {}) as Record<string, unknown>;
  const chosen = cell.kept("algorithm", String(props["algorithm"] ?? "") || "deeplearning");
  const all = useQuery(() => calls.algorithms(), []);
  const one = useQuery(() => calls.builder(chosen.value), [chosen.value]);
  const named = [...(all.data ?? [])].filter((builder) => builder.visibility === "Stable").sort((a, b) => (a.algo_full_name ?? "").localeCompare(b.algo_full_name ?? ""));
  return (
    <div class="screen panel">
      <div class="screen-head">
        <h2>Build a model</h2>
        <label class="row">Algorithm
          <select class="select" value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)}>
            {!named.some((builder) => builder.algo === chosen.value) && <option value={chosen.value}>{one.data?.algo_full_name ?? chosen.value}</option>}
            {named.map((builder) => <option key={builder.algo} value={builder.algo ?? ""}>{builder.algo_full_name}</option>)}
          </select>
        </label>
      </div>
      {one.data?.algo === chosen.value ? <BuilderForm key={chosen.value} builder={one.data} given={given} /> : one.error ? <Problem error={one.error} retry={one.refresh} /> : <Skeleton />}
    </div>
  );
}
