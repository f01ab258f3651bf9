/**
 * The page's one table: sorts, filters, searches, shows and hides and widens columns, copies, and gives CSV. Only the rows and
 * columns in sight are drawn, so a million rows or a thousand columns stay quick. The keyboard moves a cursor.
 */
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from "@tanstack/virtual-core";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { useCell } from "../notebook/context";
import { saveBlob } from "../notebook/files";
import { Button, Menu, Search } from "./controls";
import { count, full, number } from "./format";
import { Icon } from "./icons";
import { EVERYTHING, nextSort, shown, toCsv, toTsv, type ColumnValue, type View } from "./table-model";
import { toast } from "./toasts";

export interface Column<Row> extends ColumnValue<Row> {
  width?: number;
  /** Drawn instead of the value; `value` is still what is sorted, searched and copied. */
  render?: (row: Row, index: number) => ComponentChildren;
  hint?: string;
  sortable?: boolean;
}

interface Props<Row> {
  /** What the table holds, for those who hear it; also names its file. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Height of the body at most, in pixels. */
  height?: number;
  sort?: View["sort"];
  onOpen?: (row: Row, index: number) => void;
  chosen?: ReadonlySet<number>;
  onChoose?: (index: number, range: boolean) => void;
  /** Controls that stand before the search box. */
  tools?: ComponentChildren;
  bare?: boolean;
  /** Called when rows come into sight, for tables whose rows are fetched as they are looked at. */
  onSight?: (first: number, last: number) => void;
  rowHeight?: number;
  /** Rows are asked for piece by piece: sorting and searching would see only those that are there. */
  partial?: boolean;
  /** Of a partial table: downloads all of its rows. */
  wholeFile?: () => void;
  searchLabel?: string;
  name?: string;
}

const ROW = 25;
const OVERSCAN = 6;
const NARROWEST = 48;
const WIDER = 16;
/** Row of the cursor when it stands on the head, where Enter sorts. */
const HEAD = -1;

/** A virtualizer that redraws the component when what is in sight changes. */
function useVirtual(options: { count: number; size: (i: number) => number; box: { current: HTMLDivElement | null }; horizontal: boolean; sizes: unknown }): Virtualizer<HTMLDivElement, Element> {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const all = {
    count: options.count,
    getScrollElement: () => options.box.current,
    estimateSize: options.size,
    horizontal: options.horizontal,
    overscan: options.horizontal ? 2 : OVERSCAN,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    initialRect: { width: 900, height: 400 },
    onChange: () => redraw(0),
  };
  const [virtual] = useState(() => new Virtualizer<HTMLDivElement, Element>(all));
  virtual.setOptions(all);
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  useLayoutEffect(() => virtual.measure(), [options.sizes]);
  return virtual;
}

function defaultWidth<Row>(column: Column<Row>, rows: readonly Row[]): number {
  if (column.width) return column.width;
  let longest = column.title.length + 3;
  for (const row of rows.slice(0, 40)) {
    const value = column.value(row);
    longest = Math.max(longest, (column.numeric ? number(value) : full(value)).length);
  }
  return Math.min(Math.max(longest * 7.4 + 20, 64), 320);
}

export function Table<Row>(props: Props<Row>): JSX.Element {
  const { columns, rows, label, height = 420, onOpen, chosen, onChoose, bare, partial, rowHeight = ROW } = props;
  const cell = useCell();
  const kept = (name: string): string => `${props.name ?? label}.${name}`;
  const view = cell.kept<View>(kept("view"), { ...EVERYTHING, sort: props.sort ?? null });
  const hidden = cell.kept<ReadonlySet<string>>(kept("hidden"), new Set());
  const widths = cell.kept<Record<string, number>>(kept("widths"), {});
  const filtering = cell.kept(kept("filtering"), false);
  const cursor = cell.kept<{ row: number; column: number }>(kept("cursor"), { row: 0, column: 0 });
  const box = useRef<HTMLDivElement>(null);
  const id = useId();

  const visible = useMemo(() => columns.filter((column) => !hidden.value.has(column.key)), [columns, hidden.value]);
  const order = useMemo(
    () => (partial ? rows.map((_, i) => i) : shown(rows, columns, view.value)),
    [rows, columns, view.value, partial],
  );
  const measured = useMemo(() => visible.map((column) => defaultWidth(column, rows)), [visible, rows.length > 0]);
  const sizeOf = (i: number): number => widths.value[visible[i]?.key ?? ""] ?? measured[i] ?? 100;
  const vertical = useVirtual({ count: order.length, size: () => rowHeight, box, horizontal: false, sizes: rowHeight });
  const across = useVirtual({ count: visible.length, size: sizeOf, box, horizontal: true, sizes: [widths.value, measured].map((x) => JSON.stringify(x)).join() });
  const inSight = vertical.getVirtualItems();
  const columnsInSight = across.getVirtualItems();

  const first = inSight[0]?.index ?? 0;
  const last = inSight[inSight.length - 1]?.index ?? 0;
  useEffect(() => props.onSight?.(first, last), [first, last, rows]);

  const head = rowHeight === ROW ? 27 : 29;
  const filterHead = filtering.value ? 30 : 0;
  const bodyHeight = Math.min(order.length * rowHeight, height);
  const total = across.getTotalSize();

  const moveTo = (row: number, column: number): void => {
    const next = { row: Math.min(Math.max(row, HEAD), order.length - 1), column: Math.min(Math.max(column, 0), visible.length - 1) };
    cursor.value = next;
    const { current } = box;
    if (!current) return;
    if (visible.length > 4) across.scrollToIndex(next.column, { align: "auto" });
    if (next.row === HEAD) return;
    const top = next.row * rowHeight;
    if (top < current.scrollTop) current.scrollTop = top;
    else if (top + rowHeight > current.scrollTop + current.clientHeight - head - filterHead) current.scrollTop = top + rowHeight - current.clientHeight + head + filterHead;
  };

  const onKey = (event: KeyboardEvent): void => {
    if (event.target !== box.current) return;
    const { row, column } = cursor.value;
    const page = Math.max(1, Math.floor(bodyHeight / rowHeight) - 1);
    const moves: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowRight: [row, column + 1], ArrowLeft: [row, column - 1],
      PageDown: [row + page, column], PageUp: [Math.max(row - page, 0), column],
      Home: [event.ctrlKey ? 0 : row, 0], End: [event.ctrlKey ? order.length - 1 : row, visible.length - 1],
    };
    const to = moves[event.key];
    const at = order[row];
    const under = visible[column];
    if (row === HEAD && event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight") && under) {
      widths.value = { ...widths.value, [under.key]: Math.max(NARROWEST, sizeOf(column) + (event.key === "ArrowRight" ? WIDER : -WIDER)) };
    } else if (row === HEAD && event.key === "Enter" && under && canSort(under)) sortBy(under);
    else if (to && !event.altKey) moveTo(...to);
    else if (event.key === "Enter" && onOpen && at !== undefined && !event.ctrlKey && !event.shiftKey && !event.altKey) onOpen(rows[at] as Row, at);
    else if (event.key === " " && onChoose && at !== undefined) onChoose(at, event.shiftKey);
    else if (event.key === "c" && (event.ctrlKey || event.metaKey) && at !== undefined) {
      if (getSelection()?.toString()) return; // what is marked is copied by the browser
      void navigator.clipboard.writeText(full(visible[column]?.value(rows[at] as Row)));
      toast("Copied the value.");
    } else if (event.key === "/") box.current?.closest(".table")?.querySelector<HTMLInputElement>("input[type=search]")?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  // Of a partial table only rows in sight are sure to be there.
  const shownRows = (): Row[] => (partial ? order.slice(first, last + 1) : order).map((i) => rows[i] as Row);
  const copyAll = async (): Promise<void> => {
    const some = shownRows();
    await navigator.clipboard.writeText(toTsv(some, visible));
    toast(`Copied ${count(some.length, "row")} of ${count(visible.length, "column")}.`);
  };
  const canSort = (column: Column<Row>): boolean => column.sortable !== false && !partial;
  const sortBy = (column: Column<Row>): void => {
    view.value = { ...view.value, sort: nextSort(view.value.sort, column.key, column.numeric ?? false) };
  };
  const resize = (event: PointerEvent, i: number): void => {
    event.preventDefault();
    event.stopPropagation();
    const begin = event.clientX;
    const was = sizeOf(i);
    const key = visible[i]?.key ?? "";
    const drag = (now: PointerEvent): void => {
      widths.value = { ...widths.value, [key]: Math.max(NARROWEST, was + now.clientX - begin) };
    };
    const stop = (): void => {
      removeEventListener("pointermove", drag);
      removeEventListener("pointerup", stop);
    };
    addEventListener("pointermove", drag);
    addEventListener("pointerup", stop);
  };

  const filters = Object.values(view.value.filters).filter((text) => text.trim()).length;
  return (
    <div class="table" data-keys>
      {!bare && (
        <div class="table-tools">
          {props.tools}
          {!partial && <Search label={props.searchLabel ?? `Search ${label}`} placeholder="Search" value={view.value.search} onInput={(search) => (view.value = { ...view.value, search })} />}
          <span class="soft nowrap grow" aria-live="polite">
            {order.length === rows.length ? count(rows.length, "row") : `${number(order.length)} of ${count(rows.length, "row")}`}
          </span>
          {!partial && <Button kind="quiet" icon="filter" label="Filter columns" pressed={filtering.value} onClick={() => { filtering.value = !filtering.value; if (!filtering.value) view.value = { ...view.value, filters: {} }; }}>{filters ? String(filters) : undefined}</Button>}
          <Menu icon="columns" label={`Columns of ${label}`} items={() => [
            { title: "Show all columns", run: () => (hidden.value = new Set()) },
            ...columns.slice(0, 40).map((column) => ({
              title: `${hidden.value.has(column.key) ? "Show" : "Hide"} ${column.title}`,
              run: () => {
                const next = new Set(hidden.value);
                if (!next.delete(column.key)) next.add(column.key);
                hidden.value = next;
              },
            })),
          ]} />
          <Button kind="quiet" icon="copy" label={partial ? "Copy the rows in sight" : "Copy the rows shown"} onClick={() => void copyAll()} />
          {partial && props.wholeFile ? <Button kind="quiet" icon="download" label="Download all rows as CSV" onClick={props.wholeFile} />
            : <Button kind="quiet" icon="download" label={partial ? "Download the rows in sight as CSV" : "Download the rows shown as CSV"} onClick={() => saveBlob(new Blob([toCsv(shownRows(), visible)], { type: "text/csv" }), `${label}.csv`)} />}
        </div>
      )}
      <div class="table-box" ref={box} role="grid" tabIndex={0} aria-label={label} aria-rowcount={order.length + 1} aria-colcount={visible.length}
        aria-activedescendant={`${id}-${cursor.value.row}-${cursor.value.column}`} onKeyDown={onKey} style={{ height: bodyHeight + head + filterHead + 2 + (total > 880 ? 10 : 0), maxWidth: total + 2 }}>
        <div class="table-all" style={{ width: total, height: order.length * rowHeight + head + filterHead }}>
          <div class="table-head" role="row" aria-rowindex={1} style={{ width: total, height: head + filterHead }}>
            {columnsInSight.map((item) => {
              const column = visible[item.index] as Column<Row>;
              const sorted = view.value.sort?.key === column.key ? view.value.sort : null;
              const here = cursor.value.row === HEAD && cursor.value.column === item.index;
              return (
                <div key={column.key} id={`${id}-${HEAD}-${item.index}`} role="columnheader" aria-colindex={item.index + 1} aria-sort={sorted ? (sorted.descending ? "descending" : "ascending") : undefined} class={`${column.numeric ? "numeric" : ""}${here ? " cursor" : ""}`} style={{ left: item.start, width: item.size }}>
                  {canSort(column) ? (
                    <button type="button" tabIndex={-1} title={column.hint ?? column.title} onClick={() => sortBy(column)}>
                      <span class="clip">{column.title}</span>
                      {sorted && <Icon name={sorted.descending ? "sortDown" : "sortUp"} size={14} />}
                    </button>
                  ) : <span class="clip" title={column.hint ?? column.title}>{column.title}</span>}
                  {filtering.value && (
                    <input aria-label={`Filter ${column.title}`} placeholder={column.numeric ? "> 0, 1..5" : "text, = text"} value={view.value.filters[column.key] ?? ""}
                      onInput={(event) => (view.value = { ...view.value, filters: { ...view.value.filters, [column.key]: event.currentTarget.value } })} />
                  )}
                  <span class="table-edge" onPointerDown={(event) => resize(event, item.index)} />
                </div>
              );
            })}
          </div>
          {inSight.map((item) => {
            const at = order[item.index] as number;
            const row = rows[at] as Row;
            return (
              <div key={item.index} role="row" aria-rowindex={item.index + 2} aria-selected={chosen?.has(at)} class={`table-row${chosen?.has(at) ? " chosen" : ""}${onOpen ? " opens" : ""}`}
                style={{ transform: `translateY(${item.start + head + filterHead}px)`, height: rowHeight, width: total }}
                onClick={(event) => { cursor.value = { ...cursor.value, row: item.index }; onChoose?.(at, event.shiftKey); }}
                onDblClick={() => onOpen?.(row, at)}>
                {columnsInSight.map((across_) => {
                  const column = visible[across_.index] as Column<Row>;
                  const value = column.value(row);
                  const here = cursor.value.row === item.index && cursor.value.column === across_.index;
                  return (
                    <div key={column.key} id={`${id}-${item.index}-${across_.index}`} role="gridcell" aria-colindex={across_.index + 1} class={`${column.numeric ? "numeric" : ""}${column.render ? "" : " words"}${here ? " cursor" : ""}`}
                      title={column.render && !column.numeric ? undefined : full(value)} style={{ left: across_.start, width: across_.size }}>
                      {column.render ? column.render(row, at) : column.numeric ? number(value) : value === null || value === undefined ? "–" : full(value)}
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      {order.length === 0 && <p class="soft table-empty">{rows.length ? "No row fits the search." : "There are no rows."}</p>}
    </div>
  );
}
