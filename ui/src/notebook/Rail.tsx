/** The side bar: outline of the notebook, and the objects on the server with what runs at the moment. */
import { useComputed } from "@preact/signals";
import { Component, type JSX } from "preact";
import { useState } from "preact/hooks";
import { Call } from "../language/print";
import { Icon, type IconName } from "../parts/icons";
import { Search } from "../parts/controls";
import { percent } from "../parts/format";
import * as objects from "../rest/objects";
import { colourOf } from "../theme/theme";
import type { Cell } from "./cell";
import * as notebook from "./notebook";

const MOST = 60;

/** The first line of a cell; of text without the marks of Markdown. */
export function outlineText(text: string, isText: boolean): string {
  const line = text.split("\n").find((one) => one.trim()) ?? "";
  return isText ? line.replace(/^\s*(#+|[-*>]|\d+\.)\s+/, "").replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/(\*\*|__|\*|`)(.+?)\1/g, "$2") : line;
}

class Entry extends Component<{ cell: Cell }> {
  override shouldComponentUpdate(next: { cell: Cell }): boolean {
    return next.cell !== this.props.cell;
  }

  override render(): JSX.Element {
    return <OutlineEntry cell={this.props.cell} />;
  }
}

function OutlineEntry({ cell }: { cell: Cell }): JSX.Element {
  const isSelected = useComputed(() => notebook.selected.value === cell).value;
  const type = cell.type.value;
  const text = outlineText(cell.input.value, type === "md");
  const level = /^h\d$/.test(type) ? Number(type[1]) : 0;
  const name = text.split(/\s/, 1)[0] ?? "";
  return (
    <li>
      <button type="button" class={`${level ? `heading level${Math.min(level, 3)}` : type === "cs" ? "mono" : ""} clip`} aria-current={isSelected ? "true" : undefined} title={text} onClick={() => notebook.select(cell)}>
        <i class={`dot ${type !== "cs" ? "text" : cell.stale.value ? "stale" : cell.state.value}`} />
        {type === "cs" ? name || "empty" : text || "empty"}
        {type === "cs" && <span class="soft"> {text.slice(name.length, 60)}</span>}
      </button>
    </li>
  );
}

function Outline(): JSX.Element {
  return (
    <ol class="outline" aria-label="Outline">
      {notebook.cells.value.map((cell) => <Entry key={cell.id} cell={cell} />)}
    </ol>
  );
}

interface GroupProps {
  title: string;
  icon: IconName;
  items: readonly objects.Listed[];
  command: string;
  list: string;
  search: string;
  onLeave: () => void;
  coloured?: boolean;
}

function Objects({ title, icon, items, command, list, search, onLeave, coloured }: GroupProps): JSX.Element | null {
  const [shown, setShown] = useState(true);
  const found = items.filter((item) => item.key.toLowerCase().includes(search.toLowerCase()));
  if (!items.length) return null;
  return (
    <div class="rail-group">
      <div class="rail-head">
        <button type="button" class="rail-toggle" aria-expanded={shown} onClick={() => setShown(!shown)}><Icon name={icon} size={14} /> {title}</button>
        <button type="button" class="link" aria-label={`Show all ${items.length} ${title.toLowerCase()} as a table`} title={`Show all as a table: ${list}`} onClick={() => { notebook.open(new Call(list, [])); onLeave(); }}>{items.length}</button>
      </div>
      {shown && <ul>
        {found.slice(0, MOST).map((item) => (
          <li key={item.key}>
            <button type="button" class="rail-item" title={`${item.key} · ${item.note}`} onClick={() => { notebook.open(new Call(command, [item.key])); onLeave(); }}>
              {coloured && <i class="dot" style={{ background: `var(${colourOf(item.key)})` }} />}
              <Key text={item.key} />
              {!coloured && <span class="soft nowrap">{item.note}</span>}
            </button>
          </li>
        ))}
        {found.length > MOST && <li class="soft">and {found.length - MOST} more</li>}
      </ul>}
    </div>
  );
}

/** A key that is too long loses its middle: what tells it from others stands at its end. */
function Key({ text }: { text: string }): JSX.Element {
  const tail = text.length > 24 ? 9 : 0;
  return <span class="rail-key grow"><span class="clip">{text.slice(0, text.length - tail)}</span>{tail > 0 && <span>{text.slice(-tail)}</span>}</span>;
}

function Running({ onLeave }: { onLeave: () => void }): JSX.Element | null {
  const all = objects.running.value;
  if (!all.length) return null;
  return (
    <div class="rail-group">
      <div class="rail-head"><Icon name="job" size={14} /> <span class="grow">Running</span><span class="chip live">{all.length}</span></div>
      <ul>
        {all.map((job) => (
          <li key={objects.keyOf(job.key)}>
            <button type="button" class="rail-item" onClick={() => { notebook.open(new Call("getJob", [objects.keyOf(job.key)])); onLeave(); }}>
              <span class="spinner" />
              <span class="clip grow">{objects.keyOf(job.dest) || job.description}</span>
              <span class="soft nowrap">{percent(job.progress)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Rail({ onLeave }: { onLeave: () => void }): JSX.Element {
  const [search, setSearch] = useState("");
  const any = objects.frames.value.length + objects.models.value.length > 0;
  const shared = { search, onLeave };
  return (
    <aside class="rail" aria-label="Side bar">
      <section aria-label="Outline of the notebook">
        <h2 class="rail-title">Outline</h2>
        <Outline />
      </section>
      <section aria-label="Objects on the server" class="column">
        <h2 class="rail-title">On the server</h2>
        {any && <Search value={search} onInput={setSearch} label="Search objects" />}
        <Running onLeave={onLeave} />
        <Objects title="Frames" icon="frame" items={objects.frames.value} command="getFrameSummary" list="getFrames" {...shared} />
        <Objects title="Models" icon="model" items={objects.mainModels.value} command="getModel" list="getModels" coloured {...shared} />
        <Objects title="Grid searches" icon="grid" items={objects.grids.value} command="getGrid" list="getGrids" {...shared} />
        <Objects title="AutoML" icon="automl" items={objects.automls.value} command="getLeaderboard" list="getJobs" {...shared} />
        {objects.known.value && !any && <p class="soft rail-empty">Frames and models will be listed here.</p>}
      </section>
    </aside>
  );
}
