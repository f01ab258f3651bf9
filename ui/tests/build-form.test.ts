import { describe, expect, it } from "vitest";
import { byField, changedValues, combinations, controlOf, defaultEntry, entryOf, gridValues, isMeant, valueOf, type Declared } from "../src/screens/build/form";

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
      .toEqual(["numbers", "number", "columns", "truth", "choice", "frame", "column", "json", "text"]);
  });

  it("show the server's values", () => {
    expect(defaultEntry(hidden)).toBe("200, 200");
    expect(entryOf(declared("training_frame", "Key<Frame>"), { name: "cars.hex" })).toBe("cars.hex");
    expect(entryOf(declared("response_column", "VecSpecifier"), { column_name: "y" })).toBe("y");
    expect(entryOf(ignored, null)).toEqual([]);
    expect(entryOf(balance, true)).toBe(true);
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
