import { describe, expect, it } from "vitest";
import { fit, ranked } from "../src/parts/fuzzy";
import { safeAddress } from "../src/notebook/Markdown";
import { encode } from "../src/rest/client";
import { addPoints, histories, readEvents } from "../src/rest/events";
import { parseJson, toJson } from "../src/rest/json";
import { columnOf, readTable, tablesIn } from "../src/rest/tables";
import { curvesOf } from "../src/screens/model/curves";
import { alongX, confusionOf, keyMetrics } from "../src/screens/model/reading";
import { columnsOf, parseArguments, problemsOf } from "../src/screens/parse/setup";

describe("JSON", () => {
  it("keeps 64-bit seeds both ways", () => {
    const text = '{"seed":-9223372036854775807,"x":[1,2.5,"1234567890123456789"]}';
    const read = parseJson(text) as { seed: bigint };
    // Where the runtime does not show a number's digits, the seed is the nearest number, as everywhere else.
    if (typeof read.seed === "bigint") expect(toJson(read)).toBe(text);
    expect(toJson({ seed: 9007199254740993n, none: undefined })).toBe('{"seed":9007199254740993}');
  });

  it("goes into forms as the server reads it", () => {
    expect(encode({ hidden: [64, 32], name: "a b", none: null, flag: false, seed: 9007199254740993n })).toBe("hidden=%5B64%2C32%5D&name=a+b&flag=false&seed=9007199254740993");
  });
});

const table = (columns: [string, string][], data: unknown[][]): never =>
  ({ name: "T", description: "", rowcount: data[0]?.length ?? 0, data, columns: columns.map(([name, type]) => ({ name, type, description: name })) }) as never;

describe("tables", () => {
  const read = readTable(table([["", "string"], ["epochs", "double"], ["auc", "double"]], [["", ""], [0, "1.5"], ["NaN", 0.5]]));

  it("leave empty columns out and read missing numbers", () => {
    expect(read.columns.map((column) => column.name)).toEqual(["epochs", "auc"]);
    expect(columnOf(read, "auc")).toEqual([null, 0.5]);
    expect(columnOf(read, "epochs")).toEqual([0, 1.5]);
  });

  it("are found at any depth", () => {
    expect(tablesIn({ a: [{ b: table([["x", "int"]], [[1]]) }] }).map((one) => one.name)).toEqual(["T"]);
  });
});

describe("curves", () => {
  it("go along epochs, the last score of each place, training and validation together", () => {
    const history = readTable(table(
      [["timestamp", "string"], ["epochs", "double"], ["samples", "double"], ["training_logloss", "double"], ["validation_logloss", "double"], ["training_auc", "double"]],
      [["t", "t", "t"], [0, 1, 1], [0, 5, 5], [0.7, 0.5, 0.4], [0.8, 0.6, "NaN"], ["NaN", "NaN", "NaN"]],
    ));
    const { x, xTitle, curves, metrics } = curvesOf(history);
    expect([x, xTitle, metrics]).toEqual([[0, 1], "epochs", ["logloss"]]);
    expect(curves).toEqual([
      { metric: "logloss", part: "training", values: [0.7, 0.4] },
      { metric: "logloss", part: "validation", values: [0.8, null] },
    ]);
  });

  it("have one value at each place", () => {
    expect(alongX([0.5, 0, 0.5], [0.7, 0, 0.9])).toMatchObject({ x: [0, 0.5], y: [0, 0.9] });
  });
});

describe("a model's metrics", () => {
  const cm = { table: table([["a", "long"], ["b", "long"], ["Error", "double"], ["Rate", "string"]], [[8, 1, 9], [2, 9, 11], [0.2, 0.1, 0.15], ["2 / 10", "1 / 10", "3 / 20"]]) };

  it("hold the matrix by actual class, and its error", () => {
    expect(confusionOf({ cm })).toEqual({ levels: ["a", "b"], counts: [[8, 2], [1, 9]] });
    expect(keyMetrics("Multinomial", { cm, logloss: 0.3, RMSE: "NaN" })).toEqual([
      { field: "error", title: "Error", value: 0.15 },
      { field: "logloss", title: "Log loss", value: 0.3 },
    ]);
  });
});

describe("parse setup", () => {
  const setup = {
    source_frames: [{ name: "s" }], parse_type: "CSV", separator: 44, single_quotes: false, check_header: 1, number_columns: 2, chunk_size: 5,
    column_names: ["id", "size"], column_types: ["Numeric", "Enum"], data: [["id", "size"], ["1", "big"], ["2", "small"]], warnings: null,
  } as never;

  it("comes to the arguments of the command", () => {
    const columns = columnsOf(setup).map((column) => (column.name === "size" ? { ...column, type: "String" } : { ...column, skipped: true }));
    expect(columns[0]?.samples).toEqual(["1", "2"]);
    expect(parseArguments(setup, columns, "f", true)).toMatchObject({ source_frames: ["s"], column_types: ["Numeric", "String"], skipped_columns: [0], destination_frame: "f", check_header: 1 });
  });

  it("tells what a reader should look at", () => {
    const columns = columnsOf(setup).map((column) => ({ ...column, type: "Numeric", name: "same" }));
    expect(problemsOf(setup, columns)).toEqual([expect.stringContaining("called same"), expect.stringContaining("will be missing")]);
    expect(problemsOf(setup, columnsOf(setup))).toEqual([]);
  });
});

describe("events", () => {
  it("are cut from the stream, whole ones only", () => {
    const { found, rest } = readEvents('retry: 2000\n\nevent: job\ndata: {"a":1}\n\n: \n\nevent: obj');
    expect(found).toEqual([{ event: "job", data: { a: 1 } }]);
    expect(rest).toBe("event: obj");
  });

  it("make a history grow, and begin again; what does not follow on is left", () => {
    const columns = [{ name: "epochs", type: "double", description: "" }];
    const told = (first: number, points: number[], reset = false): unknown => {
      addPoints({ model: "m", columns, first, points: points.map((point) => [point]), reset });
      return histories.value.get("m")?.rows.map((row) => row[0]);
    };
    expect(told(0, [1, 2])).toEqual([1, 2]);
    expect(told(2, [3])).toEqual([1, 2, 3]);
    expect(told(9, [4])).toEqual([1, 2, 3]);
    expect(told(0, [7], true)).toEqual([7]);
  });
});

describe("names", () => {
  it("are found by a few letters, beginnings of words first", () => {
    expect(ranked(["Abandon a model", "Build a model", "Frames"], "bm", (name) => name)[0]).toBe("Build a model");
    expect(fit("Frames", "xyz")).toBeNull();
  });
});

it("links of texts lead to the web alone", () => {
  expect(["https://a.b/c", "mailto:a@b.c", "javascript:alert(1)", "data:text/html,x", " javascript:alert(1)"].map(safeAddress)).toEqual(["https://a.b/c", "mailto:a@b.c", null, null, null]);
});
