/** The rows of a frame, or of several side by side: pages of them are fetched as they come into sight. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { saveBlob } from "../../notebook/files";
import { Problem, Search } from "../../parts/controls";
import { Table, type Column } from "../../parts/Table";
import * as calls from "../../rest/calls";
import { download } from "../../rest/client";
import type { ColV3, FrameV3 } from "../../rest/schemas";

const PAGE_ROWS = 100;
const PAGE_COLUMNS = 60;
const MOST_PAGES = 14;

type Loaded = Map<string, ColV3[]>;
export type CellValue = string | number | null;

/** A value of a column as it is in the file: levels by name, times as dates. */
export function cellText(column: ColV3 | undefined, row: number, domain: readonly string[] | null): CellValue {
  if (!column) return null;
  if (column.type === "string" || column.type === "uuid") return column.string_data?.[row] ?? null;
  const value = column.data?.[row] as number | string | null | undefined;
  if (value === null || value === undefined || value === "NaN") return null;
  if (column.type === "enum") return (domain ?? column.domain)?.[Number(value)] ?? String(value);
  if (column.type === "time") return new Date(Number(value)).toISOString().replace("T", " ").replace(/\.000Z$|Z$/, "");
  return Number(value);
}

/** A column of one of the frames, by its place there. */
export interface Shown {
  source: number;
  column: number;
  title?: string;
  width?: number;
  render?: (value: CellValue, valueOf: (source: number, column: number) => CellValue) => ComponentChildren;
}

interface Props {
  name: string;
  frame: FrameV3;
  /** Frames of as many rows that stand beside it. */
  beside?: readonly { name: string; frame: FrameV3 }[];
  /** Columns that always stand first, in this order. */
  first?: readonly Shown[];
  /** Columns that follow, of which the search chooses; else those of the first frame that are not there yet. */
  then?: readonly Shown[];
  /** Whether the rows have numbers of their own among the columns. */
  numbered?: boolean;
  tools?: ComponentChildren;
}

const NONE: readonly never[] = [];

export function Rows({ name, frame, beside = NONE, first = NONE, then, numbered, tools }: Props): JSX.Element {
  const [search, setSearch] = useState("");
  const [pages, setPages] = useState<Loaded>(() => new Map());
  const [problem, setProblem] = useState<Error | null>(null);
  const asked = useRef(new Set<string>());
  const sources = [{ name, frame }, ...beside];
  const about = sources.map((source) => source.name).join("\n");
  const columns = useMemo((): Shown[] => {
    const leading = new Set(first.filter((one) => one.source === 0).map((one) => one.column));
    const wanted = search.trim().toLowerCase();
    const rest = then ?? (frame.columns ?? []).map((_, column) => ({ source: 0, column })).filter(({ column }) => !leading.has(column));
    const label = ({ source, column }: Shown): string => (sources[source]?.frame.columns?.[column]?.label ?? "").toLowerCase();
    return [...first, ...rest.filter((one) => !wanted || label(one).includes(wanted) || String(one.column + 1) === wanted)];
  }, [frame, search, about, first, then]);
  const [sight, setSight] = useState<[number, number]>([0, 0]);

  useEffect(() => {
    asked.current = new Set();
    setPages(new Map());
  }, [about, frame]);

  useEffect(() => {
    const rowPages = [...new Set([Math.floor(sight[0] / PAGE_ROWS), Math.floor(sight[1] / PAGE_ROWS)])];
    const columnPages = [...new Set(columns.map(({ source, column }) => `${source}/${Math.floor(column / PAGE_COLUMNS)}`))].slice(0, MOST_PAGES);
    const timer = setTimeout(() => {
      for (const r of rowPages) for (const place of columnPages) {
        const key = `${place}/${r}`;
        if (asked.current.has(key)) continue;
        asked.current.add(key);
        const [source = 0, c = 0] = place.split("/").map(Number);
        calls.frameRows(sources[source]?.name ?? name, [r * PAGE_ROWS, PAGE_ROWS], [c * PAGE_COLUMNS, PAGE_COLUMNS]).then(
          (page) => setPages((before) => new Map(before).set(key, page.columns ?? [])),
          (error: unknown) => {
            asked.current.delete(key);
            setProblem(error as Error);
          },
        );
      }
    }, 60);
    return () => clearTimeout(timer);
  }, [sight[0], sight[1], columns, about]);

  const rows = useMemo(() => Array.from({ length: frame.rows }, (_, i) => i), [frame.rows]);
  const drawn = useMemo(() => {
    const value = (row: number, source: number, column: number): CellValue => {
      const page = pages.get(`${source}/${Math.floor(column / PAGE_COLUMNS)}/${Math.floor(row / PAGE_ROWS)}`);
      return cellText(page?.[column % PAGE_COLUMNS], row % PAGE_ROWS, null);
    };
    const all = columns.map((one): Column<number> => {
      const spec = sources[one.source]?.frame.columns?.[one.column];
      const title = one.title ?? spec?.label ?? `C${one.column + 1}`;
      const { render } = one;
      return {
        key: `${one.source}.${one.column}`, title, hint: `${title} · ${spec?.type ?? ""}`, numeric: spec?.type === "int" || spec?.type === "real", value: (row) => value(row, one.source, one.column),
        width: one.width ?? Math.min(Math.max(title.length * 7.4 + 24, 88), 220),
        ...(render ? { render: (row: number) => render(value(row, one.source, one.column), (source, column) => value(row, source, column)) } : {}),
      };
    });
    return numbered ? all : [{ key: "#", title: "#", value: (row: number) => row + 1, numeric: true, width: 70 }, ...all];
  }, [columns, pages, frame]);
  return (
    <div class="column">
      {problem && <Problem error={problem} />}
      <Table label={`Rows of ${name}`} name="rows" columns={drawn} rows={rows} height={500} partial onSight={(from, to) => setSight([from, to])}
        wholeFile={() => void download("/3/DownloadDataset", { frame_id: name }).then((blob) => saveBlob(blob, `${name}.csv`))}
        tools={<>{tools}{(then ?? frame.columns ?? []).length > 8 && <Search label="Show columns by name or number" placeholder="Columns" value={search} onInput={setSearch} />}</>} />
    </div>
  );
}
