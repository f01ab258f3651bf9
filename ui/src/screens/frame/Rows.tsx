/** The rows of a frame: pages of them are fetched as they come into sight. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Problem, Search } from "../../parts/controls";
import { Table, type Column } from "../../parts/Table";
import * as calls from "../../rest/calls";
import type { ColV3, FrameV3 } from "../../rest/schemas";

const PAGE_ROWS = 100;
const PAGE_COLUMNS = 60;

type Loaded = Map<string, ColV3[]>;

/** A value of a column as it is in the file: levels by name, times as dates. */
export function cellText(column: ColV3 | undefined, row: number, domain: readonly string[] | null): string | number | null {
  if (!column) return null;
  if (column.type === "string" || column.type === "uuid") return column.string_data?.[row] ?? null;
  const value = column.data?.[row] as number | string | null | undefined;
  if (value === null || value === undefined || value === "NaN") return null;
  if (column.type === "enum") return (domain ?? column.domain)?.[Number(value)] ?? String(value);
  if (column.type === "time") return new Date(Number(value)).toISOString().replace("T", " ").replace(/\.000Z$|Z$/, "");
  return Number(value);
}

export function Rows({ name, frame }: { name: string; frame: FrameV3 }): JSX.Element {
  const [search, setSearch] = useState("");
  const [pages, setPages] = useState<Loaded>(() => new Map());
  const [problem, setProblem] = useState<Error | null>(null);
  const asked = useRef(new Set<string>());
  const all = frame.columns ?? [];
  const chosen = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    const found = all.map((_, i) => i);
    return wanted ? found.filter((i) => (all[i]?.label ?? "").toLowerCase().includes(wanted) || String(i + 1) === wanted) : found;
  }, [all, search]);
  const [sight, setSight] = useState<[number, number]>([0, 0]);

  useEffect(() => {
    const controller = new AbortController();
    const rowPages = [...new Set([Math.floor(sight[0] / PAGE_ROWS), Math.floor(sight[1] / PAGE_ROWS)])];
    const columnPages = [...new Set(chosen.map((i) => Math.floor(i / PAGE_COLUMNS)))].slice(0, 14);
    const timer = setTimeout(() => {
      for (const r of rowPages) for (const c of columnPages) {
        const key = `${r}/${c}`;
        if (asked.current.has(key)) continue;
        asked.current.add(key);
        calls.frameRows(name, [r * PAGE_ROWS, PAGE_ROWS], [c * PAGE_COLUMNS, PAGE_COLUMNS], controller.signal).then(
          (page) => setPages((before) => new Map(before).set(key, page.columns ?? [])),
          (error: unknown) => {
            asked.current.delete(key);
            if (!controller.signal.aborted) setProblem(error as Error);
          },
        );
      }
    }, 60);
    return () => clearTimeout(timer);
  }, [sight[0], sight[1], chosen, name]);

  const rows = useMemo(() => Array.from({ length: frame.rows }, (_, i) => i), [frame.rows]);
  const columns = useMemo(() => {
    const value = (row: number, column: number): string | number | null => {
      const page = pages.get(`${Math.floor(row / PAGE_ROWS)}/${Math.floor(column / PAGE_COLUMNS)}`);
      return cellText(page?.[column % PAGE_COLUMNS], row % PAGE_ROWS, null);
    };
    const numeric = (column: ColV3 | undefined): boolean => column?.type === "int" || column?.type === "real";
    return [
      { key: "#", title: "#", value: (row: number) => row + 1, numeric: true, width: 70 },
      ...chosen.map((i): Column<number> => ({
        key: String(i), title: all[i]?.label ?? `C${i + 1}`, hint: `${all[i]?.label} · ${all[i]?.type}`, numeric: numeric(all[i]), value: (row) => value(row, i),
        width: Math.min(Math.max((all[i]?.label ?? "").length * 7.4 + 24, 88), 220),
      })),
    ];
  }, [chosen, pages, frame]);
  return (
    <div class="column">
      {problem && <Problem error={problem} />}
      <Table label={`Rows of ${name}`} name="rows" columns={columns} rows={rows} height={500} partial onSight={(first, last) => setSight([first, last])}
        tools={all.length > 8 && <Search label="Show columns by name or number" placeholder="Columns" value={search} onInput={setSearch} />} />
    </div>
  );
}
