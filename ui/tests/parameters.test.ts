import { describe, expect, it } from "vitest";
import { byField, canVary, changedValues, combinations, controlOf, defaultEntry, enteredPairs, entryOf, firstEntries, gridValues, isMeant, valueOf, type Declared } from "../src/screens/form/parameters";

function declared(name: string, type: string, more: Partial<Declared> = {}): Declared {
  return {
    name, type, label: name, help: `The ${name}.`, required: false, default_value: null, actual_value: null, input_value: null, level: "critical", values: [],
    is_member_of_frames: [], is_mutually_exclusive_with: [], gridable: true, ...more,
  } as Declared;
}

const hidden = declared("hidden", "int[]", { default_value: [200, 200] });
const epochs = declared("epochs", "double", { default_value: 10 });
const ignored = declared("ignored_columns", "string[]", { is_member_of_frames: ["training_frame"] });
const balance = declared("balance_classes", "boolean", { default_value: false });
const seed = declared("seed", "long", { default_value: -1 });

describe("fields", () => {
  it("have controls by type", () => {
    expect([hidden, epochs, ignored, balance, declared("x", "enum"), declared("x", "Key<Frame>"), declared("x", "VecSpecifier"), declared("x", "KeyValue[]"), declared("x", "string")].map(controlOf))
      .toEqual(["numbers", "number", "columns", "truth", "choice", "frame", "column", "pairs", "text"]);
    expect([declared("x", "boolean"), declared("x", "enum[]", { values: ["a"] }), declared("x", "Key<Keyed>[]"), declared("x", "Key<Frame>[]"), declared("x", "string[]"), declared("x", "string[][]")].map(controlOf))
      .toEqual(["choice", "choices", "models", "frames", "texts", "json"]);
  });

  it("show the server's values", () => {
    expect(defaultEntry(hidden)).toBe("200, 200");
    expect(entryOf(declared("training_frame", "Key<Frame>"), { name: "cars.hex" })).toBe("cars.hex");
    expect(entryOf(declared("response_column", "VecSpecifier"), { column_name: "y" })).toBe("y");
    expect(entryOf(ignored, null)).toEqual([]);
    expect(entryOf(balance, true)).toBe(true);
  });

  it("hold pairs, lists of names, and objects of one field", () => {
    const pairs = declared("monotone_constraints", "KeyValue[]");
    const entry = entryOf(pairs, [{ key: "a,b", value: 1 }, { key: "c", value: -1 }]);
    expect(enteredPairs(entry)).toEqual({ "a,b": 1, c: -1 });
    expect(valueOf(pairs, entry)).toEqual([{ key: "a,b", value: 1 }, { key: "c", value: -1 }]);
    const wrapped = declared("preprocessing", "Step[]", { values: ["Encoding"], wraps: "type" });
    expect(valueOf(wrapped, ["Encoding"])).toEqual([{ type: "Encoding" }]);
    expect(entryOf(wrapped, [{ type: "Encoding" }])).toEqual(["Encoding"]);
    expect(entryOf(declared("base_models", "Key<Keyed>[]"), [{ name: "m" }])).toEqual(["m"]);
  });

  it("have three answers where there is no default", () => {
    const open = declared("fold_models_predict", "boolean");
    expect([entryOf(open, null), entryOf(open, false), valueOf(open, "false"), valueOf(open, "true")]).toEqual(["", "false", false, true]);
    expect(changedValues([open], { fold_models_predict: "false" })).toEqual({ fold_models_predict: false });
  });

  it("begin with what is given, and with the only frame", () => {
    const frame = declared("training_frame", "Key<Frame>");
    expect(firstEntries([frame, epochs], { epochs: 3 }, ["only"])).toEqual({ training_frame: "only", epochs: "3" });
    expect(firstEntries([frame, epochs], { training_frame: "given" }, ["a", "b"])).toEqual({ training_frame: "given" });
  });

  it("give values of their type, and what is none as it is", () => {
    expect(valueOf(hidden, "[64, 32]")).toEqual([64, 32]);
    expect(valueOf(epochs, "1e-3")).toBe(0.001);
    expect(valueOf(epochs, "many")).toBe("many");
    expect(valueOf(seed, "9223372036854775807")).toBe(9223372036854775807n);
  });

  it("send what differs from the defaults alone", () => {
    const entries = { hidden: "200, 200", epochs: "3", ignored_columns: ["ID"], balance_classes: false, seed: "" };
    expect(changedValues([hidden, epochs, ignored, balance, seed], entries)).toEqual({ epochs: 3, ignored_columns: ["ID"] });
  });

  it("are found by words of their names and help", () => {
    expect([isMeant(balance, "balance cl"), isMeant(balance, "the"), isMeant(balance, "epoch")]).toEqual([true, true, false]);
  });
});

describe("grids", () => {
  it("part values by semicolons, so that lists can be tried", () => {
    expect(gridValues(hidden, "64, 32; 10")).toEqual([[64, 32], [10]]);
    expect(gridValues(balance, "true; false")).toEqual([true, false]);
  });

  it("vary settings, never data", () => {
    expect([hidden, ignored, declared("x", "Key<Frame>"), declared("x", "long", { gridable: false }), balance].map(canVary)).toEqual([true, false, false, false, true]);
  });

  it("count their models", () => {
    expect(combinations({ a: [1, 2], b: [1, 2, 3] })).toBe(6);
    expect(combinations({})).toBe(0);
    expect(combinations({ a: [] })).toBe(0);
  });
});

it("messages go to their fields", () => {
  const message = (message_type: string, field_name: string): never => ({ message_type, field_name, message: field_name }) as never;
  const told = byField([message("ERRR", "epochs"), message("WARN", "epochs"), message("TRACE", "rate"), message("INFO", "x")]);
  expect(told.get("epochs")).toEqual({ wrong: ["epochs"], hints: ["epochs"], hidden: false });
  expect(told.get("rate")?.hidden).toBe(true);
});
