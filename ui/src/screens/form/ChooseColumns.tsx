/** Chooses columns of a frame, or other names, however many there are: search, choose all that are found, choose none; or gives each a direction. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Button, Choice, Search } from "../../parts/controls";
import { count } from "../../parts/format";
import { Table, type Column } from "../../parts/Table";

interface Named {
  name: string;
  i: number;
}

function useFound(names: readonly string[], search: string): Named[] {
  return useMemo(() => names.map((name, i): Named => ({ name, i })).filter(({ name, i }) => name.toLowerCase().includes(search.toLowerCase()) || String(i + 1) === search), [names, search]);
}

interface ChooseProps {
  names: readonly string[];
  chosen: readonly string[];
  /** What one of them is. */
  what?: string;
  /** Said where there are none. */
  none?: string;
  onChange: (chosen: string[]) => void;
}

export function ChooseColumns({ names, chosen, what = "column", none = "Choose the training frame first.", onChange }: ChooseProps): JSX.Element {
  const [now, setNow] = useState<ReadonlySet<string>>(() => new Set(chosen));
  const [search, setSearch] = useState("");
  const rows = useFound(names, search);
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
    { key: "name", title: what[0]?.toUpperCase() + what.slice(1), value: (row) => row.name, width: 270 },
  ];
  if (!names.length) return <p class="soft">{none}</p>;
  return (
    <div class="column">
      <div class="row">
        <Search label={`Search ${what}s by name or number`} placeholder="Search" value={search} onInput={setSearch} />
        <span class="soft">{count(now.size, what)} chosen</span>
      </div>
      <div class="row">
        <Button onClick={() => set(new Set([...now, ...rows.map((row) => row.name)]))}>{search ? "Choose those found" : "Choose all"}</Button>
        <Button onClick={() => set(new Set())}>Choose none</Button>
      </div>
      <Table label={`${what[0]?.toUpperCase()}${what.slice(1)}s to choose`} bare columns={columns} rows={rows} height={460} chosen={new Set(rows.map((row, i) => (now.has(row.name) ? i : -1)))} onOpen={(row) => toggle(row.name)} />
    </div>
  );
}

const DIRECTIONS = ["free", "rises", "falls"] as const;
const NUMBERS: Record<(typeof DIRECTIONS)[number], number> = { free: 0, rises: 1, falls: -1 };

/** Gives columns a direction: 1 rises, -1 falls. */
export function ChooseDirections({ names, chosen, onChange }: { names: readonly string[]; chosen: Readonly<Record<string, number>>; onChange: (chosen: Record<string, number>) => void }): JSX.Element {
  const [now, setNow] = useState(chosen);
  const [search, setSearch] = useState("");
  const rows = useFound(names, search);
  const set = (name: string, direction: number): void => {
    const next = { ...now, [name]: direction };
    if (direction === 0) delete next[name];
    setNow(next);
    onChange(next);
  };
  const columns: Column<Named>[] = [
    { key: "name", title: "Column", value: (row) => row.name, width: 190 },
    {
      key: "direction", title: "With it the prediction", value: (row) => now[row.name] ?? 0, width: 180, sortable: false,
      render: (row) => <Choice label={`Direction of ${row.name}`} options={DIRECTIONS} value={DIRECTIONS.find((one) => NUMBERS[one] === (now[row.name] ?? 0)) ?? "free"} onChange={(one) => set(row.name, NUMBERS[one])} />,
    },
  ];
  if (!names.length) return <p class="soft">Choose the training frame first.</p>;
  return (
    <div class="column">
      <div class="row">
        <Search label="Search columns by name or number" placeholder="Search" value={search} onInput={setSearch} />
        <span class="soft">{count(Object.keys(now).length, "column")} directed</span>
      </div>
      <Table label="Directions of columns" bare columns={columns} rows={rows} height={460} rowHeight={30} />
    </div>
  );
}
