/** What the tables of partial dependence say: curves by column and class, bars of levels, and fields of pairs. */
import { columnOf, type Cell, type ReadTable } from "../../rest/tables";

export interface Curve {
  /** Class that is predicted; empty where there is only one answer. */
  target: string;
  points: Cell[];
  mean: (number | null)[];
  deviation: (number | null)[];
}

export interface OfColumn {
  column: string;
  numeric: boolean;
  curves: Curve[];
}

export interface Plane {
  columns: [string, string];
  target: string;
  x: Cell[];
  y: Cell[];
  /** mean[j][i] for y[j] and x[i]; null where there is none. */
  mean: (number | null)[][];
}

const MEAN = "mean_response";
const DEVIATION = "stddev_response";

const numbers = (cells: readonly Cell[]): (number | null)[] => cells.map((cell) => (typeof cell === "number" && Number.isFinite(cell) ? cell : null));

/** The class that a table's description ends with. */
export function targetOf(table: ReadTable): string {
  return / for (?:the )?class '?(.*?)'?$/.exec(table.description)?.[1] ?? "";
}

const featuresOf = (table: ReadTable): number => table.columns.findIndex((column) => column.name === MEAN);

export function byColumn(tables: readonly ReadTable[]): OfColumn[] {
  const found = new Map<string, OfColumn>();
  for (const table of tables) {
    const spec = table.columns[0];
    if (!spec || featuresOf(table) !== 1) continue;
    // Names of the table's columns are written plainly; the column's own name is their title.
    const entry = found.get(spec.name) ?? { column: spec.title, numeric: spec.numeric, curves: [] };
    entry.curves.push({ target: targetOf(table), points: columnOf(table, spec.name), mean: numbers(columnOf(table, MEAN)), deviation: numbers(columnOf(table, DEVIATION)) });
    found.set(spec.name, entry);
  }
  return [...found.values()];
}

export function planes(tables: readonly ReadTable[]): Plane[] {
  return tables.filter((table) => featuresOf(table) === 2).map((table) => {
    const [a, b] = [table.columns[0]?.name ?? "", table.columns[1]?.name ?? ""];
    const [xs, ys, means] = [columnOf(table, a), columnOf(table, b), numbers(columnOf(table, MEAN))];
    const [x, y] = [[...new Set(xs)], [...new Set(ys)]];
    const mean = y.map((): (number | null)[] => x.map(() => null));
    xs.forEach((value, i) => {
      const row = mean[y.indexOf(ys[i] ?? null)];
      if (row) row[x.indexOf(value)] = means[i] ?? null;
    });
    return { columns: [table.columns[0]?.title ?? a, table.columns[1]?.title ?? b], target: targetOf(table), x, y, mean };
  });
}

/** Points of a numeric column in order; the one of missing values apart. */
export function split(curve: Curve): { x: number[]; mean: (number | null)[]; low: (number | null)[]; high: (number | null)[]; missing: number | null } {
  const order = curve.points.map((point, i) => ({ point, i })).filter((one): one is { point: number; i: number } => typeof one.point === "number").sort((a, b) => a.point - b.point);
  const at = curve.points.findIndex((point) => point === null);
  const side = (sign: number): (number | null)[] => order.map(({ i }) => {
    const mean = curve.mean[i] ?? null;
    return mean === null ? null : mean + sign * (curve.deviation[i] ?? 0);
  });
  return { x: order.map((one) => one.point), mean: order.map(({ i }) => curve.mean[i] ?? null), low: side(-1), high: side(1), missing: at < 0 ? null : curve.mean[at] ?? null };
}

/** Smallest and largest of the means, for the scale of a heat map. */
export function range(plane: Plane): [number, number] {
  const all = plane.mean.flat().filter((value): value is number => value !== null);
  return all.length ? [Math.min(...all), Math.max(...all)] : [0, 0];
}
