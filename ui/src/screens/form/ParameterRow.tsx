/** One parameter of a form: its name, the control that its type asks for, its help, what the server says about it. */
import type { JSX } from "preact";
import { Button } from "../../parts/controls";
import { count } from "../../parts/format";
import { sheet } from "../../parts/overlays";
import { frames, grids, mainModels, models, type Listed } from "../../rest/objects";
import { ChooseColumns, ChooseDirections } from "./ChooseColumns";
import { canVary, controlOf, defaultEntry, enteredPairs, entryOfPairs, sameEntry, type Declared, type Entry, type Told } from "./parameters";

interface Props {
  parameter: Declared;
  id: string;
  entry: Entry;
  told: Told | undefined;
  touched: boolean;
  columns: readonly string[];
  /** How many columns the frame has, known before their names are. */
  columnCount: number;
  columnList: string;
  /** In a grid: the values to try, null when the parameter is not varied; undefined outside of grids. */
  varied: string | null | undefined;
  onChange: (entry: Entry) => void;
  onVary: (text: string | null) => void;
}

const FEW = 60;

function Select({ id, value, options, none, onChange, ...more }: { id: string; value: string; options: readonly (readonly [string, string])[]; none?: string; onChange: (value: string) => void } & Described): JSX.Element {
  const known = options.some(([name]) => name === value) || value === "";
  return (
    <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)} {...more}>
      {none !== undefined && <option value="">{none}</option>}
      {!known && <option value={value}>{value}</option>}
      {options.map(([name, title]) => <option key={name} value={name}>{title}</option>)}
    </select>
  );
}

/** Names of a short list, each with a box. */
function Boxes({ label, names, chosen, onChange }: { label: string; names: readonly string[]; chosen: readonly string[]; onChange: (chosen: string[]) => void }): JSX.Element {
  return (
    <span class="boxes" role="group" aria-label={label}>
      {names.map((name) => (
        <label key={name} class="row">
          <input type="checkbox" checked={chosen.includes(name)} onChange={(event) => onChange(names.filter((one) => (one === name ? event.currentTarget.checked : chosen.includes(one))))} /> {name}
        </label>
      ))}
    </span>
  );
}

interface Described {
  "aria-describedby"?: string;
  "aria-invalid"?: boolean;
  "aria-required"?: boolean;
}

const keys = (items: readonly Listed[]): string[] => items.map((item) => item.key);

function Control(props: Props & Described): JSX.Element {
  const { parameter, id, entry, columns, columnCount, columnList, onChange } = props;
  const described: Described = { "aria-describedby": `${id}-help`, "aria-invalid": props["aria-invalid"] ?? false, ...(parameter.required ? { "aria-required": true } : {}) };
  const control = controlOf(parameter);
  const text = typeof entry === "string" ? entry : "";
  const chosen = Array.isArray(entry) ? entry : [];
  const plain = (extra: { list?: string; placeholder?: string } = {}): JSX.Element => (
    <input id={id} class="mono" type="text" value={text} spellcheck={false} autocomplete="off" {...described} {...extra} onInput={(event) => onChange(event.currentTarget.value)} />
  );
  const select = (options: readonly (readonly [string, string])[], none?: string): JSX.Element => <Select id={id} value={text} options={options} {...(none === undefined ? {} : { none })} {...described} onChange={onChange} />;
  const several = (what: string, names: readonly string[], none?: string): JSX.Element => {
    const shown = chosen.length ? `${count(chosen.length, what)} chosen…` : `Choose ${what}s…`;
    return (
      <Button label={`${parameter.name}: ${shown}`} hint={chosen.slice(0, 20).join(", ") || shown} onClick={() => (sheet.value = { title: parameter.label ?? what, body: () => <ChooseColumns what={what} names={names} chosen={chosen} {...(none ? { none } : {})} onChange={onChange} /> })}>
        {shown}
      </Button>
    );
  };
  switch (control) {
    case "truth":
      return <input id={id} type="checkbox" checked={entry === true} {...described} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case "choice":
      return select((parameter.type === "boolean" ? ["true", "false"] : (parameter.values ?? [])).map((value) => [value, value]), defaultEntry(parameter) === "" ? "–" : undefined);
    case "choices":
      return <Boxes label={parameter.name ?? ""} names={parameter.values ?? []} chosen={chosen} onChange={onChange} />;
    case "frame":
      return select(frames.value.map((frame) => [frame.key, `${frame.key} (${frame.note})`]), "(none)");
    case "model":
      return parameter.name === "model_id" ? plain({ placeholder: "made by the server" }) : select(keys(models.value).map((key) => [key, key]), "(none)");
    case "column":
      // By the number that the frame is known to have, so that the control stays what it is once the names are there.
      return columnCount <= FEW ? select(columns.map((name) => [name, name]), "(none)") : plain({ list: columnList, placeholder: `one of ${columnCount} columns` });
    case "columns":
      return several("column", columns);
    case "frames":
      return several("frame", keys(frames.value), "There are no frames yet.");
    case "models":
      return several("model", [...keys(mainModels.value), ...keys(grids.value)], "There are no models yet.");
    case "pairs": {
      const pairs = enteredPairs(entry);
      const shown = Object.keys(pairs).length ? `${count(Object.keys(pairs).length, "column")} directed…` : "Choose directions…";
      return (
        <Button label={`${parameter.name}: ${shown}`} hint={Object.entries(pairs).map(([name, to]) => `${name} ${to > 0 ? "rises" : "falls"}`).join(", ") || shown}
          onClick={() => (sheet.value = { title: parameter.label ?? "Directions", body: () => <ChooseDirections names={columns} chosen={pairs} onChange={(next) => onChange(entryOfPairs(next))} /> })}>
          {shown}
        </Button>
      );
    }
    case "numbers":
      return plain({ placeholder: "numbers, parted by commas" });
    case "texts":
      return plain({ placeholder: "names, parted by commas" });
    case "json":
      return plain({ placeholder: "JSON, such as [\"a\", \"b\"]" });
    default:
      return plain();
  }
}

/** Whether one field of the page stands for it, which a label can name; others name their parts themselves. */
function hasField(parameter: Declared): boolean {
  return !["choices", "columns", "frames", "models", "pairs"].includes(controlOf(parameter));
}

export function ParameterRow(props: Props): JSX.Element {
  const { parameter, id, entry, told, touched, varied, onVary } = props;
  const name = parameter.name ?? "";
  const changed = !sameEntry(entry, defaultEntry(parameter)) && !(entry === "" && defaultEntry(parameter) === "");
  const wrong = touched ? (told?.wrong ?? []) : [];
  const inGrid = varied !== undefined && varied !== null;
  const star = parameter.required && <span title="required"> *</span>;
  return (
    <div class={`param${varied === undefined ? "" : " of-grid"}${changed || inGrid ? " changed" : ""}${wrong.length ? " bad" : ""}`} data-parameter={name}>
      {varied !== undefined && (
        <span class="grid-check">
          {canVary(parameter) && (
            <input type="checkbox" aria-label={`Try several values of ${name}`} title="Try several values" checked={inGrid}
              onChange={(event) => onVary(event.currentTarget.checked ? (Array.isArray(entry) ? entry.join(", ") : String(entry)) : null)} />
          )}
        </span>
      )}
      {hasField(parameter) ? <label for={id}>{name}{star}</label> : <span class="name">{name}{star}</span>}
      <span>
        {inGrid ? <input id={id} class="mono" type="text" value={varied ?? ""} placeholder="values; parted; by semicolons" aria-describedby={`${id}-help`} onInput={(event) => onVary(event.currentTarget.value)} /> : <Control {...props} aria-invalid={wrong.length > 0} />}
      </span>
      <span class="help" id={`${id}-help`}>
        {wrong.map((message) => <span key={message} class="wrong" role="alert">{message} </span>)}
        {(told?.hints ?? []).map((message) => <span key={message} class="hint">{message} </span>)}
        {wrong.length === 0 && parameter.help}
      </span>
    </div>
  );
}
