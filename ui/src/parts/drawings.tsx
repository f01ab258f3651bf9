/** Small drawings: histogram, sparkline, bars, matrix. SVG and tables of our own; line charts are in Chart.tsx. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { saveBlob } from "../notebook/files";
import { barsPicture, histogramPicture } from "./chart-drawing";
import { Button, Choice } from "./controls";
import { number, percent } from "./format";
import { toCsv } from "./table-model";

/** Bins of at most so many, neighbours added up. */
export function rebin(bins: readonly number[], most: number): number[] {
  if (bins.length <= most) return [...bins];
  const size = Math.ceil(bins.length / most);
  return Array.from({ length: Math.ceil(bins.length / size) }, (_, i) => bins.slice(i * size, (i + 1) * size).reduce((a, b) => a + b, 0));
}

/** A distribution in the size of a table row. */
export function Sparkline({ bins, label }: { bins: readonly number[] | null; label: string }): JSX.Element | null {
  if (!bins || bins.length === 0) return null;
  const few = rebin(bins, 24);
  const top = Math.max(...few, 1);
  const step = 96 / few.length;
  return (
    <svg class="sparkline" viewBox="0 0 96 18" width={96} height={18} role="img" aria-label={label} preserveAspectRatio="none">
      {few.map((count, i) => {
        const tall = count ? Math.max((count / top) * 17, 1) : 0;
        return <rect key={i} x={i * step} y={18 - tall} width={Math.max(step - 0.6, 0.6)} height={tall} />;
      })}
    </svg>
  );
}

/** A share as a bar with its number. */
export function ShareBar({ part, tone = "plain" }: { part: number; tone?: "plain" | "bad" }): JSX.Element {
  return (
    <span class="share" title={`${part * 100} %`}>
      <span class={`share-track ${tone}`}><span style={{ width: `${Math.min(part, 1) * 100}%` }} /></span>
      <span class="mono">{percent(part)}</span>
    </span>
  );
}

interface HistogramProps {
  label: string;
  bins: readonly number[];
  /** Text of the i-th bin, such as its range or its level. */
  nameOf: (i: number) => string;
  log?: boolean;
  height?: number;
  /** Controls beside those of the figure. */
  tools?: ComponentChildren;
}

const WIDE = 640;
const TALL = 180;

/** A histogram with the value under the pointer. */
export function Histogram({ label, bins, nameOf, log, height = TALL, tools }: HistogramProps): JSX.Element {
  const [at, setAt] = useState<number | null>(null);
  const scaled = bins.map((count) => (log ? Math.log10(count + 1) : count));
  const top = Math.max(...scaled, 1e-9);
  const step = WIDE / bins.length;
  const gap = step > 6 ? 1 : 0;
  const image = (): void => histogramPicture(scaled, label, [nameOf(0), nameOf(bins.length - 1)]).toBlob((blob) => blob && saveBlob(blob, `${label}.png`));
  const values = (): void => saveBlob(new Blob([toCsv(bins.map((n, i) => ({ n, i })), [{ key: "bin", title: "bin", value: (row) => nameOf(row.i) }, { key: "rows", title: "rows", value: (row) => row.n }])], { type: "text/csv" }), `${label}.csv`);
  return (
    <figure class="histogram">
      <div class="chart-head">
        <figcaption class="mono soft grow">{at === null ? label : `${nameOf(at)}: ${number(bins[at])}`}</figcaption>
        {tools}
        <Button kind="quiet" onClick={image} hint="Save as a picture">PNG</Button>
        <Button kind="quiet" onClick={values} hint="Save the values">CSV</Button>
      </div>
      <svg viewBox={`0 0 ${WIDE} ${TALL}`} preserveAspectRatio="none" role="img" aria-label={label} style={{ height }} onPointerLeave={() => setAt(null)}
        onPointerMove={(event) => {
          const bounds = event.currentTarget.getBoundingClientRect();
          setAt(Math.min(Math.max(Math.floor(((event.clientX - bounds.left) / bounds.width) * bins.length), 0), bins.length - 1));
        }}>
        {scaled.map((value, i) => {
          const tall = value ? Math.max((value / top) * TALL, 1.5) : 0;
          return <rect key={i} class={i === at ? "here" : ""} x={i * step} y={TALL - tall} width={Math.max(step - gap, 0.8)} height={tall} />;
        })}
      </svg>
      <div class="row spread mono soft"><span>{nameOf(0)}</span><span>{nameOf(bins.length - 1)}</span></div>
    </figure>
  );
}

export interface Bar {
  name: string;
  value: number;
  /** Text beside the bar; the value where none is given. */
  text?: string;
}

/** Bars one below the other, longest value full. */
export function Bars({ items, label, onOpen }: { items: readonly Bar[]; label: string; onOpen?: (name: string) => void }): JSX.Element {
  const top = Math.max(...items.map((item) => Math.abs(item.value)), 1e-12);
  const image = (): void => barsPicture(items.map((item) => ({ text: number(item.value), ...item })), label).toBlob((blob) => blob && saveBlob(blob, `${label}.png`));
  const values = (): void => saveBlob(new Blob([toCsv(items, [{ key: "name", title: "name", value: (row) => row.name }, { key: "value", title: "value", value: (row) => row.value }])], { type: "text/csv" }), `${label}.csv`);
  return (
    <div class="bars-figure">
      <div class="chart-head">
        <span class="grow" />
        <Button kind="quiet" onClick={image} hint="Save as a picture">PNG</Button>
        <Button kind="quiet" onClick={values} hint="Save the values">CSV</Button>
      </div>
      <ul class="bars" aria-label={label}>
        {items.map((item) => (
          <li key={item.name}>
            {onOpen ? <button type="button" class="link mono clip" title={item.name} onClick={() => onOpen(item.name)}>{item.name}</button> : <span class="mono clip" title={item.name}>{item.name}</span>}
            <span class="bar-track"><span class={item.value < 0 ? "negative" : ""} style={{ width: `${(Math.abs(item.value) / top) * 100}%` }} /></span>
            <span class="mono numeric" title={String(item.value)}>{item.text ?? number(item.value)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export interface Matrix {
  levels: readonly string[];
  /** counts[i][j]: rows of class i that were predicted as class j. */
  counts: readonly (readonly number[])[];
}

const SHADES = ["Counts", "Row %", "Column %"] as const;

interface ConfusionProps {
  matrix: Matrix;
  label: string;
  /** Opens the rows of a cell: those of one class that were predicted as another. */
  onOpen?: ((actual: string, predicted: string) => void) | undefined;
  /** Said below it, such as why its rows cannot be opened. */
  note?: string | undefined;
}

/** Text of a matrix's cell; where its rows can be opened, a button, of which one at a time is reached by Tab and the others by the arrows. */
function MatrixCell({ text, title, at, here, onHere, onOpen }: { text: string; title: string; at: [number, number]; here: boolean; onHere: (at: [number, number]) => void; onOpen: () => void }): JSX.Element {
  const move = (event: KeyboardEvent): void => {
    const [down, right] = ({ ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] } as Record<string, [number, number]>)[event.key] ?? [0, 0];
    if (!down && !right) return;
    const next = (event.currentTarget as HTMLElement).closest("table")?.querySelector<HTMLElement>(`[data-at="${at[0] + down} ${at[1] + right}"]`);
    event.preventDefault();
    event.stopPropagation();
    next?.focus();
  };
  return <button type="button" data-at={at.join(" ")} tabIndex={here ? 0 : -1} title={title} aria-label={title} onFocus={() => onHere(at)} onKeyDown={move} onClick={onOpen}>{text}</button>;
}

/** A confusion matrix as a heat map; off the diagonal in the colour of errors. */
export function Confusion({ matrix, label, onOpen, note }: ConfusionProps): JSX.Element {
  const [shade, setShade] = useState<(typeof SHADES)[number]>("Counts");
  const [here, setHere] = useState<[number, number]>([0, 0]);
  const { levels, counts } = matrix;
  const rows = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = levels.map((_, j) => counts.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  const total = rows.reduce((a, b) => a + b, 0);
  const right = levels.reduce((sum, _, i) => sum + (counts[i]?.[i] ?? 0), 0);
  const share = (i: number, j: number): number => {
    const value = counts[i]?.[j] ?? 0;
    const whole = shade === "Column %" ? columns[j] : rows[i];
    return whole ? value / whole : 0;
  };
  return (
    <div class="confusion">
      <div class="row">
        <Choice label="Show" options={SHADES} value={shade} onChange={setShade} />
        <span class="soft">{`${number(total - right)} of ${number(total)} wrong (${percent(total ? (total - right) / total : 0)})`}</span>
      </div>
      <div class="scrolls" tabIndex={onOpen ? undefined : 0} role="region" aria-label={label}>
        <table>
          <caption class="unseen">{label}: rows are actual classes, columns predicted ones</caption>
          <thead>
            <tr>
              <th scope="col" class="soft">actual ↓ predicted →</th>
              {levels.map((level) => <th key={level} scope="col" class="mono" title={level}>{level}</th>)}
              <th scope="col">Error</th>
              <th scope="col">Rows</th>
            </tr>
          </thead>
          <tbody>
            {levels.map((level, i) => (
              <tr key={level}>
                <th scope="row" class="mono" title={level}>{level}</th>
                {levels.map((other, j) => {
                  const part = share(i, j);
                  const value = counts[i]?.[j] ?? 0;
                  const text = shade === "Counts" ? number(value) : value ? percent(part) : "";
                  const strength = value === 0 ? 0 : i === j ? 0.12 + part * 0.45 : 0.1 + Math.min(part * 3, 1) * 0.5;
                  return (
                    <td key={other} class={i === j ? "right" : value ? "wrong" : "none"} title={onOpen ? undefined : `${level} as ${other}: ${value}`} style={{ "--strength": `${Math.round(strength * 100)}%` }}>
                      {onOpen
                        ? <MatrixCell text={text} title={`${value} of ${level} as ${other}: show the rows`} at={[i, j]} here={here[0] === i && here[1] === j} onHere={setHere} onOpen={() => onOpen(level, other)} />
                        : text}
                    </td>
                  );
                })}
                <td class="edge">{percent(rows[i] ? 1 - (counts[i]?.[i] ?? 0) / (rows[i] as number) : 0)}</td>
                <td class="edge">{number(rows[i])}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">Rows</th>
              {columns.map((sum, j) => <td key={j} class="edge">{number(sum)}</td>)}
              <td class="edge">{percent(total ? 1 - right / total : 0)}</td>
              <td class="edge">{number(total)}</td>
            </tr>
          </tbody>
        </table>
      </div>
      {(note || onOpen) && <p class="soft">{note || "A click on a cell, or Enter, shows its rows."}</p>}
    </div>
  );
}
