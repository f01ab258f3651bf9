/** Builds a model, or a grid of them: the form is the algorithm's own declaration, and the server checks it as it is filled. */
import type { JSX } from "preact";
import { useEffect, useId, useMemo, useState } from "preact/hooks";
import type { Argument } from "../../language/print";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Button, Choice, Loaded, Note, Search } from "../../parts/controls";
import { count } from "../../parts/format";
import { Icon } from "../../parts/icons";
import * as calls from "../../rest/calls";
import type { Parameters } from "../../rest/client";
import { frames } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import type { ModelBuilderSchema } from "../../rest/schemas";
import { byField, changedValues, combinations, defaultEntry, entryOf, gridValues, isMeant, type Declared, type Entry, type Told } from "./form";
import { ParameterRow } from "./ParameterRow";

const CHECK_MS = 250;
const LEVELS = [["critical", "Main parameters"], ["secondary", "More parameters"], ["expert", "Expert parameters"]] as const;
/** Criteria of a search, in the server's names. */
const CRITERIA: readonly Declared[] = ([
  ["strategy", "enum", "Cartesian", "All combinations, or random ones until a limit.", ["Cartesian", "RandomDiscrete"]],
  ["max_models", "int", 0, "Stop after so many models; 0: no limit. For random combinations.", []],
  ["max_runtime_secs", "double", 0, "Stop after so many seconds; 0: no limit. For random combinations.", []],
  ["seed", "long", -1, "Seed of the random combinations; -1 draws one.", []],
] as const).map(([name, type, default_value, help, values]) => ({
  name, type, label: name, help, default_value, actual_value: default_value, input_value: default_value, values: [...values], level: "critical", required: false, gridable: false,
  is_member_of_frames: [], is_mutually_exclusive_with: [],
}) as unknown as Declared);

function useFrameColumns(frame: string): string[] {
  const query = useQuery(async (signal) => (frame ? (await calls.frameColumns(frame, signal)).columns ?? [] : []), [frame]);
  return useMemo(() => (query.data ?? []).map((column) => column.label ?? ""), [query.data]);
}

interface Checked {
  /** The values that were checked, as text. */
  of: string;
  told: Map<string, Told>;
  problem: Error | null;
}

/** What the server says to the parameters, asked a moment after the last change; `due` while it has not said it yet. */
function useCheck(algorithm: string, values: Record<string, Argument>): Checked & { due: boolean } {
  const [state, setState] = useState<Checked>({ of: "", told: new Map(), problem: null });
  const text = JSON.stringify(values, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      calls.checkParameters(algorithm, values as Parameters, controller.signal).then(
        (answer) => setState({ of: text, told: byField(answer.messages ?? []), problem: null }),
        (problem: unknown) => {
          if (!controller.signal.aborted) setState({ of: text, told: new Map(), problem: problem as Error });
        },
      );
    }, CHECK_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [algorithm, text]);
  return { ...state, due: state.of !== text };
}

interface FormProps {
  builder: ModelBuilderSchema;
  given: Record<string, unknown>;
}

type Filter = "All" | "Main" | "Changed";

function Form({ builder, given }: FormProps): JSX.Element {
  const algorithm = builder.algo ?? "";
  const parameters = (builder.parameters ?? []) as unknown as Declared[];
  const cell = useCell();
  const open = useOpen();
  const id = useId();
  const first = (): Record<string, Entry> => {
    const found: Record<string, Entry> = {};
    for (const parameter of parameters) {
      const name = parameter.name ?? "";
      if (given[name] !== undefined && given[name] !== null) found[name] = entryOf(parameter, given[name]);
    }
    if (!found["training_frame"] && parameters.some((one) => one.name === "training_frame") && frames.value.length === 1) found["training_frame"] = frames.value[0]?.key ?? "";
    return found;
  };
  const entries = cell.kept<Record<string, Entry>>(`entries.${algorithm}`, first());
  const touched = cell.kept<ReadonlySet<string>>(`touched.${algorithm}`, new Set());
  const varied = cell.kept<Record<string, string | null>>(`varied.${algorithm}`, {});
  const criteria = cell.kept<Record<string, Entry>>("criteria", {});
  const isGrid = cell.kept("isGrid", "hyper_parameters" in given);
  const search = cell.kept("search", "");
  const filter = cell.kept<Filter>("filter", "All");
  const opened = cell.kept<Record<string, boolean>>("opened", { critical: true });

  const entry = (parameter: Declared): Entry => entries.value[parameter.name ?? ""] ?? defaultEntry(parameter);
  const frame = String(entries.value["training_frame"] ?? "");
  const columns = useFrameColumns(frame);
  const values = useMemo(() => changedValues(parameters, entries.value), [parameters, entries.value]);
  const { told, problem, due } = useCheck(algorithm, values);
  const hyper = useMemo(() => {
    const found: Record<string, Argument[]> = {};
    for (const parameter of parameters) {
      const text = varied.value[parameter.name ?? ""];
      if (text !== null && text !== undefined) found[parameter.name ?? ""] = gridValues(parameter, text);
    }
    return found;
  }, [parameters, varied.value]);

  const set = (name: string, value: Entry): void => {
    entries.value = { ...entries.value, [name]: value };
    touched.value = new Set([...touched.value, name]);
  };
  const isChanged = (parameter: Declared): boolean => (parameter.name ?? "") in values || (isGrid.value && (parameter.name ?? "") in hyper);
  const hidden = new Set([...told].filter(([, one]) => one.hidden).map(([name]) => name));
  const shown = parameters.filter((parameter) =>
    !hidden.has(parameter.name ?? "") && isMeant(parameter, search.value) && (filter.value !== "Changed" || isChanged(parameter)) && (filter.value !== "Main" || parameter.level === "critical"));
  const wrong = [...told].flatMap(([name, one]) => one.wrong.map((message) => [name, message] as const));
  const models = isGrid.value ? combinations(hyper) : 1;

  const [asked, setAsked] = useState(false);
  const build = (): void => {
    if (due) return setAsked(true); // what was said is about earlier values: built, or not, once these are checked
    setAsked(false);
    touched.value = new Set([...touched.value, ...wrong.map(([name]) => name)]);
    if (wrong.length) {
      const name = wrong[0]?.[0] ?? "";
      search.value = "";
      filter.value = "All";
      opened.value = { critical: true, secondary: true, expert: true };
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-cell="${cell.id}"] [data-parameter="${CSS.escape(name)}"] :is(input, select, button)`)?.focus());
      return;
    }
    if (!isGrid.value) return open("buildModel", algorithm, values);
    const fixed = Object.fromEntries(Object.entries(values).filter(([name]) => !(name in hyper)));
    const limits = Object.fromEntries(Object.entries(changedValues(CRITERIA, criteria.value)));
    open("buildModel", algorithm, { ...fixed, hyper_parameters: hyper, search_criteria: { strategy: "Cartesian", ...limits } });
  };

  useEffect(() => {
    if (asked && !due) build();
  }, [asked, due]);

  const row = (parameter: Declared): JSX.Element => {
    const name = parameter.name ?? "";
    return (
      <ParameterRow key={name} parameter={parameter} id={`${id}-${name}`} entry={entry(parameter)} told={told.get(name)} touched={touched.value.has(name)} columns={columns} columnList={`${id}-columns`}
        varied={isGrid.value ? (varied.value[name] ?? null) : undefined} onChange={(value) => set(name, value)} onVary={(text) => (varied.value = { ...varied.value, [name]: text })} />
    );
  };
  const searching = search.value.trim() !== "" || filter.value !== "All";
  return (
    <>
      <div class="row">
        <Search label="Search parameters" value={search.value} onInput={(text) => (search.value = text)} />
        <Choice label="Parameters shown" options={["All", "Main", "Changed"] as const} value={filter.value} onChange={(value) => (filter.value = value)} />
        <span class="soft">{count(Object.keys(values).length, "parameter")} set</span>
        <Button kind="quiet" icon="refresh" disabled={!Object.keys(values).length} onClick={() => { entries.value = {}; touched.value = new Set(); varied.value = {}; }}>Reset</Button>
        <span class="grow" />
        <label class="row"><input type="checkbox" checked={isGrid.value} onChange={(event) => (isGrid.value = event.currentTarget.checked)} /> Grid search</label>
      </div>
      {columns.length > 60 && <datalist id={`${id}-columns`}>{columns.map((name) => <option key={name} value={name} />)}</datalist>}
      {isGrid.value && (
        <div class="panel">
          <p class="soft">Check parameters and give the values to try, parted by semicolons.</p>
          {CRITERIA.map((parameter) => (
            <ParameterRow key={parameter.name} parameter={parameter} id={`${id}-criteria-${parameter.name}`} entry={criteria.value[parameter.name ?? ""] ?? defaultEntry(parameter)} told={undefined} touched={false} columns={[]} columnList="" varied={undefined}
              onChange={(value) => (criteria.value = { ...criteria.value, [parameter.name ?? ""]: value })} onVary={() => undefined} />
          ))}
        </div>
      )}
      {problem && <Note tone="warn"><Icon name="warn" /> <span>{problem.message}</span></Note>}
      {searching ? <div>{shown.map(row)}{!shown.length && <p class="soft">No parameter fits.</p>}</div> : LEVELS.map(([level, title]) => {
        const some = shown.filter((parameter) => parameter.level === level);
        if (!some.length) return null;
        return (
          <details key={level} class="form-group" open={opened.value[level] ?? false} onToggle={(event) => { const now = event.currentTarget.open; if (now !== (opened.value[level] ?? false)) opened.value = { ...opened.value, [level]: now }; }}>
            <summary>{title} <span class="soft">{some.length}</span></summary>
            {opened.value[level] && some.map(row)}
          </details>
        );
      })}
      {(told.get("")?.wrong ?? []).map((message) => <Note key={message} tone="warn"><Icon name="warn" /> <span>{message}</span></Note>)}
      <div class="form-actions">
        <Button kind="main" icon={isGrid.value ? "grid" : "model"} disabled={isGrid.value && models === 0} onClick={build}>{isGrid.value ? `Build ${count(models, "model")}` : "Build model"}</Button>
        {wrong.length > 0 && <span class={touched.value.has(wrong[0]?.[0] ?? "") ? "chip bad" : "soft"}>{wrong.length === 1 ? wrong[0]?.[1] : `${wrong.length} fields still need a value or a correction: ${wrong.map(([name]) => name).join(", ")}`}</span>}
      </div>
    </>
  );
}

export default function Build({ props }: { props: Props }): JSX.Element {
  const cell = useCell();
  const given = (typeof props["parameters"] === "object" && props["parameters"] !== null && !Array.isArray(props["parameters"]) ? props["parameters"] : {}) as Record<string, unknown>;
  const chosen = cell.kept("algorithm", String(props["algorithm"] ?? "") || "deeplearning");
  const query = useQuery(() => calls.builders(), []);
  return (
    <Loaded query={query}>
      {(answer) => {
        const all = Object.values(answer.model_builders as unknown as Record<string, ModelBuilderSchema>).filter((builder) => builder.visibility === "Stable");
        const builder = all.find((one) => one.algo === chosen.value) ?? all[0];
        if (!builder) return <p>This server has no algorithms.</p>;
        return (
          <div class="screen panel">
            <div class="screen-head">
              <h2>Build a model</h2>
              <label class="row">Algorithm
                <select class="select" value={builder.algo ?? ""} onChange={(event) => (chosen.value = event.currentTarget.value)}>
                  {[...all].sort((a, b) => (a.algo_full_name ?? "").localeCompare(b.algo_full_name ?? "")).map((one) => <option key={one.algo} value={one.algo ?? ""}>{one.algo_full_name}</option>)}
                </select>
              </label>
            </div>
            <Form key={builder.algo} builder={builder} given={given} />
          </div>
        );
      }}
    </Loaded>
  );
}

