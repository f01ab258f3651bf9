/** What the line chart draws and writes by itself: marks, the diagonal, its picture with a legend, its values as CSV. */
import type uPlot from "uplot";
import { colour } from "../theme/theme";

export interface Series {
  name: string;
  values: readonly (number | null)[];
  /** Variable of its colour, such as --series-0. */
  colour: string;
  dashed?: boolean;
  /** Another pattern of dashes, for lines that share a colour. */
  pattern?: number;
  points?: boolean;
  /** It bounds a band: the space between a high edge and the low edge that follows it is filled. */
  edge?: "high" | "low";
  /** The line that an edge belongs to, and is hidden with. */
  of?: string;
}

/** A place that is pointed out: a point on a curve, or without y a line from top to bottom. */
export interface Mark {
  x: number;
  y?: number;
  colour: string;
}

export function positive(values: readonly (number | null)[]): (number | null)[] {
  return values.map((value) => (value !== null && value > 0 ? value : null));
}

/** The value at the i-th place, or of the nearest place that has one, where the line goes on to both sides; else null. */
export function near(x: readonly number[], values: readonly (number | null)[], i: number): number | null {
  const has = (k: number): boolean => values[k] !== null && values[k] !== undefined;
  let [before, after] = [i, i];
  while (before >= 0 && !has(before)) before -= 1;
  while (after < x.length && !has(after)) after += 1;
  if (before < 0 || after >= x.length) return null;
  const here = x[i] as number;
  return (here - (x[before] as number) <= (x[after] as number) - here ? values[before] : values[after]) ?? null;
}

/** The line from 0, 0 to 1, 1. */
export function above(plot: uPlot, stroke: string): void {
  const { ctx } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
  ctx.clip();
  ctx.strokeStyle = stroke;
  ctx.setLineDash([4, 4]);
  ctx.beginPath();
  ctx.moveTo(plot.valToPos(0, "x", true), plot.valToPos(0, "y", true));
  ctx.lineTo(plot.valToPos(1, "x", true), plot.valToPos(1, "y", true));
  ctx.stroke();
  ctx.restore();
}

export function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio || 1;
  ctx.save();
  ctx.lineWidth = 1.5 * scale;
  for (const mark of marks) {
    const left = plot.valToPos(mark.x, "x", true);
    if (!(left >= bbox.left - 1 && left <= bbox.left + bbox.width + 1)) continue;
    ctx.strokeStyle = colour(mark.colour);
    ctx.beginPath();
    if (mark.y === undefined) {
      ctx.setLineDash([3 * scale, 3 * scale]);
      ctx.moveTo(left, bbox.top);
      ctx.lineTo(left, bbox.top + bbox.height);
    } else {
      ctx.setLineDash([]);
      ctx.fillStyle = colour("--ground");
      ctx.arc(left, plot.valToPos(mark.y, "y", true), 5 * scale, 0, 2 * Math.PI);
      ctx.fill();
    }
    ctx.stroke();
  }
  ctx.restore();
}

const LEGEND_PX = 24;

/** The chart's picture on the theme's ground, with its title and the names of its lines above it. */
export function pictureOf(drawn: HTMLCanvasElement, series: readonly Series[], title: string): HTMLCanvasElement {
  const scale = devicePixelRatio || 1;
  const canvas = document.createElement("canvas");
  canvas.width = drawn.width;
  const ink = canvas.getContext("2d");
  if (!ink) return canvas;
  const font = (weight: number): string => `${weight} ${12 * scale}px system-ui, sans-serif`;
  const gap = 16 * scale;
  ink.font = font(400);
  // Names that do not fit go on in the next line.
  const places: { left: number; row: number }[] = [];
  let [left, row] = [gap, 1];
  for (const one of series) {
    const wide = ink.measureText(one.name).width + 3 * gap;
    if (left > gap && left + wide > canvas.width) [left, row] = [gap, row + 1];
    places.push({ left, row });
    left += wide;
  }
  const head = (row + 1) * LEGEND_PX * scale;
  canvas.height = drawn.height + head;
  ink.fillStyle = colour("--ground");
  ink.fillRect(0, 0, canvas.width, canvas.height);
  ink.drawImage(drawn, 0, head);
  ink.textBaseline = "middle";
  ink.fillStyle = colour("--text");
  ink.font = font(600);
  ink.fillText(title, gap, (LEGEND_PX / 2) * scale);
  ink.font = font(400);
  series.forEach((one, i) => {
    const place = places[i] as { left: number; row: number };
    const y = (place.row + 0.5) * LEGEND_PX * scale;
    ink.fillStyle = colour(one.colour);
    ink.fillRect(place.left, y - 1.5 * scale, gap, 3 * scale);
    ink.fillStyle = colour("--text");
    ink.fillText(one.name, place.left + 1.4 * gap, y);
  });
  return canvas;
}

/** A histogram's picture with its title above and the names of its ends below. */
export function histogramPicture(heights: readonly number[], title: string, [first, last]: readonly [string, string]): HTMLCanvasElement {
  const [wide, tall, edge] = [1280, 360, 40];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [wide, tall + 2 * edge];
  const ink = canvas.getContext("2d");
  if (!ink) return canvas;
  ink.fillStyle = colour("--ground");
  ink.fillRect(0, 0, canvas.width, canvas.height);
  const top = Math.max(...heights, 1e-9);
  const step = wide / heights.length;
  ink.fillStyle = colour("--accent");
  heights.forEach((height, i) => ink.fillRect(i * step, edge + tall - (height / top) * tall, Math.max(step - 2, 1), (height / top) * tall));
  ink.fillStyle = colour("--text");
  ink.font = "600 22px system-ui, sans-serif";
  ink.textBaseline = "middle";
  ink.fillText(title, 8, edge / 2);
  ink.font = "20px system-ui, sans-serif";
  ink.fillText(first, 8, tall + 1.5 * edge);
  ink.textAlign = "right";
  ink.fillText(last, wide - 8, tall + 1.5 * edge);
  return canvas;
}

const BAR_PX = 34;

/** A picture of bars, one below the other, with their title above: names, bars, values. */
export function barsPicture(items: readonly { name: string; value: number; text: string }[], title: string): HTMLCanvasElement {
  const [wide, edge, names, values] = [1280, 48, 360, 160];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [wide, edge + items.length * BAR_PX + BAR_PX / 2];
  const ink = canvas.getContext("2d");
  if (!ink) return canvas;
  ink.fillStyle = colour("--ground");
  ink.fillRect(0, 0, canvas.width, canvas.height);
  ink.textBaseline = "middle";
  ink.fillStyle = colour("--text");
  ink.font = "600 22px system-ui, sans-serif";
  ink.fillText(title, 8, edge / 2);
  ink.font = "20px system-ui, sans-serif";
  const top = Math.max(...items.map((item) => Math.abs(item.value)), 1e-12);
  items.forEach((item, i) => {
    const y = edge + (i + 0.5) * BAR_PX;
    ink.textAlign = "left";
    ink.fillStyle = colour("--text");
    ink.fillText(clipped(ink, item.name, names - 24), 8, y);
    ink.textAlign = "right";
    ink.fillText(item.text, wide - 8, y);
    ink.fillStyle = colour(item.value < 0 ? "--bad" : "--accent");
    ink.fillRect(names, y - BAR_PX * 0.3, ((wide - names - values) * Math.abs(item.value)) / top, BAR_PX * 0.6);
  });
  return canvas;
}

/** The text, its end left out where it is wider than so many pixels. */
function clipped(ink: CanvasRenderingContext2D, text: string, most: number): string {
  if (ink.measureText(text).width <= most) return text;
  let short = text;
  while (short && ink.measureText(`${short}…`).width > most) short = short.slice(0, -1);
  return `${short}…`;
}

const DRAWN = ["fill", "stroke", "paint-order", "stroke-dasharray", "stroke-width", "stroke-opacity", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "text-anchor"];

/** A drawing as it is on the page, with its colours, at twice its size on the theme's ground. */
export async function drawingPicture(drawn: SVGSVGElement): Promise<HTMLCanvasElement> {
  const bounds = drawn.getBoundingClientRect();
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(bounds.width));
  copy.setAttribute("height", String(bounds.height));
  const parts = [...copy.querySelectorAll<SVGElement>("*")];
  [...drawn.querySelectorAll("*")].forEach((part, i) => {
    const style = getComputedStyle(part);
    parts[i]?.removeAttribute("style"); // its variables mean nothing elsewhere, and the page's policy lets nobody set another
    for (const name of DRAWN) parts[i]?.setAttribute(name, style.getPropertyValue(name));
  });
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(bounds.width * 2), Math.round(bounds.height * 2)];
  const ink = canvas.getContext("2d");
  if (!ink) return canvas;
  ink.fillStyle = colour("--ground");
  ink.fillRect(0, 0, canvas.width, canvas.height);
  ink.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** The values of all lines as a CSV file. */
export function chartCsv(xTitle: string, x: readonly number[], series: readonly Series[]): string {
  const quoted = (text: string): string => `"${(/^[=+@\t\r-]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const head = [xTitle, ...series.map((one) => one.name)].map(quoted).join(",");
  return [head, ...x.map((value, i) => [value, ...series.map((one) => one.values[i] ?? "")].join(","))].join("\r\n");
}
