/** How files will be read: format, names and types of all columns, the first rows; types are changed one by one or many at once. */
import type { JSX } from "preact";
import { useEffect, useId, useMemo, useState } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Button, Loaded, Note, Tabs } from "../../parts/controls";
import { count, number } from "../../parts/format";
import { Icon } from "../../parts/icons";
import { Table, type Column } from "../../parts/Table";
import * as calls from "../../rest/calls";
import { useQuery } from "../../rest/query";
import type { ParseSetupV3 } from "../../rest/schemas";
import { CHOSEN_TYPES, columnsOf, HEADERS, PARSE_TYPES, parseArguments, previewOf, problemsOf, SEPARATORS, type ColumnSetup } from "./setup";

interface Override {
  parse_type?: string;
  separator?: number;
  check_header?: number;
  single_quotes?: boolean;
}

function useChosen(setup: ParseSetupV3): [ColumnSetup[], (change: (column: ColumnSetup) => ColumnSetup) => void] {
  const kept = useCell().kept<{ of: ParseSetupV3 | null; columns: ColumnSetup[] }>("columns", { of: null, columns: [] });
  if (kept.value.of === null) kept.value = { of: setup, columns: columnsOf(setup) };
  useEffect(() => {
    const before = kept.value;
    if (before.of === setup || before.of === null) return;
    const next = columnsOf(setup);
    // A new guess keeps what was chosen by hand, where the columns are the same.
    const same = before.columns.length === next.length;
    kept.value = { of: setup, columns: next.map((column, i) => (same && before.columns[i]?.type !== before.columns[i]?.guessed ? { ...column, type: before.columns[i]?.type ?? column.type } : column)) };
  }, [setup]);
  return [kept.value.columns, (change) => (kept.value = { of: kept.value.of, columns: kept.value.columns.map(change) })];
}

function Format({ setup, onChange }: { setup: ParseSetupV3; onChange: (change: Override) => void }): JSX.Element {
  const id = useId();
  const separators = SEPARATORS.some(([code]) => code === setup.separator) ? SEPARATORS : [...SEPARATORS, [setup.separator, `code ${setup.separator}`] as [number, string]];
  return (
    <div class="fields short">
      <div class="field">
        <label for={`${id}-type`}>Format</label>
        <select id={`${id}-type`} value={setup.parse_type ?? "AUTO"} onChange={(event) => onChange({ parse_type: event.currentTarget.value })}>
          {[...new Set([...PARSE_TYPES, setup.parse_type ?? "AUTO"])].map((name) => <option key={name}>{name}</option>)}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-separator`}>Separator</label>
        <select id={`${id}-separator`} value={setup.separator} onChange={(event) => onChange({ separator: Number(event.currentTarget.value) })}>
          {separators.map(([code, name]) => <option key={code} value={code}>{name}</option>)}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-header`}>Header</label>
        <select id={`${id}-header`} value={setup.check_header} onChange={(event) => onChange({ check_header: Number(event.currentTarget.value) })}>
          {HEADERS.map(([code, name]) => <option key={code} value={code}>{name}</option>)}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-quotes`}>Quotes</label>
        <select id={`${id}-quotes`} value={String(setup.single_quotes)} onChange={(event) => onChange({ single_quotes: event.currentTarget.value === "true" })}>
          <option value="false">double</option>
          <option value="true">single</option>
        </select>
      </div>
    </div>
  );
}

function ColumnGrid({ columns, change }: { columns: ColumnSetup[]; change: (change: (column: ColumnSetup) => ColumnSetup) => void }): JSX.Element {
  const chosen = useCell().kept<ReadonlySet<number>>("chosen", new Set());
  const [last, setLast] = useState(0);
  const set = (i: number, values: Partial<ColumnSetup>): void => change((column) => (column.i === i ? { ...column, ...values } : column));
  const choose = (i: number, range: boolean): void => {
    const next = new Set(chosen.value);
    if (range) for (let j = Math.min(i, last); j <= Math.max(i, last); j += 1) next.add(j);
    else if (!next.delete(i)) next.add(i);
    setLast(i);
    chosen.value = next;
  };
  const shownColumns: Column<ColumnSetup>[] = [
    {
      key: "chosen", title: "", value: (row) => (chosen.value.has(row.i) ? 1 : 0), width: 34, sortable: false,
      render: (row) => <input type="checkbox" tabIndex={-1} aria-label={`Choose ${row.name}`} checked={chosen.value.has(row.i)} onClick={(event) => { event.stopPropagation(); choose(row.i, event.shiftKey); }} />,
    },
    { key: "i", title: "#", value: (row) => row.i + 1, numeric: true, width: 54 },
    {
      key: "name", title: "Column", value: (row) => row.name, width: 210,
      render: (row) => <input class="in-cell mono" aria-label={`Name of column ${row.i + 1}`} value={row.name} onChange={(event) => set(row.i, { name: event.currentTarget.value })} />,
    },
    {
      key: "type", title: "Type", value: (row) => row.type, width: 150,
      render: (row) => (
        <span class="row nowrap">
          <select aria-label={`Type of ${row.name}`} value={row.type} onChange={(event) => set(row.i, { type: event.currentTarget.value })}>
            {[...new Set([...CHOSEN_TYPES, row.guessed, row.type])].map((type) => <option key={type}>{type}</option>)}
          </select>
          {row.type !== row.guessed && <span class="chip live" title={`Guessed: ${row.guessed}`}>chosen</span>}
        </span>
      ),
    },
    { key: "samples", title: "First values", value: (row) => row.samples.join(", "), width: 380, sortable: false, render: (row) => <span class="mono clip soft">{row.samples.join("  ·  ")}</span> },
    { key: "use", title: "Use", value: (row) => (row.skipped ? "no" : "yes"), width: 52, render: (row) => <input type="checkbox" tabIndex={-1} aria-label={`Use ${row.name}`} checked={!row.skipped} onChange={(event) => set(row.i, { skipped: !event.currentTarget.checked })} /> },
  ];
  const bulk = (type: string): void => {
    if (!type) return;
    const which = chosen.value;
    change((column) => (which.size === 0 || which.has(column.i) ? { ...column, type } : column));
    chosen.value = new Set();
  };
  return (
    <Table label="Columns to parse" searchLabel="Search columns by name or number" columns={shownColumns} rows={columns} height={380} rowHeight={27} chosen={chosen.value}
      tools={(
        <>
          <select class="select" aria-label="Set the type of the chosen columns" value="" onChange={(event) => { bulk(event.currentTarget.value); event.currentTarget.value = ""; }}>
            <option value="">{chosen.value.size ? `Type of ${count(chosen.value.size, "chosen column")}…` : "Type of all columns…"}</option>
            {CHOSEN_TYPES.map((type) => <option key={type}>{type}</option>)}
          </select>
          {chosen.value.size > 0 && <Button kind="quiet" onClick={() => (chosen.value = new Set())}>Choose none</Button>}
        </>
      )} />
  );
}

function Preview({ setup, columns }: { setup: ParseSetupV3; columns: readonly ColumnSetup[] }): JSX.Element {
  const rows = previewOf(setup);
  const shownColumns = useMemo(
    () => columns.filter((column) => !column.skipped).map((column): Column<string[]> => ({
      key: String(column.i), title: column.name, hint: `${column.name} · ${column.type}`, numeric: column.type === "Numeric", width: 110, sortable: false,
      // As it will be read: what is no number is missing in a numeric column.
      value: (row) => {
        const text = row[column.i] ?? "";
        if (column.type !== "Numeric") return text;
        return text === "" || Number.isNaN(Number(text)) ? null : Number(text);
      },
    })),
    [columns],
  );
  return <Table label="Preview" columns={shownColumns} rows={rows} height={300} />;
}

const TABS = ["Columns", "Preview"] as const;

function Shown({ setup, sources, onOverride, busy }: { setup: ParseSetupV3; sources: string[]; onOverride: (change: Override) => void; busy: boolean }): JSX.Element {
  const open = useOpen();
  const cell = useCell();
  const [columns, change] = useChosen(setup);
  const [destination, setDestination] = useState(setup.destination_frame ?? "");
  const [deletes, setDeletes] = useState(true);
  const tab = cell.kept<string>("tab", "Columns");
  const problems = problemsOf(setup, columns);
  const changed = columns.filter((column) => column.type !== column.guessed).length;
  return (
    <div class="screen panel">
      <div class="screen-head">
        <h2>Set up parsing</h2>
        <span class="soft">{count(sources.length, "file")} · {count(columns.length, "column")}{changed ? ` · ${count(changed, "type")} chosen by hand` : ""}</span>
        {busy && <span class="spinner" />}
      </div>
      <Format setup={setup} onChange={onOverride} />
      {problems.map((problem) => <Note key={problem} tone="warn"><Icon name="warn" /> <span>{problem}</span></Note>)}
      <Tabs names={TABS} chosen={tab} label="Parse setup">
        {tab.value === "Preview" ? <Preview setup={setup} columns={columns} /> : <ColumnGrid columns={columns} change={change} />}
      </Tabs>
      <div class="form-actions">
        <label class="row">Key of the frame <input class="input mono" size={32} value={destination} onInput={(event) => setDestination(event.currentTarget.value)} /></label>
        <label class="row"><input type="checkbox" checked={deletes} onChange={(event) => setDeletes(event.currentTarget.checked)} /> Delete the raw files afterwards</label>
        <span class="grow" />
        <Button kind="main" disabled={!destination.trim() || columns.every((column) => column.skipped)} onClick={() => open("parseFiles", parseArguments(setup, columns, destination.trim(), deletes))}>{`Parse ${number(columns.filter((column) => !column.skipped).length)} columns`}</Button>
      </div>
    </div>
  );
}

export default function Parse({ props }: { props: Props }): JSX.Element {
  const sources = Array.isArray(props["sources"]) ? props["sources"].map(String) : [];
  const override = useCell().kept<Override>("override", {});
  const query = useQuery((signal) => calls.parseSetup({ source_frames: sources, ...override.value }, signal), [sources.join(), override.value], { kept: useCell().kept("answer", null), once: true });
  return (
    <Loaded query={query}>
      {(setup) => <Shown setup={setup} sources={sources} busy={query.loading} onOverride={(change) => (override.value = { ...override.value, ...change })} />}
    </Loaded>
  );
}
