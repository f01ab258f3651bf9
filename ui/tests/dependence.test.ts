import { describe, expect, it } from "vitest";
import type { ReadTable } from "../src/rest/tables";
import { byColumn, planes, range, split } from "../src/screens/partial/dependence";

const table = (names: string[], rows: ReadTable["rows"], description = ""): ReadTable => ({
  name: "PartialDependence", description, rows,
  columns: names.map((name) => ({ name, title: name, numeric: name !== "group" })),
});
const MEANS = ["mean_response", "stddev_response"];

describe("partial dependence", () => {
  it("puts the points in order, the missing value apart", () => {
    const [of] = byColumn([table(["age", ...MEANS], [[3, 0.5, 0.1], [1, 0.25, 0.125], [null, 0.4, 0.1]])]);
    expect(of?.numeric).toBe(true);
    expect(split(of!.curves[0]!)).toEqual({ x: [1, 3], mean: [0.25, 0.5], low: [0.125, 0.4], high: [0.375, 0.6], missing: 0.4 });
  });
  it("gathers the classes of a column", () => {
    const rows: ReadTable["rows"] = [["a", 0.1, 0.1]];
    const [of, other] = byColumn(["low", "of 'x'"].map((name) => table(["group", ...MEANS], rows, `Partial dependence of the model m on 'group' for the class ${name}`)));
    expect(other).toBeUndefined();
    expect(of?.curves.map((curve) => curve.target)).toHaveLength(2);
    expect(of?.curves[0]?.target).toBe("low");
  });
  it("lays out a pair", () => {
    const rows: ReadTable["rows"] = [[1, 10, 0.1, 0], [1, 20, 0.2, 0], [2, 10, 0.3, 0], [2, null, 0.4, 0]];
    const [plane] = planes([table(["a", "b", ...MEANS], rows)]);
    expect(plane).toMatchObject({ columns: ["a", "b"], x: [1, 2], y: [10, 20, null], mean: [[0.1, 0.3], [0.2, null], [null, 0.4]] });
    expect(range(plane!)).toEqual([0.1, 0.4]);
  });
});
