/** The form of declared parameters, whatever they belong to: the main ones first, a search, what is changed, and what the server says as they are filled. */
import type { JSX } from "preact";
import { useEffect, useId, useMemo, useState } from "preact/hooks";
import type { Argument } from "../../language/print";
import { useCell } from "../../notebook/context";
import { Button, Choice, Note, Search } from "../../parts/controls";
import { count } from "../../parts/format";
import { Icon, type IconName } from "../../parts/icons";
import * as calls from "../../rest/calls";
import { frames } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import type { ValidationMessageV3 } from "../../rest/schemas";
import { byField, changedValues, combinations, defaultEntry, entryOf, firstEntries, gridValues, isMeant, type Declared, type Entry, type Told } from "./parameters";
import { ParameterRow } from "./ParameterRow";

const CHECK_MS = 250;
const MOST_IN_LIST = 60;
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
}));

export type Values = Record<string, Argument>;

/** Names of the frame's columns; those asked for last stay until the next are there. */
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

type Check = (values: Values, signal: AbortSignal) => Promise<readonly ValidationMessageV3[]>;

/** What the server says to the values, asked a moment after the last change; `due` while it has not said it yet. */
function useCheck(check: Check, values: Values): Checked & { due: boolean } {
  const [state, setState] = useState<Checked>({ of: "", told: new Map(), problem: null });
  const text = JSON.stringify(values, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      check(values, controller.signal).then(
        (messages) => setState({ of: text, told: byField(messages), problem: null }),
        (problem: unknown) => {
          if (!controller.signal.aborted) setState({ of: text, told: new Map(), problem: problem as Error });
        },
      );
    }, state.of ? CHECK_MS : 0);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text]);
  return { ...state, due: state.of !== text };
}

interface Props {
  parameters: readonly Declared[];
  /** Whose parameters they are: what was typed is kept under this name. */
  about: string;
  given: Record<string, unknown>;
  check: Check;
  icon: IconName;
  action: string;
  /** Whether several values of a parameter can be tried. */
  grids?: boolean;
  onSubmit: (values: Values) => void;
}

type Filter = "All" | "Main" | "Changed";

/** Values to try, by parameter, and criteria, of earlier arguments of a search. */
function givenGrid(parameters: readonly Declared[], given: Record<string, unknown>): { varied: Record<string, string | null>; criteria: Record<string, Entry> } {
  const varied: Record<string, string | null> = {};
  const hyper = (given["hyper_parameters"] ?? {}) as Record<string, unknown>;
  for (const parameter of parameters) {
    const values = hyper[parameter.name ?? ""];
    if (Array.isArray(values)) varied[parameter.name ?? ""] = values.map((value) => String(entryOf(parameter, value))).join("; ");
  }
  const limits = (given["search_criteria"] ?? {}) as Record<string, unknown>;
  return { varied, criteria: firstEntries(CRITERIA, limits, []) };
}

export function ParameterForm({ parameters, about, given, check, icon, action, grids = false, onSubmit }: Props): JSX.Element {
  const cell = useCell();
  const id = useId();
  const before = useMemo(() => givenGrid(parameters, given), []);
  const entries = cell.kept<Record<string, Entry>>(`entries.${about}`, firstEntries(parameters, given, frames.value.map((frame) => frame.key)));
  const touched = cell.kept<ReadonlySet<string>>(`touched.${about}`, new Set());
  const varied = cell.kept<Record<string, string | null>>(`varied.${about}`, before.varied);
  const criteria = cell.kept<Record<string, Entry>>("criteria", before.criteria);
  const isGrid = cell.kept("isGrid", grids && "hyper_parameters" in given);
  const search = cell.kept("search", "");
  const filter = cell.kept<Filter>("filter", "All");
  const opened = cell.kept<Record<string, boolean>>("opened", { critical: true });

  const entry = (parameter: Declared): Entry => entries.value[parameter.name ?? ""] ?? defaultEntry(parameter);
  const trainingFrame = String(entries.value["training_frame"] ?? "");
  const columns = useFrameColumns(trainingFrame);
  const columnCount = frames.value.find((frame) => frame.key === trainingFrame)?.columns ?? columns.length;
  const values = useMemo(() => changedValues(parameters, entries.value), [parameters, entries.value]);
  const { told, problem, due } = useCheck(check, values);
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
  // What a search varies counts, whatever the value that the others have.
  const isHidden = (name: string): boolean => (told.get(name)?.hidden ?? false) && !(isGrid.value && name in hyper);
  const meant = parameters.filter((parameter) => isMeant(parameter, search.value));
  const idle = meant.flatMap(({ name }) => (name && isHidden(name) ? [name] : []));
  const shown = meant.filter((parameter) =>
    !isHidden(parameter.name ?? "") && (filter.value !== "Changed" || isChanged(parameter)) && (filter.value !== "Main" || parameter.level === "critical"));
  const wrong = [...told].flatMap(([name, one]) => one.wrong.map((message) => [name, message] as const));
  const ofFields = wrong.filter(([name]) => name);
  const models = isGrid.value ? combinations(hyper) : 1;
  const changes = Object.keys(values).length;

  const goTo = (name: string): void => {
    search.value = "";
    filter.value = "All";
    opened.value = { critical: true, secondary: true, expert: true };
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-cell="${cell.id}"] [data-parameter="${CSS.escape(name)}"] :is(input, select, button)`)?.focus());
  };
  const [asked, setAsked] = useState(false);
  const submit = (): void => {
    if (due) return setAsked(true); // what was said is about earlier values: sent, or not, once these are checked
    setAsked(false);
    touched.value = new Set([...touched.value, ...wrong.map(([name]) => name)]);
    if (wrong.length) return goTo(wrong[0]?.[0] ?? "");
    if (!isGrid.value) return onSubmit(values);
    const fixed = Object.fromEntries(Object.entries(values).filter(([name]) => !(name in hyper)));
    onSubmit({ ...fixed, hyper_parameters: hyper, search_criteria: { strategy: "Cartesian", ...changedValues(CRITERIA, criteria.value) } });
  };
  useEffect(() => {
    if (asked && !due) submit();
  }, [asked, due]);
  const reset = (): void => {
    entries.value = {};
    touched.value = new Set();
    varied.value = {};
  };

  const row = (parameter: Declared): JSX.Element => {
    const name = parameter.name ?? "";
    return (
      <ParameterRow key={name} parameter={parameter} id={`${id}-${name}`} entry={entry(parameter)} told={told.get(name)} touched={touched.value.has(name)} columns={columns} columnCount={columnCount} columnList={`${id}-columns`}
        varied={isGrid.value ? (varied.value[name] ?? null) : undefined} onChange={(value) => set(name, value)} onVary={(text) => (varied.value = { ...varied.value, [name]: text })} />
    );
  };
  const searching = search.value.trim() !== "" || filter.value !== "All";
  return (
    <>
      <div class="row">
        <Search label="Search parameters" value={search.value} onInput={(text) => (search.value = text)} />
        <Choice label="Parameters shown" options={["All", "Main", "Changed"] as const} value={filter.value} onChange={(value) => (filter.value = value)} />
        <span class="soft">{count(changes, "parameter")} set</span>
        <Button kind="quiet" icon="refresh" disabled={!changes && !Object.keys(hyper).length} onClick={reset}>Reset</Button>
        <span class="grow" />
        {grids && <label class="row"><input type="checkbox" checked={isGrid.value} onChange={(event) => (isGrid.value = event.currentTarget.checked)} /> Grid search</label>}
      </div>
      {columns.length > MOST_IN_LIST && <datalist id={`${id}-columns`}>{columns.map((name) => <option key={name} value={name} />)}</datalist>}
      {isGrid.value && (
        <div class="panel">
          <p class="soft">Check parameters below and give the values to try, parted by semicolons: all combinations are trained, or random ones of them.</p>
          {CRITERIA.map((parameter) => (
            <ParameterRow key={parameter.name} parameter={parameter} id={`${id}-criteria-${parameter.name}`} entry={criteria.value[parameter.name ?? ""] ?? defaultEntry(parameter)} told={undefined} touched={false} columns={[]} columnCount={0} columnList="" varied={undefined}
              onChange={(value) => (criteria.value = { ...criteria.value, [parameter.name ?? ""]: value })} onVary={() => undefined} />
          ))}
        </div>
      )}
      {problem && <Note tone="warn"><Icon name="warn" /> <span>{problem.message}</span></Note>}
      {searching ? <div>{shown.map(row)}{!shown.length && <p class="soft">{filter.value === "Changed" && !search.value ? "Everything is as the server has it." : (idle.length ? "" : "No parameter fits.")}</p>}{search.value.trim() !== "" && idle.length > 0 && <p class="soft">{`Without effect as the others are set: ${idle.join(", ")}.`}</p>}</div> : LEVELS.map(([level, title]) => {
        const some = shown.filter((parameter) => parameter.level === level);
        if (!some.length) return null;
        const own = some.filter(isChanged).length;
        return (
          <details key={level} class="form-group" open={opened.value[level] ?? false} onToggle={(event) => { const now = event.currentTarget.open; if (now !== (opened.value[level] ?? false)) opened.value = { ...opened.value, [level]: now }; }}>
            <summary>{title} <span class="soft">{some.length}{own > 0 && `, ${own} changed`}</span></summary>
            {opened.value[level] && some.map(row)}
          </details>
        );
      })}
      {(told.get("")?.wrong ?? []).map((message) => <Note key={message} tone="warn"><Icon name="warn" /> <span>{message}</span></Note>)}
      <div class="form-actions">
        <Button kind="main" icon={isGrid.value ? "grid" : icon} disabled={isGrid.value && models === 0} onClick={submit}>{isGrid.value ? `Build ${count(models, "model")}` : action}</Button>
        {ofFields.length > 0 && (
          <span class={touched.value.has(ofFields[0]?.[0] ?? "") ? "chip bad" : "soft"}>
            {ofFields.length === 1 ? ofFields[0]?.[1] : <>{`${ofFields.length} fields still need a value or a correction: `}{ofFields.map(([name], i) => <>{i > 0 && ", "}<button key={name} type="button" class="link" onClick={() => goTo(name)}>{name}</button></>)}</>}
          </span>
        )}
      </div>
    </>
  );
}
