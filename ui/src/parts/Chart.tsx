/** The page's one line chart, on uPlot: values under the pointer, a legend that hides and shows, drag to zoom, log axis, PNG and CSV. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { useCell } from "../notebook/context";
import { saveBlob } from "../notebook/files";
import { colour, theme } from "../theme/theme";
import { Button } from "./controls";
import { number } from "./format";

export interface Series {
  name: string;
  values: readonly (number | null)[];
  /** Variable of its colour, such as --series-0. */
  colour: string;
  dashed?: boolean;
  points?: boolean;
  /** It bounds a band: the space between a high edge and the low edge that follows it is filled. */
  edge?: "high" | "low";
}

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
}

type Library = typeof uPlot;
let library: Promise<Library> | null = null;

function load(): Promise<Library> {
  library ??= Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]).then(([module]) => module.default);
  return library;
}

function csv({ xTitle, x, series }: Props): string {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const head = [xTitle, ...series.map((one) => one.name)].map(quoted).join(",");
  return [head, ...x.map((value, i) => [value, ...series.map((one) => one.values[i] ?? "")].join(","))].join("\r\n");
}

export function Chart(props: Props): JSX.Element {
  const { label, x, xTitle, yTitle, series, height = 240, unit } = props;
  const cell = useCell();
  const hidden = cell.kept<ReadonlySet<string>>(`${label}.hidden`, new Set());
  const log = cell.kept(`${label}.log`, false);
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [Plot, setPlot] = useState<Library | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const [zoomed, setZoomed] = useState(false);
  const names = series.map((one) => one.name).join("\n");
  const data = useMemo(() => [x, ...series.map((one) => one.values)] as unknown as uPlot.AlignedData, [x, series]);

  useEffect(() => {
    void load().then((loaded) => setPlot(() => loaded));
  }, []);

  useEffect(() => {
    const holder = box.current;
    if (!Plot || !holder) return;
    const grid = { stroke: colour("--line"), width: 1 };
    const axis = { stroke: colour("--text-soft"), grid, ticks: { ...grid, size: 4 }, font: "11px system-ui, sans-serif", labelFont: "11px system-ui, sans-serif" };
    const shortened = (_: uPlot, ticks: (number | null)[]): string[] => ticks.map((tick) => (tick === null ? "" : number(tick)));
    const made = new Plot(
      {
        width: Math.max(holder.clientWidth, 200), height,
        legend: { show: false },
        cursor: { y: false, points: { size: 7 }, drag: { x: true, y: false, uni: 20 } },
        scales: { x: { time: false, ...(unit ? { range: () => [0, 1] } : {}) }, y: { distr: log.value ? 3 : 1, ...(unit ? { range: () => [0, 1.02] } : {}) } },
        axes: [
          { ...axis, label: xTitle, labelSize: 18, size: 34, values: shortened, space: 64 },
          { ...axis, ...(yTitle ? { label: yTitle, labelSize: 18 } : {}), size: 58, values: shortened, space: 34 },
        ],
        series: [
          { label: xTitle },
          ...series.map((one) => ({
            label: one.name, stroke: colour(one.colour), width: 1.75, dash: one.dashed ? [5, 4] : [], show: !hidden.value.has(one.name), spanGaps: true,
            points: { show: !one.edge && (one.points ?? x.length < 40), size: 5 },
          })),
        ],
        bands: series.flatMap((one, i) => (one.edge === "high" ? [{ series: [i + 1, i + 2] as [number, number], fill: `${colour(one.colour)}22` }] : [])),
        hooks: {
          setCursor: [(now: uPlot) => setAt(now.cursor.idx ?? null)],
          setScale: [(now: uPlot, key: string) => {
            if (key !== "x" || !now.data[0]?.length) return;
            const all = now.data[0];
            setZoomed((now.scales["x"]?.min ?? 0) > (all[0] ?? 0) + 1e-12 || (now.scales["x"]?.max ?? 0) < (all[all.length - 1] ?? 0) - 1e-12);
          }],
          drawClear: props.diagonal ? [(now: uPlot) => {
            const { ctx } = now;
            ctx.save();
            ctx.strokeStyle = colour("--line-strong");
            ctx.setLineDash([4, 4]);
            ctx.beginPath();
            ctx.moveTo(now.valToPos(0, "x", true), now.valToPos(0, "y", true));
            ctx.lineTo(now.valToPos(1, "x", true), now.valToPos(1, "y", true));
            ctx.stroke();
            ctx.restore();
          }] : [],
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
      const factor = event.deltaY < 0 ? 0.8 : 1.25;
      made.setScale("x", { min: middle - (middle - min) * factor, max: middle + (max - middle) * factor });
    };
    holder.addEventListener("wheel", wheel, { passive: false });
    return () => {
      holder.removeEventListener("wheel", wheel);
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [Plot, names, theme.value, log.value, height, unit]);

  useEffect(() => {
    plot.current?.setData(data, !zoomed);
  }, [data]);

  const toggle = (name: string): void => {
    const next = new Set(hidden.value);
    if (!next.delete(name)) next.add(name);
    hidden.value = next;
    plot.current?.setSeries(series.findIndex((one) => one.name === name) + 1, { show: !next.has(name) });
  };
  const image = (): void => {
    const { current } = plot;
    if (!current) return;
    const canvas = document.createElement("canvas");
    canvas.width = current.ctx.canvas.width;
    canvas.height = current.ctx.canvas.height;
    const ink = canvas.getContext("2d");
    if (!ink) return;
    ink.fillStyle = colour("--ground");
    ink.fillRect(0, 0, canvas.width, canvas.height);
    ink.drawImage(current.ctx.canvas, 0, 0);
    canvas.toBlob((blob) => blob && saveBlob(blob, `${label}.png`));
  };
  const here = at ?? x.length - 1;
  return (
    <figure class="chart" aria-label={label}>
      <div class="chart-head">
        <figcaption class="grow chart-legend">
          {series.map((one) => (
            <button key={one.name} type="button" aria-pressed={!hidden.value.has(one.name)} onClick={() => toggle(one.name)} title={`Show or hide ${one.name}`}>
              <i class={one.dashed ? "dashed" : ""} style={{ borderColor: `var(${one.colour})` }} />
              {one.name}
              <b class="mono">{number(one.values[here])}</b>
            </button>
          ))}
          {x.length > 0 && <span class="soft mono nowrap">{xTitle} {number(x[here])}</span>}
        </figcaption>
        {zoomed && <Button kind="quiet" onClick={() => plot.current?.setData(data, true)}>Reset zoom</Button>}
        <Button kind="quiet" pressed={log.value} onClick={() => (log.value = !log.value)} hint="Logarithmic axis">log</Button>
        <Button kind="quiet" onClick={image} hint="Save as a picture">PNG</Button>
        <Button kind="quiet" onClick={() => saveBlob(new Blob([csv(props)], { type: "text/csv" }), `${label}.csv`)} hint="Save the values">CSV</Button>
      </div>
      <div class="chart-box" ref={box} role="img" aria-label={`${label}: ${series.map((one) => `${one.name} ${number(one.values[x.length - 1])}`).join(", ")}`} style={{ minHeight: height }} />
    </figure>
  );
}
