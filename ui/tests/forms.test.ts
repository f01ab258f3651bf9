import { describe, expect, it } from "vitest";
import { bind } from "../src/commands/command";
import { commands, find } from "../src/commands/registry";
import { readDocument } from "../src/language/document";
import { printCall, Call } from "../src/language/print";
import { parse } from "../src/language/parse";
import { argumentsOf, forms, wrong, type Values } from "../src/screens/form/fields";
import { examples, exampleText } from "../src/screens/help/examples";
import { findTopics, topics } from "../src/screens/help/topics";
import { findRoutes, inputs, requestOf } from "../src/screens/rest/routes";
import type { FieldMetadataV3, RouteV3 } from "../src/rest/schemas";

describe("small forms", () => {
  it("every command with a small form has one, and every small form a command", () => {
    expect(commands.filter((command) => command.form === "form").map((command) => command.name).sort()).toEqual(Object.keys(forms).sort());
  });
  it.each(Object.keys(forms))("%s takes what its form gives", (name) => {
    const values: Values = Object.fromEntries((forms[name]?.fields ?? []).map((field) => [field.name, field.first ?? (field.kind.endsWith("s") ? ["a", "b"] : "x")]));
    expect(() => bind(find(name)!, argumentsOf(name, values))).not.toThrow();
  });
  it("places arguments as Flow does", () => {
    const args = argumentsOf("mergeFrames", { key: "m", left: "a", right: "b", includeAllLeft: true, includeAllRight: false });
    expect(printCall(new Call("mergeFrames", args))).toBe('mergeFrames "m", "a", null, true, "b", null, false');
    expect(argumentsOf("exportFrame", { frame: "a", path: "/x", overwrite: false })).toEqual(["a", "/x"]);
    expect(argumentsOf("exportFrame", { frame: "a", path: "/x", overwrite: true })).toEqual(["a", "/x", { overwrite: true }]);
  });
  it("says what is wrong", () => {
    expect(wrong({ name: "n", title: "", kind: "number", least: 1, whole: true }, "0.5")).not.toBe("");
    expect(wrong({ name: "n", title: "", kind: "text" }, "")).toBe("Needed.");
    expect(forms["createFrame"]?.check?.({ categorical_fraction: 0.7, integer_fraction: 0.4 })).toContain("more than 1");
  });
});

describe("help", () => {
  it("finds topics, those with the word in the title first", () => {
    expect(findTopics("automl")[0]?.name).toBe("automl");
    expect(new Set(topics.map((topic) => topic.name)).size).toBe(topics.length);
  });
  it.each(examples.map((example) => [example.name, example] as const))("the example %s holds commands that are there", (_, example) => {
    const commandCells = readDocument(exampleText(example)).cells.filter((cell) => cell.type === "cs");
    for (const cell of commandCells) {
      expect(() => parse(cell.input)).not.toThrow();
      expect(find(cell.input.split(/\s/)[0] ?? "")).toBeDefined();
    }
  });
});

describe("routes", () => {
  const route = (method: string, path: string, ...path_params: string[]): RouteV3 => ({ http_method: method, url_pattern: path, summary: "", api_name: "", path_params } as unknown as RouteV3);
  it("finds by words", () => {
    expect(findRoutes([route("GET", "/3/Frames"), route("POST", "/3/Parse")], "frames get")).toHaveLength(1);
  });
  it("puts values into the path, and tells which lack", () => {
    const one = route("GET", "/3/Frames/{frame_id}/columns/{column}", "frame_id", "column");
    expect(requestOf(one, { frame_id: "a b", offset: "3" })).toEqual({ path: "/3/Frames/a%20b/columns/", parameters: { offset: "3" }, lacking: ["column"] });
  });
  it("takes parts of the path that the schema does not name", () => {
    const fields = [{ name: "rows", direction: "INOUT" }, { name: "key", direction: "OUTPUT" }] as unknown as FieldMetadataV3[];
    expect(inputs(route("GET", "/3/X/{id}", "id"), fields).map((field) => field.name)).toEqual(["id", "rows"]);
  });
});
