/** Whether columns look like the pixels of a square picture, and drawing a row of them. */
import type { ColV3 } from "../../rest/schemas";

export interface Picture {
  /** Places of the columns that are pixels, row by row. */
  columns: number[];
  side: number;
  /** Value of a white pixel. */
  white: number;
}

const LEAST_SIDE = 8;
const BYTE = 255;

/** The picture that the columns make, those left out aside; null where they do not look like one: a square number of grey values. */
export function pictureIn(columns: readonly ColV3[], without: ReadonlySet<number> = new Set()): Picture | null {
  const places: number[] = [];
  let [whole, most] = [true, 0];
  for (const [i, column] of columns.entries()) {
    if (without.has(i)) continue;
    const [low, high] = [Number(column.mins?.[0] ?? 0), Number(column.maxs?.[0] ?? 0)];
    if ((column.type !== "int" && column.type !== "real") || !(low >= 0 && high <= BYTE)) return null;
    places.push(i);
    whole &&= column.type === "int";
    most = Math.max(most, high);
  }
  const side = Math.round(Math.sqrt(places.length));
  // Greys are bytes, whole numbers of fewer bits, or parts of one.
  if (side < LEAST_SIDE || side * side !== places.length || !(most > 0) || !(whole || most <= 1)) return null;
  return { columns: places, side, white: whole ? (most > 16 ? BYTE : most) : 1 };
}

/** Draws the values as greys. */
export function drawPicture(canvas: HTMLCanvasElement, values: readonly number[], { side, white }: Picture): void {
  canvas.width = side;
  canvas.height = side;
  const ink = canvas.getContext("2d");
  if (!ink) return;
  const image = ink.createImageData(side, side);
  values.forEach((value, i) => {
    const grey = Math.round((Math.min(Math.max(value, 0), white) / white) * BYTE);
    image.data.set([grey, grey, grey, BYTE], i * 4);
  });
  ink.putImageData(image, 0, 0);
}
