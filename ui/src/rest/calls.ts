/** What the page asks of the server: one function a question, each with the type of its answer. */
import { get, part, post, remove, upload, type Options, type Parameters } from "./client";
import type {
  AutoMLV99, CloudV3, FrameV3, FramesListV3, GridSchemaV99, GridsV99, ImportFilesV3, JobsV3, JobV3, MetadataV3, ModelBuilderSchema, ModelBuildersV3,
  ModelMetricsListSchemaV3, ModelSchemaV3, ModelsV3, NodePersistentStorageV3, ParseSetupV3, ParseV3, PostFileV3, RapidsSchemaV3, SchemaMetadataV3, TypeaheadV3, ValidationMessageV3,
} from "./schemas";
import type { JobDetails } from "./live";

export type Signal = AbortSignal | undefined;

/** What a frame's columns hold besides their summary is left out: pages of rows are asked for by themselves. */
const NO_DATA = ["data", "string_data"].map((field) => `frames/columns/${field}`).join(",");
const NO_TABLES = "summary_table,scoring_history,training_metrics,validation_metrics,cross_validation_metrics,cross_validation_metrics_summary,failed_params,failed_raw_params,failure_details,failure_stack_traces,warning_details".split(",").map((field) => `grids/${field}`).join(",");
const NO_BODY = "models/output,models/parameters,models/compatible_frames";

export const cloud = (signal?: Signal): Promise<CloudV3> => get("/3/Cloud", { skip_ticks: true }, { signal });

// ---- frames ----

export const frames = (signal?: Signal): Promise<FramesListV3> => get("/3/Frames", {}, { signal });

interface FramesAnswer {
  frames: FrameV3[];
}

/** A frame with the summaries of its columns, all of them or a range. */
export async function frameSummary(key: string, signal?: Signal, range: Parameters = {}, without = ""): Promise<FrameV3> {
  const excluded = [NO_DATA, without].filter(Boolean).join(",");
  const answer = await get<FramesAnswer>(`/3/Frames/${part(key)}/summary`, { ...range, _exclude_fields: excluded }, { signal });
  return answer.frames[0] as FrameV3;
}

/** Names and types of a frame's columns, without their statistics. */
export const frameColumns = (key: string, signal?: Signal): Promise<FrameV3> =>
  frameSummary(key, signal, {}, "histogram_bins,percentiles,mins,maxs".split(",").map((field) => `frames/columns/${field}`).join(","));

/** A page of a frame's rows. */
export async function frameRows(key: string, rows: [number, number], columns: [number, number], signal?: Signal): Promise<FrameV3> {
  const range = { row_offset: rows[0], row_count: rows[1], column_offset: columns[0], column_count: columns[1] };
  const answer = await get<FramesAnswer>(`/3/Frames/${part(key)}`, range, { signal });
  return answer.frames[0] as FrameV3;
}

export async function columnSummary(key: string, column: string, signal?: Signal): Promise<FrameV3> {
  const path = `/3/Frames/${part(key)}/columns/${part(column)}/summary`;
  return ((await get<FramesAnswer>(path, { _exclude_fields: NO_DATA }, { signal })).frames[0] as FrameV3);
}

export const deleteFrame = (key: string): Promise<unknown> => remove(`/3/Frames/${part(key)}`);
export const rapids = (ast: string, signal?: Signal): Promise<RapidsSchemaV3> => post("/99/Rapids", { ast }, { signal });

// ---- importing ----

export const typeahead = (src: string, limit: number, signal?: Signal): Promise<TypeaheadV3> =>
  get("/3/Typeahead/files", { src, limit }, { signal });
export const importFiles = (path: string, signal?: Signal): Promise<ImportFilesV3> => get("/3/ImportFiles", { path }, { signal });
export const uploadFile = (file: File, progress: (done: number) => void, signal?: AbortSignal): Promise<PostFileV3> =>
  upload(`/3/PostFile?destination_frame=${part(file.name)}`, file, progress, signal);
export const parseSetup = (parameters: Parameters, signal?: Signal): Promise<ParseSetupV3> => post("/3/ParseSetup", parameters, { signal });
export const parse = (parameters: Parameters): Promise<ParseV3> => post("/3/Parse", parameters);

// ---- jobs ----

export const jobs = (signal?: Signal): Promise<JobsV3> => get("/3/Jobs", {}, { signal });
export async function job(key: string, signal?: Signal): Promise<JobV3> {
  return (await get<{ jobs: JobV3[] }>(`/3/Jobs/${part(key)}`, {}, { signal })).jobs[0] as JobV3;
}
/** Has a job end now and keep what it has; refused with the reason where there is nothing to keep. */
export const finishJob = (key: string): Promise<unknown> => post(`/3/Jobs/${part(key)}/finish`);
/** What is told of a job beside its state: memory, log, whether it can finish early. */
export const jobDetails = (key: string, firstLine: number, firstGlimpse: number, signal?: Signal): Promise<JobDetails> =>
  get(`/3/Jobs/${part(key)}/details`, { first_line: firstLine, first_glimpse: firstGlimpse }, { signal });
export const cancelJob = (key: string): Promise<unknown> => post(`/3/Jobs/${part(key)}/cancel`);

// ---- models ----

export const models = (signal?: Signal): Promise<ModelsV3> => get("/3/Models", { _exclude_fields: NO_BODY }, { signal });
export async function model(key: string, signal?: Signal, without = ""): Promise<ModelSchemaV3> {
  const parameters = without ? { _exclude_fields: without } : {};
  return (await get<{ models: ModelSchemaV3[] }>(`/3/Models/${part(key)}`, parameters, { signal })).models[0] as ModelSchemaV3;
}
export const deleteModel = (key: string): Promise<unknown> => remove(`/3/Models/${part(key)}`);

const asked = new Map<string, Promise<ModelBuilderSchema[]>>();

/** Builders of one path, asked for once. */
function buildersOf(path: string): Promise<ModelBuilderSchema[]> {
  const found = asked.get(path) ?? get<ModelBuildersV3>(path).then((answer) => Object.values(answer.model_builders as Record<string, ModelBuilderSchema>));
  asked.set(path, found);
  found.catch(() => asked.delete(path));
  return found;
}

/** The algorithms, without their parameters. */
export const algorithms = (): Promise<ModelBuilderSchema[]> => buildersOf("/3/ModelBuilders?brief=true");
/** One algorithm with all its parameters. */
export const builder = async (algo: string): Promise<ModelBuilderSchema> => (await buildersOf(`/3/ModelBuilders/${part(algo)}`))[0] as ModelBuilderSchema;

export const checkParameters = (algo: string, given: Parameters, signal?: Signal): Promise<ModelBuilderSchema> =>
  post(`/3/ModelBuilders/${part(algo)}/parameters`, { ...given, _exclude_fields: "parameters" }, { signal });

interface Started {
  job: JobV3;
}
export const buildModel = (algo: string, given: Parameters): Promise<Started> => post(`/3/ModelBuilders/${part(algo)}`, given);
export const buildGrid = (algo: string, given: Parameters): Promise<Started> => post(`/99/Grid/${part(algo)}`, given);

// ---- predictions ----

export const predict = (modelKey: string, frame: string, given: Parameters, options: Options = {}): Promise<ModelMetricsListSchemaV3> =>
  post(`/3/Predictions/models/${part(modelKey)}/frames/${part(frame)}`, given, options);
export function metrics(modelKey: string | null, frame: string | null, signal?: Signal): Promise<ModelMetricsListSchemaV3> {
  const path = [modelKey && `/models/${part(modelKey)}`, frame && `/frames/${part(frame)}`].filter(Boolean).join("");
  return get(`/3/ModelMetrics${path}`, {}, { signal });
}

// ---- searches ----

export const grids = (signal?: Signal): Promise<GridsV99> => get("/99/Grids", { _exclude_fields: NO_TABLES }, { signal });
export const grid = (key: string, given: Parameters, signal?: Signal): Promise<GridSchemaV99> => get(`/99/Grids/${part(key)}`, given, { signal });
export const checkAutoML = async (given: Parameters, signal?: Signal): Promise<readonly ValidationMessageV3[]> =>
  (await post<{ messages: ValidationMessageV3[] }>("/99/AutoMLBuilder/parameters", given, { json: true, signal })).messages;
export const runAutoML = (given: Parameters): Promise<Started> => post("/99/AutoMLBuilder", given, { json: true });
export const automl = (key: string, signal?: Signal): Promise<AutoMLV99> => get(`/99/AutoML/${part(key)}`, {}, { signal });

// ---- metadata ----

export const schema = async (name: string, signal?: Signal): Promise<SchemaMetadataV3 | null> =>
  (await get<MetadataV3>(`/3/Metadata/schemas/${part(name)}`, {}, { signal })).schemas?.[0] ?? null;

// ---- notebooks ----

const NOTES = "/3/NodePersistentStorage";
export type Category = "notebook" | "environment";

export const notes = (category: Category, signal?: Signal): Promise<NodePersistentStorageV3> => get(`${NOTES}/${category}`, {}, { signal });
export const readNote = async (category: Category, name: string, signal?: Signal): Promise<string> =>
  (await get<NodePersistentStorageV3>(`${NOTES}/${category}/${part(name)}`, {}, { signal })).value ?? "";
/** Keeps a text; the one that it replaces stays as a version, if `keepsEarlier`. */
export const writeNote = (category: Category, name: string, value: string, keepsEarlier = true): Promise<unknown> =>
  post(`${NOTES}/${category}/${part(name)}`, { value, keep_earlier: keepsEarlier });
export interface NoteVersion {
  version: number;
  /** Bytes. */
  size: number;
  timestamp_millis: number;
}
/** The earlier texts of a note, the latest first. */
export const noteVersions = async (category: Category, name: string, signal?: Signal): Promise<NoteVersion[]> =>
  (await get<{ versions: NoteVersion[] }>(`${NOTES}/${category}/${part(name)}/versions`, {}, { signal })).versions;
export const readVersion = async (category: Category, name: string, version: number, signal?: Signal): Promise<string> =>
  (await get<{ value: string | null }>(`${NOTES}/${category}/${part(name)}/versions/${version}`, {}, { signal })).value ?? "";
/** Gives a note another name; its versions go along. */
export const renameNote = (category: Category, name: string, next: string): Promise<unknown> => post(`${NOTES}/${category}/${part(name)}/rename`, { new_name: next });
export const deleteNote = (category: Category, name: string): Promise<unknown> => remove(`${NOTES}/${category}/${part(name)}`);
export const hasNote = async (category: Category, name: string): Promise<boolean> =>
  (await get<NodePersistentStorageV3>(`${NOTES}/categories/${category}/names/${part(name)}/exists`)).exists;
