/** One parameter of a form: its name, the control that its type asks for, its help, what the server says about it. */
import type { JSX } from "preact";
import { Button } from "../../parts/controls";
import { count } from "../../parts/format";
import { sheet } from "../../parts/overlays";
import { frames, models } from "../../rest/objects";
import { ChooseColumns } from "./ChooseColumns";
import { controlOf, defaultEntry, sameEntry, type Declared, type Entry, type Told } from "./form";

interface Props {
  parameter: Declared;
  id: string;
  entry: Entry;
  told: Told | undefined;
  touched: boolean;
  columns: readonly string[];
  columnList: string;
  /** In a grid: the values to try, null when the parameter is not varied; undefined outside of grids. */
  varied: string | null | undefined;
  onChange: (entry: Entry) => void;
  onVary: (text: string | null) => void;
}

const FEW = 60;

function Select({ id, value, options, none, onChange }: { id: string; value: string; options: readonly (readonly [string, string])[]; none?: string; onChange: (value: string) => void }): JSX.Element {
  const known = options.some(([name]) => name === value) || value === "";
  return (
    <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {none !== undefined && <option value="">{none}</option>}
      {!known && <option value={value}>{value}</option>}
      {options.map(([name, title]) => <option key={name} value={name}>{title}</option>)}
    </select>
  );
}

function Control(props: Props): JSX.Element {
  const { parameter, id, entry, columns, columnList, onChange } = props;
  const control = controlOf(parameter);
  const text = typeof entry === "string" ? entry : "";
  const plain = (extra: { list?: string; placeholder?: string } = {}): JSX.Element => (
    <input id={id} class="mono" type="text" value={text} spellcheck={false} autocomplete="off" {...extra} onInput={(event) => onChange(event.currentTarget.value)} />
  );
  switch (control) {
    case "truth":
      return <input id={id} type="checkbox" checked={entry === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case "choice":
      return <Select id={id} value={text} options={(parameter.values ?? []).map((value) => [value, value])} {...(defaultEntry(parameter) === "" ? { none: "–" } : {})} onChange={onChange} />;
    case "frame":
      return <Select id={id} value={text} none="(none)" options={frames.value.map((frame) => [frame.key, `${frame.key} (${frame.note})`])} onChange={onChange} />;
    case "model":
      return parameter.name === "model_id" ? plain({ placeholder: "made by the server" }) : <Select id={id} value={text} none="(none)" options={models.value.map((model) => [model.key, model.key])} onChange={onChange} />;
    case "column":
      return columns.length <= FEW ? <Select id={id} value={text} none="(none)" options={columns.map((name) => [name, name])} onChange={onChange} /> : plain({ list: columnList, placeholder: `one of ${columns.length} columns` });
    case "columns": {
      const chosen = Array.isArray(entry) ? entry : [];
      return (
        <span class="row">
          <Button onClick={() => (sheet.value = { title: parameter.label ?? "Columns", body: () => <ChooseColumns names={columns} chosen={chosen} onChange={onChange} /> })}>
            {chosen.length ? `${count(chosen.length, "column")} chosen…` : "Choose columns…"}
          </Button>
        </span>
      );
    }
    case "numbers":
      return plain({ placeholder: "numbers, parted by commas" });
    case "texts":
      return plain({ placeholder: "names, parted by commas" });
    case "json":
      return plain({ placeholder: "JSON" });
    default:
      return plain();
  }
}

export function ParameterRow(props: Props): JSX.Element {
  const { parameter, id, entry, told, touched, varied, onVary } = props;
  const name = parameter.name ?? "";
  const changed = !sameEntry(entry, defaultEntry(parameter)) && !(entry === "" && defaultEntry(parameter) === "");
  const wrong = touched ? (told?.wrong ?? []) : [];
  const inGrid = varied !== undefined && varied !== null;
  return (
    <div class={`param${changed || inGrid ? " changed" : ""}${wrong.length ? " bad" : ""}`} data-parameter={name}>
      <span class="grid-check">
        {varied !== undefined && parameter.gridable && !["column", "columns", "frame", "model"].includes(controlOf(parameter)) && (
          <input type="checkbox" aria-label={`Try several values of ${name}`} title="Try several values" checked={inGrid}
            onChange={(event) => onVary(event.currentTarget.checked ? (Array.isArray(entry) ? entry.join(", ") : String(entry)) : null)} />
        )}
      </span>
      <label for={id}>{name}{parameter.required && <span title="required"> *</span>}</label>
      <span>
        {inGrid ? <input id={id} class="mono" type="text" value={varied ?? ""} placeholder="values; parted; by semicolons" onInput={(event) => onVary(event.currentTarget.value)} /> : <Control {...props} />}
      </span>
      <span class="help">
        {wrong.map((message) => <span key={message} class="wrong" role="alert">{message} </span>)}
        {(told?.hints ?? []).map((message) => <span key={message} class="hint">{message} </span>)}
        {wrong.length === 0 && parameter.help}
      </span>
    </div>
  );
}
