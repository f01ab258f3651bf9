import { describe, expect, it } from "vitest";
import { commandsOf, type Scope } from "../src/language/evaluate";
import { parse } from "../src/language/parse";
import { Call, printCall, printNode } from "../src/language/print";
import { SyntaxProblem } from "../src/language/tree";

const only = (source: string): Call => {
  const found = commandsOf(source);
  expect(found).toHaveLength(1);
  return found[0] as Call;
};

describe("calls", () => {
  it("read without brackets, with them, and with nothing behind the name", () => {
    expect(only('getFrameSummary "cars.hex"')).toEqual(new Call("getFrameSummary", ["cars.hex"]));
    expect(only("getFrameSummary('cars.hex')")).toEqual(new Call("getFrameSummary", ["cars.hex"]));
    expect(only("assist")).toEqual(new Call("assist", []));
    expect(only("assist()")).toEqual(new Call("assist", []));
  });

  it("take objects without braces on one line", () => {
    expect(only('predict model: "m", frame: "f"')).toEqual(new Call("predict", [{ model: "m", frame: "f" }]));
    expect(only('exportFrame "a", "b.csv", overwrite: true')).toEqual(new Call("exportFrame", ["a", "b.csv", { overwrite: true }]));
  });

  it("take objects below the call, one entry a line", () => {
    const call = only('parseFiles\n  source_frames: ["a"]\n  separator: 44\n  single_quotes: false\n  column_names: null');
    expect(call.args).toEqual([{ source_frames: ["a"], separator: 44, single_quotes: false, column_names: null }]);
  });

  it("give the last arguments to the innermost call", () => {
    const call = only("grid inspect 'summary', getGrid \"g\", sort_by:\"auc\", decreasing:true");
    const inner = new Call("getGrid", ["g", { sort_by: "auc", decreasing: true }]);
    expect(call).toEqual(new Call("grid", [new Call("inspect", ["summary", inner])]));
  });

  it("may name another command", () => {
    const call = only('assist buildModel, null, training_frame: "t"');
    expect(call).toEqual(new Call("assist", [new Call("buildModel", []), null, { training_frame: "t" }]));
  });

  it("read JSON over several lines, with or without commas", () => {
    expect(only('buildModel "gbm", {\n  "a": 1,\n  b: [1\n 2]\n}').args).toEqual(["gbm", { a: 1, b: [1, 2] }]);
  });

  it("keep 64-bit numbers, hexadecimal and negative ones", () => {
    expect(only("f -9223372036854775807, 0xDECAF, -1e-5, 1.").args).toEqual([-9223372036854775807n, 912559, -1e-5, 1]);
  });

  it("leave comments out", () => {
    expect(only('getModel "m" # the best one\n# and why\n').args).toEqual(["m"]);
    expect(commandsOf("# nothing\n###\nnor here\n###")).toEqual([]);
  });

  it("read escapes in texts", () => {
    expect(only('f "a\\"b\\n\\u00e9", \'it\\\'s\'').args).toEqual(['a"b\né', "it's"]);
  });
});

describe("statements", () => {
  it("give names to values for later commands and cells", () => {
    const scope: Scope = new Map();
    const source = 'local = false\nplace = "/data/"\nif local\n file = place + "a.csv"\nelse\n file = "http://x/" + "a.csv"';
    expect(commandsOf(source, scope)).toEqual([]);
    expect(commandsOf("importFiles [file]", scope)).toEqual([new Call("importFiles", [["http://x/a.csv"]])]);
  });

  it("come one a line", () => {
    expect(commandsOf("getFrames\ngetModels").map((call) => call.name)).toEqual(["getFrames", "getModels"]);
  });
});

describe("problems", () => {
  it.each([
    ['getModel "m', "no end"],
    ["getModel [1, 2", "has no"],
    ["getModel ]", "not expected"],
    ["f a: 1, 2", "not expected"],
    ["f -> 1", "not part of a command"],
    ['f "#{x}"', "not computed"],
    ["3", "not a command"],
  ])("%s", (source, message) => {
    expect(() => commandsOf(source)).toThrow(SyntaxProblem);
    expect(() => commandsOf(source)).toThrow(message);
  });

  it("tell the line", () => {
    expect(() => commandsOf('getFrames\ngetModel "m')).toThrow("Line 2");
  });
});

describe("printing", () => {
  it("writes calls as notebooks do", () => {
    expect(printCall(new Call("getFrames", []))).toBe("getFrames");
    expect(printCall(new Call("buildModel", ["gbm", { ntrees: 5, seed: 9007199254740993n }]))).toBe(
      'buildModel "gbm", {"ntrees":5,"seed":9007199254740993}',
    );
    expect(printCall(new Call("predict", [{ model: "m", frame: "f" }]), "inline")).toBe('predict model: "m", frame: "f"');
    expect(printCall(new Call("parseFiles", [{ separator: 44, "a b": [] }]), "lines")).toBe('parseFiles\n  separator: 44\n  "a b": []');
  });

  it("writes what it reads back", () => {
    const calls = [
      new Call("f", ["a\"b\\ #{x}\n", null, true, [1, [2.5]], { x: { "y z": [] } }]),
      new Call("grid", [new Call("inspect", ["s", new Call("getModel", ["m"])])]),
    ];
    for (const call of calls) for (const style of ["json", "inline", "lines"] as const) expect(only(printCall(call, style))).toEqual(call);
  });

  it("writes trees that read as themselves", () => {
    const source = 'a = 1\nif a\n  f x: 1, y: [a]\nelse\n  g "t" + "u"';
    const tree = parse(source);
    expect(parse(tree.map((node) => printNode(node)).join("\n"))).toEqual(tree);
  });
});
