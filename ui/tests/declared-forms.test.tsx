/** Forms of things that nobody has heard of: what the server declares is all that a form needs. */
import { render } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import type { FieldMetadataV3, ModelBuilderSchema, SchemaMetadataV3 } from "../src/rest/schemas";
import { RunForm } from "../src/screens/automl/AutoML";
import { flat, nested, parametersOf } from "../src/screens/automl/specification";
import { BuilderForm } from "../src/screens/build/Build";

const parameter = (name: string, type: string, more: object = {}): object => ({
  name, label: name, help: `What ${name} is for.`, required: false, type, default_value: null, actual_value: null, input_value: null, level: "critical", values: [],
  is_member_of_frames: [], is_mutually_exclusive_with: [], gridable: true, ...more,
});

describe("an algorithm that is new", () => {
  const builder = {
    algo: "dowsing", algo_full_name: "Dowsing", visibility: "Stable", supervised: true,
    parameters: [
      parameter("training_frame", "Key<Frame>", { required: true, gridable: false }), parameter("rods", "int", { default_value: 2 }), parameter("metal", "enum", { values: ["Copper", "Hazel"], default_value: "Hazel" }),
      parameter("walks_backwards", "boolean", { default_value: false }), parameter("depth_of_the_spring", "double", { level: "expert", default_value: 9.5 }),
    ],
  } as unknown as ModelBuilderSchema;
  const html = render(<BuilderForm builder={builder} given={{ rods: 3 }} />);

  it("has a form, with help beside each field", () => {
    for (const name of ["training_frame", "rods", "metal", "walks_backwards"]) expect(html).toContain(`What ${name} is for.`);
    expect(html).toContain('<option value="Copper">Copper</option>');
    expect(html).toMatch(/<input[^>]*type="text"[^>]*value="3"/);
    expect(html).toContain("Build model");
  });
  it("shows the main parameters, and those for experts when they are asked for", () => {
    expect(html).not.toContain("depth_of_the_spring");
    expect(html).toContain("Expert parameters");
  });
});

describe("an AutoML that is new", () => {
  const field = (name: string, type: string, more: Partial<FieldMetadataV3> = {}): FieldMetadataV3 => ({
    name, type, is_schema: false, schema_name: null, value: null, help: `What ${name} is for.`, label: name, required: false, level: "critical", direction: "INPUT", values: [],
    is_member_of_frames: [], is_mutually_exclusive_with: [], ...more,
  }) as FieldMetadataV3;
  const schemas: Record<string, FieldMetadataV3[]> = {
    AutoMLBuildSpecV99: [
      field("input_spec", "Input", { is_schema: true, schema_name: "InputV99" }), field("build_control", "Control", { is_schema: true, schema_name: "ControlV99" }),
      field("job", "Job", { is_schema: true, schema_name: "JobV3", direction: "OUTPUT" }), field("__meta", "Schema.Meta", { direction: "OUTPUT" }),
    ],
    InputV99: [field("training_frame", "Key<Frame>", { is_schema: true, schema_name: "FrameKeyV3" }), field("sorcery", "enum", { values: ["White", "Black"], value: "White" })],
    ControlV99: [
      field("stopping", "Stopping", { is_schema: true, schema_name: "StoppingV99" }), field("charms", "Charm[]", { is_schema: true, schema_name: "CharmV99", level: "secondary" }),
      field("include_algos", "enum[]", { values: ["GBM", "Dowsing"], level: "secondary" }),
    ],
    StoppingV99: [field("max_models", "int", { value: 0, level: "secondary" })],
    CharmV99: [field("type", "enum", { values: ["Clover"] })],
  };
  const ask = (name: string): Promise<SchemaMetadataV3> => Promise.resolve({ fields: schemas[name] ?? [] } as unknown as SchemaMetadataV3);

  it("has a form of all that its schemas nest, what most runs are about first", async () => {
    const declared = await parametersOf(ask);
    expect(declared.map((one) => `${one.path.join(".")}.${one.name} ${one.level}`)).toEqual([
      "input_spec.training_frame critical", "build_control.include_algos critical", "build_control.stopping.max_models critical", "input_spec.sorcery secondary", "build_control.charms secondary",
    ]);
    const html = render(<RunForm declared={declared} given={{}} />);
    expect(html).toContain("What max_models is for.");
    expect(html).toMatch(/<input type="checkbox"\/?> Dowsing/);
    expect(html).toContain("More parameters");
  });
  it("puts values where they belong, and finds them there", async () => {
    const declared = await parametersOf(ask);
    const request = nested(declared, { training_frame: "f", max_models: 3, charms: [{ type: "Clover" }] });
    expect(request).toEqual({ input_spec: { training_frame: "f" }, build_control: { stopping: { max_models: 3 }, charms: [{ type: "Clover" }] } });
    expect(flat(declared, request)).toEqual({ training_frame: "f", max_models: 3, charms: [{ type: "Clover" }] });
    expect(flat(declared, null)).toEqual({});
  });
});
