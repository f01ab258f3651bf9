import { beforeEach, describe, expect, it } from "vitest";
import { Call } from "../src/language/print";
import { Cell } from "../src/notebook/cell";
import { SHORTCUTS, written } from "../src/notebook/keyboard";
import type { FlowDocument } from "../src/language/document";
import { missingFrom } from "../src/notebook/versions";
import * as notebook from "../src/notebook/notebook";
import { markChanged, markGone } from "../src/rest/objects";

const texts = (): string[] => notebook.cells.value.map((cell) => cell.input.value);
const open = (...inputs: string[]): void => {
  notebook.fromDocument({ version: "1.0.0", cells: inputs.map((input) => ({ type: "cs", input })) });
};
const choose = (i: number): void => notebook.select(notebook.cells.value[i]);

beforeEach(() => open("a", "b", "c"));

describe("cells", () => {
  it("are inserted, moved, and selected up and down", () => {
    choose(1);
    notebook.insertAbove();
    expect(texts()).toEqual(["a", "", "b", "c"]);
    notebook.move(-1);
    expect(texts()).toEqual(["", "a", "b", "c"]);
    notebook.move(-1);
    notebook.selectNext(1);
    notebook.selectNext(1);
    expect(notebook.selected.value?.input.value).toBe("b");
  });

  it("come back after they were deleted, the last one first", () => {
    choose(0);
    notebook.deleteCell();
    notebook.deleteCell();
    expect(texts()).toEqual(["c"]);
    notebook.undoDelete();
    notebook.undoDelete();
    notebook.undoDelete();
    expect(texts()).toEqual(["a", "b", "c"]);
  });

  it("never run out", () => {
    open("a");
    notebook.deleteCell();
    expect(texts()).toEqual([""]);
  });

  it("are cut, copied, and pasted on either side", () => {
    choose(0);
    notebook.cut();
    choose(1);
    notebook.paste(true);
    expect(texts()).toEqual(["b", "c", "a"]);
    notebook.paste(false);
    expect(texts()).toEqual(["b", "c", "a", "a"]);
  });

  it("merge with the next one and split at the caret", () => {
    choose(0);
    notebook.merge();
    expect(texts()).toEqual(["a\nb", "c"]);
    notebook.split(2);
    expect(texts()).toEqual(["a", "b", "c"]);
    notebook.split(0);
    expect(texts()).toEqual(["a", "b", "c"]);
  });

  it("that a click makes stand below the one they came from", () => {
    const cell = notebook.open(new Call("assist", []), notebook.cells.value[0]);
    expect(texts()).toEqual(["a", "assist", "b", "c"]);
    expect(notebook.selected.value).toBe(cell);
    expect(cell.folded.value).toBe(true);
  });
});

describe("running", () => {
  it("shows the screen of a command", async () => {
    const cell = new Cell("cs", "getFrames");
    expect(await cell.run(new Map())).toBe(true);
    expect(cell.outcomes.value.map((outcome) => outcome.screen)).toEqual(["frames"]);
  });

  it("opens the form of a command that lacks an argument, with what is known", async () => {
    const cell = new Cell("cs", 'assist buildModel, "gbm", training_frame: "cars.hex"');
    await cell.run(new Map());
    expect(cell.outcomes.value[0]).toMatchObject({ screen: "build", props: { algorithm: "gbm", parameters: { training_frame: "cars.hex" } } });
  });

  it.each([
    ['getModl "m"', "Did you mean getModel"],
    ["getModel model: 1, depth: 2", "no argument 'depth'"],
    ["splitFrame 'f', [0.7, 0.4], ['a', 'b', 'c']", "together below 1"],
    ["getColumnSummary 'f'", "needs 'column'"],
    ["compareModels ['m']", "Two to eight"],
  ])("tells what is wrong with %s", async (input, message) => {
    const cell = new Cell("cs", input);
    expect(await cell.run(new Map())).toBe(false);
    expect(cell.problem.value?.message).toContain(message);
  });
});

describe("results are stale", () => {
  const later = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

  it("when their text was changed", async () => {
    const cell = new Cell("cs", "getFrames");
    await cell.run(new Map());
    expect(cell.stale.value).toBe(false);
    notebook.setInput(cell, "getModels");
    expect(cell.stale.value).toBe(true);
  });

  it("when what they show is gone; what only changed they show by themselves", async () => {
    const cell = new Cell("cs", 'getFrameSummary "f"');
    await cell.run(new Map());
    await later();
    markChanged("frame:f");
    expect(cell.stale.value).toBe(false);
    markGone("frame:g");
    expect(cell.stale.value).toBe(false);
    markGone("frame:f");
    expect(cell.stale.value).toBe(true);
  });

  it("when what they were made from changed", async () => {
    const cell = new Cell("cs", "predict");
    cell.outcomes.value = [{ screen: "prediction", props: {}, reads: ["frame:h", "model:m"] }];
    cell.ranInput.value = "predict";
    cell.ranAt.value = Date.now();
    await later();
    markChanged("model:other");
    expect(cell.stale.value).toBe(false);
    markChanged("model:m");
    expect(cell.stale.value).toBe(true);
  });
});

describe("keys", () => {
  const key = (name: string, ...modifiers: string[]): string[] =>
    written({ key: name, ctrlKey: modifiers.includes("ctrl"), metaKey: modifiers.includes("meta"), altKey: modifiers.includes("alt"), shiftKey: modifiers.includes("shift") });

  it("are written as the map has them", () => {
    expect(key("V", "shift")).toEqual(["Shift+v"]);
    expect(key("?", "shift")).toEqual(["?"]);
    expect(key("s", "ctrl")).toEqual(["Ctrl+s", "Mod+s"]);
    expect(key("s", "meta")).toEqual(["Mod+s"]);
    expect(key("_", "ctrl", "shift")).toContain("Ctrl+Shift+-");
    expect(key("Enter", "shift")).toEqual(["Shift+Enter"]);
  });

  it("mean one thing in each mode", () => {
    for (const mode of ["command", "edit"]) {
      const known = SHORTCUTS.filter((shortcut) => shortcut.mode === mode || shortcut.mode === "any").map((shortcut) => shortcut.keys);
      expect(new Set(known).size).toBe(known.length);
    }
  });

  it("are the notebook's usual ones", () => {
    const command = new Set(SHORTCUTS.filter((shortcut) => shortcut.mode !== "edit").map((shortcut) => shortcut.keys));
    for (const keys of ["Enter", "y", "m", "r", "1", "6", "k", "j", "a", "b", "x", "c", "v", "Shift+v", "z", "d d", "Shift+m", "s", "o", "h", "Shift+Enter", "Ctrl+Enter", "Alt+Enter"]) {
      expect(command).toContain(keys);
    }
  });
});

describe("versions", () => {
  const text = (...inputs: string[]): FlowDocument => ({ version: "1.0.0", cells: inputs.map((input) => ({ type: "cs", input })) });
  it("differ by their cells, two equal ones counted as two", () => {
    expect([...missingFrom(text("a", "b", "a"), text("a", "c"))]).toEqual([1, 2]);
    expect([...missingFrom(text("a"), text("a"))]).toEqual([]);
  });
  it("come back with the results of cells that are in both", async () => {
    notebook.fromDocument(text("assist", "getNothing"));
    const [first] = notebook.cells.value;
    await first?.run(notebook.scope);
    notebook.replaceWith(text("getOther", "assist"));
    expect(notebook.cells.value.map((cell) => cell.input.value)).toEqual(["getOther", "assist"]);
    expect(notebook.cells.value[1]).toBe(first);
    expect(first?.outcomes.value).toHaveLength(1);
  });
});
