// Writes src/rest/schemas.ts, the types of the answers that the page reads, from a running server's own metadata:
//   npm run types -- http://127.0.0.1:54321
import { writeFileSync } from "node:fs";

const WANTED = [
  "CloudV3", "JobV3", "JobsV3", "FramesV3", "FramesListV3", "FrameV3", "ModelsV3", "ModelSchemaV3", "TwoDimTableV3",
  "ModelBuildersV3", "ModelBuilderSchema", "ModelParameterSchemaV3", "ValidationMessageV3", "ImportFilesV3", "PostFileV3", "ParseSetupV3", "ParseV3",
  "TypeaheadV3", "NodePersistentStorageV3", "GridsV99", "GridSchemaV99", "AutoMLV99", "LeaderboardsV99", "LeaderboardV99",
  "ModelMetricsListSchemaV3", "ModelMetricsBaseV3", "ConfusionMatrixV3", "RapidsSchemaV3", "H2OErrorV3", "MetadataV3",
];
const SCALARS = {
  string: "string", boolean: "boolean", int: "number", long: "number", double: "number", float: "number", byte: "number", short: "number",
  enum: "string", Iced: "unknown",
};
const server = process.argv[2] ?? "http://127.0.0.1:54321";
const written = new Map();
const waiting = [...WANTED];

function typeOf(field, next) {
  const list = field.type.endsWith("[][]") ? "[][]" : field.type.endsWith("[]") ? "[]" : "";
  const bare = field.type.replace(/(\[\])+$/, "");
  if (field.schema_name) {
    next.push(field.schema_name);
    return `${field.schema_name}${list}`;
  }
  return `${SCALARS[bare] ?? (field.values?.length ? "string" : "unknown")}${list}`;
}

// Numbers and truths are always there; texts, lists and objects may be null.
const nullable = (type) => (type === "number" || type === "boolean" || type === "unknown" ? type : `${type} | null`);

while (waiting.length) {
  const name = waiting.shift();
  if (written.has(name)) continue;
  const answer = await fetch(`${server}/3/Metadata/schemas/${name}`);
  if (!answer.ok) throw new Error(`${server} has no schema ${name}: ${answer.status}`);
  const schema = (await answer.json()).schemas[0];
  const fields = schema.fields
    .filter((field) => field.name !== "_exclude_fields" && field.name !== "__meta")
    .map((field) => `  /** ${field.help.replaceAll("*/", "* /")} */\n  ${/^\w+$/.test(field.name) ? field.name : JSON.stringify(field.name)}: ${nullable(typeOf(field, waiting))};`);
  written.set(name, `export interface ${name} {\n${fields.join("\n")}\n}`);
}
const head = "/** Types of the server's answers. Generated from its metadata by `npm run types`; not written by hand. */\n\n";
const text = [...written.keys()].sort().map((name) => written.get(name)).join("\n\n");
writeFileSync(new URL("../src/rest/schemas.ts", import.meta.url), `${head}${text}\n`);
console.log(`${written.size} types written.`);
