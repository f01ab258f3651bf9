/** The form of a command that needs a few values: made of its fields, checked as one types, opened with what is known. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Props } from "../../commands/command";
import type { Argument } from "../../language/print";
import { useOpen } from "../../notebook/context";
import { Button, Problem, Search } from "../../parts/controls";
import { confirm } from "../../parts/overlays";
import * as calls from "../../rest/calls";
import { frames, models } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import { keepSecret } from "../../commands/secrets";
import { argumentsOf, forms, wrong, type Field, type Form as Asked, type Values } from "./fields";

const MOST_SHOWN = 200;

/** Several of many, by check boxes with a search. */
function Several({ names, chosen, label, onChange }: { names: readonly string[]; chosen: readonly string[]; label: string; onChange: (next: string[]) => void }): JSX.Element {
  const [typed, setTyped] = useState("");
  const found = names.filter((name) => name.toLowerCase().includes(typed.toLowerCase()));
  return (
    <div class="several" role="group" aria-label={label}>
      {names.length > 8 && <Search label={`Search ${label.toLowerCase()}`} value={typed} onInput={setTyped} />}
      <ul>
        {found.slice(0, MOST_SHOWN).map((name) => (
          <li key={name}>
            <label class="row">
              <input type="checkbox" checked={chosen.includes(name)} onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, name] : chosen.filter((one) => one !== name))} />
              <span class="mono">{name}</span>
            </label>
          </li>
        ))}
      </ul>
      <span class="help">{names.length === 0 ? "There are none." : `${chosen.length} chosen${found.length > MOST_SHOWN ? `; ${found.length - MOST_SHOWN} more are found by the search` : ""}`}</span>
    </div>
  );
}

interface RowProps {
  field: Field;
  value: Argument | undefined;
  problem: string;
  names: readonly string[];
  onChange: (value: Argument) => void;
}

function Row({ field, value, problem, names, onChange }: RowProps): JSX.Element {
  const id = useId();
  const text = value === undefined || value === null ? "" : String(value);
  const help = <span id={`${id}-help`} class="field-notes">{field.help && <span class="help">{field.help}</span>}{problem && <span class="wrong">{problem}</span>}</span>;
  if (field.kind === "check") {
    return (
      <div class="field">
        <label class="row nowrap check"><input type="checkbox" checked={value === true} aria-describedby={`${id}-help`} onChange={(event) => onChange(event.currentTarget.checked)} /> {field.title}</label>
        {help}
      </div>
    );
  }
  if (field.kind === "frames" || field.kind === "models" || field.kind === "columns") {
    return (
      <div class={`field${problem ? " bad" : ""}`}>
        <b>{field.title}</b>
        <Several label={field.title} names={names} chosen={Array.isArray(value) ? value.map(String) : []} onChange={onChange} />
        {help}
      </div>
    );
  }
  const isSelect = field.kind === "frame" || field.kind === "model" || field.kind === "column" || field.kind === "choice";
  return (
    <div class={`field${problem ? " bad" : ""}`}>
      <label for={id}>{field.title}</label>
      {isSelect ? (
        <select id={id} value={text} aria-describedby={`${id}-help`} onChange={(event) => onChange(event.currentTarget.value)}>
          {!names.includes(text) && <option value={text}>{text || "choose one"}</option>}
          {names.map((name) => <option key={name}>{name}</option>)}
        </select>
      ) : (
        <input id={id} class="mono" type={field.kind === "password" ? "password" : "text"} inputMode={field.kind === "number" ? "decimal" : "text"} autocomplete="off" spellcheck={false}
          value={text} aria-invalid={Boolean(problem)} aria-describedby={`${id}-help`} onInput={(event) => onChange(event.currentTarget.value)} />
      )}
      {help}
    </div>
  );
}

function known(form: Asked, props: Props): Values {
  const given = (form.nested && typeof props["parameters"] === "object" ? props["parameters"] : props) as Values;
  const values: Values = {};
  for (const field of form.fields) {
    const value = given[field.name] ?? field.first;
    if (value !== undefined && value !== null) values[field.name] = value;
  }
  return values;
}

export default function Form({ props }: { props: Props }): JSX.Element {
  const name = String(props["command"]);
  const form = forms[name] as Asked;
  const open = useOpen();
  const [typed, setTyped] = useState<Values>(() => known(form, props));
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const lists: Record<string, readonly string[]> = { frame: frames.value.map((one) => one.key), frames: frames.value.map((one) => one.key), model: models.value.map((one) => one.key), models: models.value.map((one) => one.key) };
  // The first object stands for one that is not chosen yet: what is shown is what is sent.
  const values: Values = { ...typed };
  for (const field of form.fields) {
    const first = lists[field.kind]?.[0];
    if ((field.kind === "frame" || field.kind === "model") && !values[field.name] && first) values[field.name] = first;
  }
  const frame = String(values[form.fields.find((field) => field.of)?.of ?? ""] ?? "");
  const columns = useQuery(async (signal) => (frame ? ((await calls.frameColumns(frame, signal)).columns ?? []).map((one) => one.label ?? "") : []), [frame]);
  const namesOf = (field: Field): readonly string[] => field.options ?? (field.of ? columns.data ?? [] : lists[field.kind] ?? []);
  const problems = new Map(form.fields.map((field) => [field.name, wrong(field, values[field.name])]));
  const together = form.check?.(values) ?? "";
  const bad = together !== "" || [...problems.values()].some(Boolean);
  const submit = async (): Promise<void> => {
    const question = form.danger?.(values);
    if (question && !(await confirm(question, "They are removed from the server, and that cannot be undone.", form.action))) return;
    const sent = { ...values };
    if (sent["password"]) {
      keepSecret(String(sent["connection_url"]), String(sent["password"]));
      delete sent["password"];
    }
    const args = argumentsOf(name, sent);
    open(name, ...args);
  };
  return (
    <form class="screen panel" onSubmit={(event) => { event.preventDefault(); if (!bad) void submit(); }}>
      <h2>{form.title}</h2>
      {form.help && <p class="soft prose">{form.help}</p>}
      {columns.error && <Problem error={columns.error} retry={columns.refresh} />}
      <div class="fields">
        {form.fields.map((field) => (
          <Row key={field.name} field={field} value={values[field.name]} names={namesOf(field)} problem={touched.has(field.name) ? problems.get(field.name) ?? "" : ""}
            onChange={(value) => { setTyped({ ...typed, [field.name]: value }); setTouched(new Set([...touched, field.name])); }} />
        ))}
      </div>
      {together && touched.size > 0 && <p class="field"><span class="wrong">{together}</span></p>}
      <div><Button kind={form.danger ? "danger" : "main"} disabled={bad} onClick={() => void submit()}>{form.action}</Button></div>
    </form>
  );
}
