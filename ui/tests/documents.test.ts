import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDocument, writeDocument } from "../src/language/document";
import { commandsOf, type Scope } from "../src/language/evaluate";
import { parse } from "../src/language/parse";
import { printNode } from "../src/language/print";

describe("notebook files", () => {
  it("are written byte for byte as they are read", () => {
    const text = '{\n  "version": "1.0.0",\n  "cells": [\n    {\n      "type": "cs",\n      "input": "getFrames"\n    }\n  ]\n}';
    expect(writeDocument(readDocument(text))).toBe(text);
  });

  it("say what is wrong with them", () => {
    expect(() => readDocument("<html>")).toThrow("not JSON");
    expect(() => readDocument("[]")).toThrow("no list of cells");
    expect(() => readDocument("null")).toThrow("no list of cells");
  });

  it("keep cells of unknown types as plain text", () => {
    expect(readDocument('{"cells":[{"type":"sca","input":"x"},null]}').cells).toEqual([
      { type: "raw", input: "x" },
      { type: "raw", input: "" },
    ]);
  });
});

// A folder of other people's notebooks: ARTESIAN_FLOW_FILES names it where there is one.
const folder = process.env["ARTESIAN_FLOW_FILES"] ?? "";
const files = folder && existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(".flow")) : [];

describe.skipIf(files.length === 0)(`the ${files.length} notebooks of ${folder || "ARTESIAN_FLOW_FILES"}`, () => {
  it.each(files)("%s", (name) => {
    const path = join(folder, name);
    if (!statSync(path).isFile()) return;
    const text = readFileSync(path, "utf8");
    const document = readDocument(text);
    expect(writeDocument(document)).toBe(JSON.stringify(JSON.parse(text), null, 2));
    const scope: Scope = new Map();
    for (const cell of document.cells) {
      if (cell.type !== "cs") continue;
      const tree = parse(cell.input);
      expect(parse(tree.map((node) => printNode(node)).join("\n"))).toEqual(tree);
      commandsOf(cell.input, scope);
    }
  });
});
