/** Chooses columns of a frame, however many it has: search, choose all that are found, choose none. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Button, Search } from "../../parts/controls";
import { count } from "../../parts/format";
import { Table, type Column } from "../../parts/Table";

interface Named {
  name: string;
  i: number;
}

export function ChooseColumns({ names, chosen, onChange }: { names: readonly string[]; chosen: readonly string[]; onChange: (chosen: string[]) => void }): JSX.Element {
  const [now, setNow] = useState<ReadonlySet<string>>(() => new Set(chosen));
  const [search, setSearch] = useState("");
  const rows = useMemo(() => names.map((name, i): Named => ({ name, i })).filter(({ name, i }) => name.toLowerCase().includes(search.toLowerCase()) || String(i + 1) === search), [names, search]);
  const set = (next: ReadonlySet<string>): void => {
    setNow(next);
    onChange(names.filter((name) => next.has(name)));
  };
  const toggle = (name: string): void => {
    const next = new Set(now);
    if (!next.delete(name)) next.add(name);
    set(next);
  };
  const columns: Column<Named>[] = [
    { key: "chosen", title: "", value: (row) => (now.has(row.name) ? 1 : 0), width: 34, sortable: false, render: (row) => <input type="checkbox" tabIndex={-1} aria-label={`Choose ${row.name}`} checked={now.has(row.name)} onClick={(event) => { event.stopPropagation(); toggle(row.name); }} /> },
    { key: "i", title: "#", value: (row) => row.i + 1, numeric: true, width: 54 },
    { key: "name", title: "Column", value: (row) => row.name, width: 270 },
  ];
  return (
    <div class="column">
      <div class="row">
        <Search label="Search columns by name or number" placeholder="Search" value={search} onInput={setSearch} />
        <span class="soft">{count(now.size, "column")} chosen</span>
      </div>
      <div class="row">
        <Button onClick={() => set(new Set([...now, ...rows.map((row) => row.name)]))}>{search ? "Choose those found" : "Choose all"}</Button>
        <Button onClick={() => set(new Set())}>Choose none</Button>
      </div>
      {names.length ? <Table label="Columns to choose" bare columns={columns} rows={rows} height={460} chosen={new Set(rows.map((row, i) => (now.has(row.name) ? i : -1)))} onOpen={(row) => toggle(row.name)} /> : <p class="soft">Choose the training frame first.</p>}
    </div>
  );
}
