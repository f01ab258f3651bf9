/** Asks for an AutoML run: frame, response, how long, which algorithms. */
import type { JSX } from "preact";
import { useId, useMemo, useState } from "preact/hooks";
import type { Argument } from "../../language/print";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Button } from "../../parts/controls";
import { sheet } from "../../parts/overlays";
import * as calls from "../../rest/calls";
import { frames } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import { ChooseColumns } from "../build/ChooseColumns";

const ALGORITHMS = ["GLM", "DRF", "GBM", "XGBoost", "DeepLearning", "StackedEnsemble"] as const;
const FEW = 60;

interface Kept {
  frame: string;
  response: string;
  validation: string;
  leaderboard: string;
  ignored: string[];
  project: string;
  models: string;
  secs: string;
  perModel: string;
  folds: string;
  seed: string;
  metric: string;
  balance: boolean;
  without: string[];
}

const METRICS = ["AUTO", "AUC", "AUCPR", "logloss", "mean_per_class_error", "RMSE", "MSE", "MAE", "RMSLE", "deviance"];

function section(props: Props, name: string): Record<string, unknown> {
  const outer = (props["specification"] ?? {}) as Record<string, unknown>;
  const inner = outer[name];
  return typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
}

export default function AutoML({ props }: { props: Props }): JSX.Element {
  const open = useOpen();
  const id = useId();
  const input = section(props, "input_spec");
  const state = useCell().kept<Kept>("form", {
    frame: String(input["training_frame"] ?? ""), response: String(input["response_column"] ?? ""), validation: "", leaderboard: "", ignored: [], project: "", models: "10", secs: "300", perModel: "", folds: "5",
    seed: "-1", metric: "AUTO", balance: false, without: [],
  });
  const [tried, setTried] = useState(false);
  const now = state.value;
  const set = (change: Partial<Kept>): void => {
    state.value = { ...state.value, ...change };
  };
  const frame = now.frame || frames.value[0]?.key || "";
  const query = useQuery(async (signal) => (frame ? ((await calls.frameColumns(frame, signal)).columns ?? []) : []), [frame]);
  const columns = useMemo(() => (query.data ?? []).map((column) => column.label ?? ""), [query.data]);
  const ends = Number(now.models) > 0 || Number(now.secs) > 0;
  const wrong = !frame ? "Choose the frame to train on." : !columns.includes(now.response) ? "Choose the column to predict." : !ends ? "Give the most models or the most seconds: a run needs an end." : now.without.length === ALGORITHMS.length ? "Leave at least one algorithm." : "";
  const submit = (): void => {
    setTried(true);
    if (wrong) return;
    const stopping: { [name: string]: Argument } = { seed: Number(now.seed) };
    if (Number(now.models) > 0) stopping["max_models"] = Number(now.models);
    if (Number(now.secs) > 0) stopping["max_runtime_secs"] = Number(now.secs);
    if (Number(now.perModel) > 0) stopping["max_runtime_secs_per_model"] = Number(now.perModel);
    open("runAutoML", {
      input_spec: {
        training_frame: frame, response_column: now.response,
        ...(now.validation ? { validation_frame: now.validation } : {}), ...(now.leaderboard ? { leaderboard_frame: now.leaderboard } : {}),
        ...(now.ignored.length ? { ignored_columns: now.ignored } : {}), sort_metric: now.metric,
      },
      build_control: { ...(now.project.trim() ? { project_name: now.project.trim() } : {}), nfolds: Number(now.folds), balance_classes: now.balance, stopping_criteria: stopping },
      ...(now.without.length ? { build_models: { include_algos: ALGORITHMS.filter((name) => !now.without.includes(name)) } } : {}),
    });
  };
  const pickFrame = (field: string, label: string, value: string, change: (key: string) => void, help: string, none = true): JSX.Element => (
    <div class="field">
      <label for={field}>{label}</label>
      <select id={field} value={value} onChange={(event) => change(event.currentTarget.value)}>
        {none && <option value="">(none)</option>}
        {frames.value.map((one) => <option key={one.key} value={one.key}>{one.key} ({one.note})</option>)}
      </select>
      <span class="help">{help}</span>
    </div>
  );
  const type = (field: string, label: string, name: "project" | "models" | "secs" | "perModel" | "folds" | "seed", help: string, placeholder = ""): JSX.Element => (
    <div class="field">
      <label for={field}>{label}</label>
      <input id={field} class="mono" value={now[name]} placeholder={placeholder} spellcheck={false} onInput={(event) => set({ [name]: event.currentTarget.value })} />
      <span class="help">{help}</span>
    </div>
  );
  return (
    <div class="screen panel">
      <h2>Run AutoML</h2>
      <div class="fields">
        {pickFrame(`${id}-frame`, "Training frame", frame, (key) => set({ frame: key, response: "", ignored: [] }), "Key of the frame to train on.", false)}
        <div class="field">
          <label for={`${id}-response`}>Response column</label>
          {columns.length <= FEW ? (
            <select id={`${id}-response`} value={now.response} onChange={(event) => set({ response: event.currentTarget.value })}>
              <option value="">(none)</option>
              {columns.map((name) => <option key={name}>{name}</option>)}
            </select>
          ) : <><input id={`${id}-response`} class="mono" list={`${id}-columns`} value={now.response} placeholder={`one of ${columns.length} columns`} onInput={(event) => set({ response: event.currentTarget.value })} /><datalist id={`${id}-columns`}>{columns.map((name) => <option key={name} value={name} />)}</datalist></>}
          <span class="help">Column to predict; categorical for classes.</span>
        </div>
        <div class="field">
          <span class="strong">Ignored columns</span>
          <Button onClick={() => (sheet.value = { title: "Ignored columns", body: () => <ChooseColumns names={columns} chosen={now.ignored} onChange={(ignored) => set({ ignored })} /> })}>{now.ignored.length ? `${now.ignored.length} chosen…` : "Choose columns…"}</Button>
        </div>
        {type(`${id}-models`, "Most models", "models", "Besides the ensembles; 0: no limit.")}
        {type(`${id}-secs`, "Most seconds", "secs", "For the whole run; 0: no limit.")}
        {type(`${id}-per-model`, "Most seconds a model", "perModel", "Empty: no limit.")}
        {type(`${id}-folds`, "Folds", "folds", "Of the cross-validation that ranks the models; 0 for none.")}
        <div class="field">
          <label for={`${id}-metric`}>Rank by</label>
          <select id={`${id}-metric`} value={now.metric} onChange={(event) => set({ metric: event.currentTarget.value })}>{METRICS.map((name) => <option key={name}>{name}</option>)}</select>
          <span class="help">AUTO: AUC, mean per class error or RMSE, by the response.</span>
        </div>
        {type(`${id}-seed`, "Seed", "seed", "The same seed gives the same models, unless time ends them.")}
        {pickFrame(`${id}-validation`, "Validation frame", now.validation, (validation) => set({ validation }), "For early stopping without folds.")}
        {pickFrame(`${id}-leaderboard`, "Leaderboard frame", now.leaderboard, (leaderboard) => set({ leaderboard }), "Ranks the models on it instead of the folds.")}
        {type(`${id}-project`, "Project name", "project", "Runs of one name share a leaderboard.", "made by the server")}
      </div>
      <fieldset>
        <legend class="strong">Algorithms</legend>
        <div class="row">
          {ALGORITHMS.map((name) => (
            <label key={name} class="row"><input type="checkbox" checked={!now.without.includes(name)} onChange={(event) => set({ without: event.currentTarget.checked ? now.without.filter((one) => one !== name) : [...now.without, name] })} /> {name}</label>
          ))}
        </div>
      </fieldset>
      <label class="row"><input type="checkbox" checked={now.balance} onChange={(event) => set({ balance: event.currentTarget.checked })} /> Balance classes</label>
      <div class="form-actions">
        <Button kind="main" icon="automl" onClick={submit}>Run AutoML</Button>
        {wrong && <span class={tried ? "chip bad" : "soft"}>{wrong}</span>}
      </div>
    </div>
  );
}
