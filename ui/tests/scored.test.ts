import { describe, expect, it } from "vitest";
import { chartCsv, near } from "../src/parts/chart-drawing";
import type { ColV3, FrameV3 } from "../src/rest/schemas";
import type { ReadTable } from "../src/rest/tables";
import { resultKey, scoredRows, type Wanted } from "../src/commands/scored";
import { counted, readCounts } from "../src/screens/column/by-target";
import { alongX, thresholdsOf } from "../src/screens/model/reading";
import { closest, costs, gainsOf, largest, miscalibration, reliability, separation, smallest } from "../src/screens/model/thresholds";
import { pictureIn } from "../src/screens/predict/pictures";

const two: Wanted = {
  frame: "prostate", predictions: "p", columns: ["ID", "CAPSULE", "AGE"], response: 1, isEnum: true, rows: 380, classes: ["0", "1"], probabilities: ["p0", "p1"], key: "rows-1",
};

describe("rows of a cell of the matrix", () => {
  it("are chosen by class and threshold, the largest loss first", () => {
    const actual = "(cols prostate 1)";
    const likely = `(ifelse (== ${actual} "0") (cols p 1) (ifelse (== ${actual} "1") (cols p 2) NaN))`;
    const bound = `(cbind (seq_len 380) ${actual} (ifelse (>= (cols p 2) 0.25) "1" "0") (cols p [1:2]) (* -1 (log (ifelse (> ${likely} 1e-15) ${likely} 1e-15))) (cols prostate [0:1 2:1]))`;
    const named = `(colnames= ${bound} [0:6] ["row" "actual" "predicted" "p0" "p1" "log loss"])`;
    expect(scoredRows({ ...two, actual: "1", predicted: "0", threshold: 0.25 })).toBe(`(assign rows-1 (sort (rows ${named} (& (== ${actual} "1") (not (>= (cols p 2) 0.25)))) [5] [-1]))`);
  });
  it("of more classes are those that the model predicts so", () => {
    expect(scoredRows({ ...two, classes: ["a", "b", "c"], predicted: "c" })).toContain('(& (not (is.na (cols prostate 1))) (== (cols p 0) "c"))');
  });
  it("compare levels of a response that holds numbers, and leave no name twice", () => {
    const text = scoredRows({ ...two, isEnum: false, columns: ["row", "CAPSULE"], actual: 'a"b' });
    expect(text).toContain('(== (as.factor (cols prostate 1)) "a\\"b")');
    expect(text).toContain('["row_1" "actual"');
  });
  it("of numbers are ordered by the square of their error", () => {
    const text = scoredRows({ ...two, classes: [], probabilities: [] });
    expect(text).toContain("(* (- (cols p 0) (cols prostate 1)) (- (cols p 0) (cols prostate 1)))");
    expect(text).toContain('["row" "actual" "predicted" "error" "squared error"]) (not (is.na (cols prostate 1)))) [4] [-1]');
  });
  it("have a key that the question makes", () => expect(resultKey("m", "f 1", "", undefined, 0.5)).toBe("rows-m-f_1-0.5"));
});

const read = (name: string, columns: Record<string, number[]>): ReadTable => ({
  name, description: "", columns: Object.keys(columns).map((one) => ({ name: one, title: one, numeric: true })),
  rows: (Object.values(columns)[0] ?? []).map((_, i) => Object.values(columns).map((values) => values[i] ?? null)),
});
// Four rows: 0.9 and 0.6 are positive, 0.7 and 0.2 are not.
const at = {
  threshold: [0.9, 0.7, 0.6, 0.2], tps: [1, 1, 2, 2], fps: [0, 1, 1, 2], fns: [1, 1, 0, 0], tns: [2, 1, 1, 0], tpr: [0.5, 0.5, 1, 1], fpr: [0, 0.5, 0.5, 1],
  recall: [0.5, 0.5, 1, 1], precision: [1, 0.5, 2 / 3, 0.5], f1: [2 / 3, 0.5, 0.8, 2 / 3], accuracy: [0.75, 0.5, 0.75, 0.5], specificity: [1, 0.5, 0.5, 0], mcc: [0.5, 0, 0.5, NaN],
};

describe("thresholds", () => {
  it("cost what their errors cost, and one is the cheapest", () => {
    expect(costs(at, 1, 5)).toEqual([5, 6, 1, 2]);
    expect([smallest(costs(at, 1, 5)), smallest(costs(at, 5, 1)), largest(at.f1), largest([NaN, 1, 0])]).toEqual([2, 0, 2, 1]);
    expect(closest(at.threshold, 0.64)).toBe(2);
  });
  it("keep both rates apart", () => expect(separation(at)).toEqual([0.5, 0, 0.5, 0]));
  it("tell how often each range of predictions came true", () => {
    const ranges = reliability(at, 2);
    expect(ranges).toEqual([{ from: 0, to: 0.5, rows: 1, predicted: 0.2, observed: 0 }, { from: 0.5, to: 1, rows: 3, predicted: expect.closeTo(2.2 / 3), observed: 2 / 3 }]);
    expect(miscalibration(ranges)).toBeCloseTo((0.2 + 0.2) / 4);
  });
  it("make curves with one value a place, and know which threshold it is", () => {
    expect(alongX([0, ...at.fpr], [0, ...at.tpr])).toEqual({ x: [0, 0.5, 1], y: [0.5, 1, 1], from: [1, 3, 4] });
  });
  it("are read with a hole where a score is not defined", () => {
    const data = [["0.5"], ["NaN"], [3]];
    const table = { columns: ["threshold", "f1", "tps"].map((name) => ({ name, type: "double" })), data, rowcount: 1, name: "" };
    expect(thresholdsOf({ thresholds_and_metric_scores: table })).toMatchObject({ threshold: [0.5], f1: [NaN], tps: [3] });
  });
  it("have groups of gains", () => {
    const table = read("Gains/Lift Table", { cumulative_data_fraction: [0.5, 1], cumulative_capture_rate: [0.8, 1], cumulative_lift: [1.6, 1], lift: [1.6, 0.4], kolmogorov_smirnov: [0.5, 0] });
    expect(gainsOf(table)).toMatchObject({ part: [0.5, 1], captured: [0.8, 1], lift: [1.6, 1] });
    expect(gainsOf(null)).toBeNull();
  });
});

describe("pictures", () => {
  const pixel = (most: number, type = "int"): ColV3 => ({ type, mins: [0], maxs: [most] }) as unknown as ColV3;
  it("are square numbers of greys beside what is left out", () => {
    const columns = [...Array.from({ length: 64 }, (_, i) => pixel(i % 17)), pixel(0, "enum")];
    expect(pictureIn(columns, new Set([64]))).toMatchObject({ side: 8, white: 16 });
    expect(pictureIn(columns)).toBeNull();
    expect(pictureIn(Array.from({ length: 784 }, () => pixel(250)))).toMatchObject({ side: 28, white: 255 });
    expect(pictureIn(Array.from({ length: 64 }, () => pixel(300)))).toBeNull();
    expect(pictureIn(Array.from({ length: 64 }, () => pixel(3.5, "real")))).toBeNull();
    expect(pictureIn(Array.from({ length: 63 }, () => pixel(9)))).toBeNull();
  });
});

describe("a column within classes", () => {
  it("is counted by bin and class on the server", () => {
    expect(counted({ frame: "f", column: 2, target: 0, bins: { base: -1, width: 0.5, count: 4 } }, "k")).toBe(
      '(assign k (GB (cbind (ifelse (> (floor (/ (- (cols f 2) -1) 0.5)) 3) 3 (floor (/ (- (cols f 2) -1) 0.5))) (cols f 0)) [0 1] "nrow" 0 "all"))',
    );
    const answer = { rows: 3, columns: [{ type: "int", data: [0, 1, null] }, { type: "enum", domain: ["no", "yes"], data: [1, 0, 1] }, { type: "int", data: [5, 7, 2] }] };
    const split = readCounts(answer as unknown as FrameV3);
    expect(split.classes).toEqual(["yes", "no"]);
    expect(split.counts.get("yes")).toEqual(new Map([["0", 5]]));
  });
});

it("a chart's values are a file that no spreadsheet runs", () => {
  expect(chartCsv("x", [1, 2], [{ name: '=a"', values: [0.5, null], colour: "" }])).toBe('"x","\'=a"""\r\n1,0.5\r\n2,');
});

it("a line of other places tells its nearest value, as far as it goes", () => {
  const values = [null, 1, null, null, 4, null];
  expect([0, 1, 2, 3, 4, 5].map((i) => near([0, 1, 2, 3, 4, 5], values, i))).toEqual([null, 1, 1, 4, 4, null]);
});
