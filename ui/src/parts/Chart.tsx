/** The page's one line chart, on uPlot: values under the pointer, a legend that hides and shows, drag to zoom, log axis, PNG and CSV. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { useCell } from "../notebook/context";
import { saveBlob } from "../notebook/files";
import { colour, theme } from "../theme/theme";
import { above, chartCsv, drawMarks, near, pictureOf, positive, type Mark, type Series } from "./chart-drawing";
import { Button } from "./controls";
import { full, number } from "./format";

export type { Mark, Series } from "./chart-drawing";

interface Props {
  label: string;
  x: readonly number[];
  xTitle: string;
  yTitle?: string;
  series: readonly Series[];
  height?: number;
  /** Fixed ends of both axes, such as 0 to 1. */
  unit?: boolean;
  diagonal?: boolean;
  marks?: readonly Mark[];
  /** Called with the place of the nearest point when the chart is clicked. */
  onPick?: (i: number) => void;
}

type Library = typeof uPlot;
let library: Promise<Library> | null = null;

function load(): Promise<Library> {
  library ??= Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]).then(([module]) => module.default);
  return library;
}

const CLICK_PX = 4;
const DASHES: number[][] = [[], [5, 4], [2, 3], [9, 3, 2, 3]];

/** Where the pointer is: place in the data, and place of its words within the box. */
interface Pointed {
  i: number;
  left: number;
}

function Words({ props, at, hidden }: { props: Props; at: Pointed; hidden: ReadonlySet<string> }): JSX.Element {
  const { x, xTitle, series } = props;
  const lines = series.filter((one) => !one.edge && !hidden.has(one.name)).map((one) => ({ ...one, here: near(x, one.values, at.i) })).filter((one) => one.here !== null);
  return (
    <div class="chart-words" style={at.left > 0.55 ? { right: `${(1 - at.left) * 100}%`, marginRight: "14px" } : { left: `${at.left * 100}%`, marginLeft: "14px" }}>
      <span class="soft">{xTitle} <b class="mono">{number(x[at.i])}</b></span>
      {lines.map((one) => <span key={one.name}><i style={{ borderColor: `var(${one.colour})` }} /><span class="clip">{one.name}</span><b class="mono">{number(one.here)}</b></span>)}
    </div>
  );
}

export function Chart(props: Props): JSX.Element {
  const { label, x, xTitle, yTitle, series, height = 240, unit, marks } = props;
  const cell = useCell();
  const hidden = cell.kept<ReadonlySet<string>>(`${label}.hidden`, new Set());
  const log = cell.kept(`${label}.log`, false);
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  /** Whether the reader chose a part of the axis: until then a chart of parts shows 0 to 1. */
  const zoomedTo = useRef(false);
  const [Plot, setPlot] = useState<Library | null>(null);
  const [at, setAt] = useState<Pointed | null>(null);
  const [zoomed, setZoomed] = useState(false);
  const form = series.map((one) => `${one.name} ${one.colour} ${one.edge ?? ""} ${one.dashed ?? ""}`).join("\n");
  // A logarithm has no place for 0 and below.
  const data = useMemo(() => [x, ...series.map((one) => (log.value ? positive(one.values) : one.values))] as unknown as uPlot.AlignedData, [x, series, log.value]);

  useEffect(() => {
    void load().then((loaded) => setPlot(() => loaded));
  }, []);

  useEffect(() => {
    const holder = box.current;
    if (!Plot || !holder) return;
    const grid = { stroke: colour("--line"), width: 1 };
    const axis = { stroke: colour("--text-soft"), grid, ticks: { ...grid, size: 4 }, font: "11px system-ui, sans-serif", labelFont: "11px system-ui, sans-serif" };
    const shortened = (_: uPlot, ticks: (number | null)[]): string[] => ticks.map((tick) => (tick === null ? "" : number(tick)));
    const whole = unit && !log.value;
    // Several bands over one another are clearer without edges.
    const bands = series.filter((one) => one.edge === "high").length;
    zoomedTo.current = false;
    const made = new Plot(
      {
        width: Math.max(holder.clientWidth, 200), height,
        legend: { show: false },
        cursor: { y: false, points: { size: 7 }, drag: { x: true, y: false, dist: CLICK_PX } },
        scales: {
          x: { time: false, ...(unit ? { range: (_: uPlot, low: number, high: number): [number, number] => (zoomedTo.current ? [low, high] : [0, 1]) } : {}) },
          y: { distr: log.value ? 3 : 1, ...(whole ? { range: (): [number, number] => [0, 1.02] } : {}) },
        },
        axes: [
          { ...axis, label: xTitle, labelSize: 18, size: 34, values: shortened, space: 64 },
          { ...axis, ...(yTitle ? { label: yTitle, labelSize: 18 } : {}), size: 58, values: shortened, space: 26 },
        ],
        series: [
          { label: xTitle },
          ...series.map((one) => ({
            label: one.name, stroke: colour(one.colour), width: one.edge ? (bands > 1 ? 0 : 1) : 1.75, dash: DASHES[(one.pattern ?? (one.dashed ? 1 : 0)) % DASHES.length] ?? [], show: !hidden.value.has(one.name), spanGaps: true,
            points: { show: !one.edge && (one.points ?? x.length < 40), size: 5 },
          })),
        ],
        bands: series.flatMap((one, i) => (one.edge === "high" ? [{ series: [i + 1, i + 2] as [number, number], fill: `${colour(one.colour)}22` }] : [])),
        hooks: {
          setCursor: [(now: uPlot) => {
            const { idx, left } = now.cursor;
            setAt(idx === null || idx === undefined || left === undefined || left < 0 ? null : { i: idx, left: (now.over.offsetLeft + left) / now.width });
          }],
          setScale: [(now: uPlot, key: string) => {
            if (key !== "x" || !now.data[0]?.length) return;
            const all = now.data[0];
            const [low, high] = unit ? [0, 1] : [all[0] ?? 0, all[all.length - 1] ?? 0];
            setZoomed((now.scales["x"]?.min ?? 0) > low + 1e-12 || (now.scales["x"]?.max ?? 0) < high - 1e-12);
          }],
          drawClear: props.diagonal && !log.value ? [(now: uPlot) => above(now, colour("--line-strong"))] : [],
          draw: [(now: uPlot) => drawMarks(now, latest.current.marks ?? [])],
        },
      },
      data, holder,
    );
    plot.current = made;
    const watch = new ResizeObserver(() => {
      const width = Math.floor(holder.clientWidth);
      if (width > 0 && width !== made.width) made.setSize({ width, height });
    });
    watch.observe(holder);
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.shiftKey) return; // a bare wheel scrolls the notebook
      event.preventDefault();
      const { min = 0, max = 1 } = made.scales["x"] ?? {};
      const middle = made.posToVal(event.offsetX, "x");
      const factor = (event.deltaY || event.deltaX) < 0 ? 0.8 : 1.25;
      zoomedTo.current = true;
      made.setScale("x", { min: middle - (middle - min) * factor, max: middle + (max - middle) * factor });
    };
    let [from, before] = [0, false];
    const down = (event: MouseEvent): void => {
      [from, before] = [event.clientX, zoomedTo.current];
      zoomedTo.current = true;
    };
    const up = (event: MouseEvent): void => {
      const { idx } = made.cursor;
      if (Math.abs(event.clientX - from) >= CLICK_PX) return;
      zoomedTo.current = before;
      if (typeof idx === "number") latest.current.onPick?.(idx);
    };
    holder.addEventListener("wheel", wheel, { passive: false });
    made.over.addEventListener("mousedown", down);
    made.over.addEventListener("click", up);
    made.over.addEventListener("dblclick", () => (zoomedTo.current = false), { capture: true });
    return () => {
      holder.removeEventListener("wheel", wheel);
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [Plot, form, xTitle, theme.value, log.value, height, unit]);

  const drawnForm = useRef(form);
  useEffect(() => {
    // A chart of other lines was just made anew, with its data.
    if (drawnForm.current === form) plot.current?.setData(data, !zoomed);
    drawnForm.current = form;
  }, [data]);
  const marked = JSON.stringify(marks ?? []);
  useEffect(() => plot.current?.redraw(false), [marked]);

  const reset = (): void => {
    zoomedTo.current = false;
    plot.current?.setData(data, true);
  };
  const toggle = (name: string): void => {
    const next = new Set(hidden.value);
    if (!next.delete(name)) next.add(name);
    hidden.value = next;
    series.forEach((one, i) => {
      // The edges of a band go with the line that they stand around.
      if (one.name === name || one.of === name) plot.current?.setSeries(i + 1, { show: !next.has(name) });
    });
  };
  const key = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const now = plot.current;
    if (!now || !x.length || !(step || event.key === "Enter" || event.key === "Escape")) return;
    if (event.key === "Enter") {
      if (!props.onPick || !at) return;
      props.onPick(at.i);
    } else if (event.key === "Escape") {
      if (!at) return;
      setAt(null);
    } else {
      const i = Math.min(Math.max((at?.i ?? (step > 0 ? -1 : x.length)) + step, 0), x.length - 1);
      now.setCursor({ left: now.valToPos(x[i] as number, "x"), top: 0 }, false);
      setAt({ i, left: (now.over.offsetLeft + now.valToPos(x[i] as number, "x")) / now.width });
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const image = (): void => {
    if (plot.current) pictureOf(plot.current.ctx.canvas, series.filter((one) => !one.edge && !hidden.value.has(one.name)), label).toBlob((blob) => blob && saveBlob(blob, `${label}.png`));
  };
  const named = series.filter((one) => !one.edge);
  const last = x.length - 1;
  return (
    <figure class="chart" aria-label={label}>
      <div class="chart-head">
        <figcaption class="grow chart-legend">
          {named.map((one) => (
            <button key={one.name} type="button" aria-pressed={!hidden.value.has(one.name)} onClick={() => toggle(one.name)} title={`Show or hide ${one.name}; its last value is ${full(one.values[last])}`}>
              <i class={one.dashed || one.pattern ? "dashed" : ""} style={{ borderColor: `var(${one.colour})` }} />
              <span class="clip">{one.name}</span>
            </button>
          ))}
        </figcaption>
        {zoomed && <Button kind="quiet" onClick={reset}>Reset zoom</Button>}
        <Button kind="quiet" pressed={log.value} onClick={() => (log.value = !log.value)} hint="Logarithmic axis of values">log</Button>
        <Button kind="quiet" onClick={image} hint="Save as a picture">PNG</Button>
        <Button kind="quiet" onClick={() => saveBlob(new Blob([chartCsv(xTitle, x, series)], { type: "text/csv" }), `${label}.csv`)} hint="Save the values">CSV</Button>
      </div>
      <div class={`chart-frame${props.onPick ? " picks" : ""}`}>
        <div class="chart-box" ref={box} role="img" tabIndex={0} onKeyDown={key} onBlur={() => setAt(null)} aria-label={`${label}: ${named.map((one) => `${one.name} ${number(one.values[last])}`).join(", ")}`} style={{ minHeight: height }} />
        {at && at.i < x.length && <Words props={props} at={at} hidden={hidden.value} />}
      </div>
    </figure>
  );
}
