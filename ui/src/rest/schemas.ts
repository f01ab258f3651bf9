/** Types of the server's answers. Generated from its metadata by `npm run types`; not written by hand. */

export interface AutoMLKeyV3 {
  /** Name of the object. */
  name: string | null;
  /** Kind of the object that the key stands for. */
  type: string | null;
  /** Address where the object can be read, if there is one. */
  URL: string | null;
}

export interface AutoMLV99 {
  /** Key of a run, or its project. */
  automl_id: AutoMLKeyV3 | null;
  /** Least level of the events that are told. */
  verbosity: string | null;
  /** Frame that models learn from. */
  training_frame: FrameKeyV3 | null;
  /** Frame that tells when training stops. */
  validation_frame: FrameKeyV3 | null;
  /** Frame that ensembles learn from. */
  blending_frame: FrameKeyV3 | null;
  /** Frame whose metrics rank the models. */
  leaderboard_frame: FrameKeyV3 | null;
  /** The project. */
  project_name: string | null;
  /** Models of the project, best first. */
  leaderboard: LeaderboardV99 | null;
  /** The same as a table. */
  leaderboard_table: TwoDimTableV3 | null;
  /** What happened. */
  event_log: EventLogV99 | null;
  /** The same as a table. */
  event_log_table: TwoDimTableV3 | null;
  /** Metric that ranks the models. */
  sort_metric: string | null;
  /** Steps that were taken. */
  modeling_steps: StepDefinitionV99[] | null;
}

export interface CloudV3 {
  /** Leave the load of the processors out. */
  skip_ticks: boolean;
  /** Version of the contract that the server speaks. */
  version: string | null;
  /** Branch of that version. */
  branch_name: string | null;
  /** Commit that the server was built from. */
  last_commit_hash: string | null;
  /** Name and version of the server itself. */
  describe: string | null;
  /** Who built the server. */
  compiled_by: string | null;
  /** When the server was built. */
  compiled_on: string | null;
  /** Last part of the version. */
  build_number: string | null;
  /** Age of the build, for people. */
  build_age: string | null;
  /** Whether clients should warn of the build's age. */
  build_too_old: boolean;
  /** Number of the node that answers. */
  node_idx: number;
  /** Name of the cluster. */
  cloud_name: string | null;
  /** Number of nodes. */
  cloud_size: number;
  /** Milliseconds since the start. */
  cloud_uptime_millis: number;
  /** Time zone of the server's own times. */
  cloud_internal_timezone: string | null;
  /** Time zone that times in files are read in. */
  datafile_parser_timezone: string | null;
  /** Whether all nodes answer. */
  cloud_healthy: boolean;
  /** Nodes that do not answer. */
  bad_nodes: number;
  /** Whether the nodes agree on who is a member. */
  consensus: boolean;
  /** Whether the set of nodes is final. */
  locked: boolean;
  /** Whether the answering node holds no data. */
  is_client: boolean;
  /** Always empty: there is no Hadoop. */
  hadoop_version: string | null;
  /** Always false: nothing is sent anywhere. */
  telemetry_enabled: boolean;
  /** The nodes. */
  nodes: NodeV3[] | null;
  /** Whether nodes talk to each other encrypted. */
  internal_security_enabled: boolean;
  /** Number of the leading node. */
  leader_idx: number;
  /** Address that web pages should use, if another. */
  web_ip: string | null;
}

export interface ColV3 {
  /** Name. */
  label: string | null;
  /** Missing values. */
  missing_count: number;
  /** Zeros. */
  zero_count: number;
  /** Values of infinity. */
  positive_infinity_count: number;
  /** Values of minus infinity. */
  negative_infinity_count: number;
  /** The smallest values. */
  mins: number[] | null;
  /** The largest values. */
  maxs: number[] | null;
  /** Mean. */
  mean: number;
  /** Standard deviation. */
  sigma: number;
  /** int, real, enum, time, string, uuid or bad. */
  type: string | null;
  /** Levels of a categorical column. */
  domain: string[] | null;
  /** Number of levels. */
  domain_cardinality: number;
  /** Values of the rows shown; level numbers of a categorical column. */
  data: number[] | null;
  /** Values of the rows shown, of a string column. */
  string_data: string[] | null;
  /** Decimals, -1 for all. */
  precision: number;
  /** Counts of a histogram, in a summary. */
  histogram_bins: number[] | null;
  /** Where its first bin starts. */
  histogram_base: number;
  /** Width of its bins. */
  histogram_stride: number;
  /** Percentiles, in a summary. */
  percentiles: number[] | null;
}

export interface ColumnSpecsBase {
  /** Name of the column. */
  name: string | null;
  /** string, int, long, float or double. */
  type: string | null;
  /** Format of its values, as printf writes them. */
  format: string | null;
  /** Title of the column. */
  description: string | null;
}

export interface ConfusionMatrixV3 {
  /** Counts, errors and rates. */
  table: TwoDimTableV3 | null;
}

export interface EventLogEntryV99 {
  /** When, in milliseconds since 1970 UTC. */
  timestamp: number;
  /** How important it is. */
  level: string | null;
  /** Where the run was. */
  stage: string | null;
  /** What happened. */
  message: string | null;
  /** Name of a fact that it tells. */
  name: string | null;
  /** The fact. */
  value: string | null;
}

export interface EventLogV99 {
  /** The run. */
  automl_id: AutoMLKeyV3 | null;
  /** What happened. */
  events: EventLogEntryV99[] | null;
  /** The same as a table. */
  table: TwoDimTableV3 | null;
  /** Least level that is told. */
  verbosity: string | null;
}

export interface FieldMetadataV3 {
  /** Name of the field. */
  name: string | null;
  /** Type of its value. */
  type: string | null;
  /** Whether the value is an object of a schema. */
  is_schema: boolean;
  /** Which schema. */
  schema_name: string | null;
  /** Default. */
  value: unknown;
  /** What it means. */
  help: string | null;
  /** Name to show. */
  label: string | null;
  /** Whether a request must carry it. */
  required: boolean;
  /** critical, secondary or expert. */
  level: string | null;
  /** INPUT, OUTPUT or INOUT. */
  direction: string | null;
  /** Whether an extended schema declares it. */
  is_inherited: boolean;
  /** Which one. */
  inherited_from: string | null;
  /** Whether grid search can vary it. */
  is_gridable: boolean;
  /** Allowed values of an enum. */
  values: string[] | null;
  /** Whether answers carry it. */
  json: boolean;
  /** Frame parameters whose columns are meant. */
  is_member_of_frames: string[] | null;
  /** Parameters that cannot be given the same column. */
  is_mutually_exclusive_with: string[] | null;
}

export interface FrameKeyV3 {
  /** Name of the object. */
  name: string | null;
  /** Kind of the object that the key stands for. */
  type: string | null;
  /** Address where the object can be read, if there is one. */
  URL: string | null;
}

export interface FrameSynopsisV3 {
  /** The frame. */
  frame_id: FrameKeyV3 | null;
  /** Bytes of its data. */
  byte_size: number;
  /** Whether it is a raw source, not yet parsed. */
  is_text: boolean;
  /** Rows. */
  rows: number;
  /** Columns. */
  columns: number;
}

export interface FrameV3 {
  /** The frame. */
  frame_id: FrameKeyV3 | null;
  /** Bytes of its data. */
  byte_size: number;
  /** Whether it is a raw source, not yet parsed. */
  is_text: boolean;
  /** First row shown. */
  row_offset: number;
  /** Rows shown. */
  row_count: number;
  /** First column shown. */
  column_offset: number;
  /** Columns shown. */
  column_count: number;
  /** Columns shown with data. */
  full_column_count: number;
  /** Columns of the frame. */
  total_column_count: number;
  /** Checksum of the contents. */
  checksum: number;
  /** Rows of the frame. */
  rows: number;
  /** Columns of the frame. */
  num_columns: number;
  /** Which percentiles columns tell, from 0 to 1. */
  default_percentiles: number[] | null;
  /** Columns. */
  columns: ColV3[] | null;
  /** Models that can score the frame, when asked for. */
  compatible_models: string[] | null;
  /** How the columns are stored. */
  chunk_summary: TwoDimTableV3 | null;
  /** Where the columns are stored. */
  distribution_summary: TwoDimTableV3 | null;
}

export interface FramesListV3 {
  /** Which frame. */
  frame_id: FrameKeyV3 | null;
  /** Frames. */
  frames: FrameSynopsisV3[] | null;
}

export interface FramesV3 {
  /** Which frame. */
  frame_id: FrameKeyV3 | null;
  /** Which column. */
  column: string | null;
  /** First row. */
  row_offset: number;
  /** Rows; -1 for as many as a page shows. */
  row_count: number;
  /** First column. */
  column_offset: number;
  /** Columns with data and statistics; the rest only with names and types; -1: all. */
  full_column_count: number;
  /** Columns; -1 for all. */
  column_count: number;
  /** Also list the models that can score the frame. */
  find_compatible_models: boolean;
  /** Path to write to. */
  path: string | null;
  /** Write over what is there. */
  force: boolean;
  /** Files to write; 1: one, -1: as many as suit. */
  num_parts: number;
  /** Write one file with several threads. */
  parallel: boolean;
  /** csv or parquet. */
  format: string | null;
  /** none, gzip, bzip2, zstd or snappy. */
  compression: string | null;
  /** Write a checksum beside the file. */
  write_checksum: boolean;
  /** Move times from the server's time zone to UTC. */
  tz_adjust_from_local: boolean;
  /** Code of the character between fields. */
  separator: number;
  /** Start with a line of names. */
  header: boolean;
  /** Put the names in quotes. */
  quote_header: boolean;
  /** The job that exports. */
  job: JobV3 | null;
  /** Frames. */
  frames: FrameV3[] | null;
  /** Models that can score the frame. */
  compatible_models: ModelSchemaV3[] | null;
  /** Levels of the column. */
  domain: string[][] | null;
}

export interface GridKeyV3 {
  /** Name of the object. */
  name: string | null;
  /** Kind of the object that the key stands for. */
  type: string | null;
  /** Address where the object can be read, if there is one. */
  URL: string | null;
}

export interface GridSchemaV99 {
  /** Which Grid. */
  grid_id: GridKeyV3 | null;
  /** Metric to sort the models by, such as logloss, auc or rmse. */
  sort_by: string | null;
  /** Whether the largest value comes first. */
  decreasing: boolean;
  /** Its models. */
  model_ids: ModelKeyV3[] | null;
  /** Names of the hyper-parameters. */
  hyper_names: string[] | null;
  /** Parameters of trainings without a model. */
  failed_params: ModelParametersSchemaV3[] | null;
  /** Warnings about the search. */
  warning_details: string[] | null;
  /** Why there is no model, for each of them. */
  failure_details: string[] | null;
  /** Tracebacks of those failures. */
  failure_stack_traces: string[] | null;
  /** The values of the hyper-parameters that they had. */
  failed_raw_params: string[][] | null;
  /** Metrics of the sorted models. */
  training_metrics: ModelMetricsBaseV3[] | null;
  /** The same on the validation frame. */
  validation_metrics: ModelMetricsBaseV3[] | null;
  /** The same on held-out rows. */
  cross_validation_metrics: ModelMetricsBaseV3[] | null;
  /** The same fold by fold. */
  cross_validation_metrics_summary: TwoDimTableV3[] | null;
  /** Folder that the Grid and its models are exported to. */
  export_checkpoints_dir: string | null;
  /** The models, their hyper-parameters and the metric. */
  summary_table: TwoDimTableV3 | null;
  /** The models' metrics, the worst first. */
  scoring_history: TwoDimTableV3 | null;
}

export interface GridsV99 {
  /** All Grids. */
  grids: GridSchemaV99[] | null;
}

export interface H2OErrorV3 {
  /** When the error happened, in milliseconds since 1970 UTC. */
  timestamp: number;
  /** Path of the request that failed. */
  error_url: string | null;
  /** What is wrong and what to do, for people. */
  msg: string | null;
  /** The same with more detail, where there is any. */
  dev_msg: string | null;
  /** HTTP status of the answer. */
  http_status: number;
  /** Facts behind the message: names, values, limits. */
  values: unknown;
  /** Kind of the error. */
  exception_type: string | null;
  /** The message as it was raised. */
  exception_msg: string | null;
  /** Lines of the traceback, when the server is set to show them. */
  stacktrace: string[] | null;
}

export interface ImportFilesV3 {
  /** File, folder, glob or address. */
  path: string | null;
  /** Regular expression that the path of a file must contain. */
  pattern: string | null;
  /** Paths that were found. */
  files: string[] | null;
  /** Keys of the sources, to be parsed. */
  destination_frames: string[] | null;
  /** Paths that could not be had. */
  fails: string[] | null;
  /** Keys of sources that were replaced. */
  dels: string[] | null;
}

export interface JobKeyV3 {
  /** Name of the object. */
  name: string | null;
  /** Kind of the object that the key stands for. */
  type: string | null;
  /** Address where the object can be read, if there is one. */
  URL: string | null;
}

export interface JobV3 {
  /** The job itself. */
  key: JobKeyV3 | null;
  /** What it does. */
  description: string | null;
  /** CREATED, RUNNING, CANCELLED, FAILED or DONE. */
  status: string | null;
  /** How much is done, 0 to 1. */
  progress: number;
  /** What it is at. */
  progress_msg: string | null;
  /** When it started, in milliseconds since 1970 UTC. */
  start_time: number;
  /** How long it has run, in milliseconds. */
  msec: number;
  /** The object that it makes. */
  dest: KeyV3 | null;
  /** Warnings for the user. */
  warnings: string[] | null;
  /** Why it failed. */
  exception: string | null;
  /** Traceback of the failure. */
  stacktrace: string | null;
  /** Whether it resumes by itself after a crash. */
  auto_recoverable: boolean;
  /** Whether the object can be looked at already. */
  ready_for_view: boolean;
}

export interface JobsV3 {
  /** Which job. */
  job_id: JobKeyV3 | null;
  /** Jobs. */
  jobs: JobV3[] | null;
}

export interface KeyV3 {
  /** Name of the object. */
  name: string | null;
  /** Kind of the object that the key stands for. */
  type: string | null;
  /** Address where the object can be read, if there is one. */
  URL: string | null;
}

export interface LeaderboardV99 {
  /** Key of the run that it belongs to. */
  project_name: string | null;
  /** The models, best first. */
  models: ModelKeyV3[] | null;
  /** Frame whose metrics rank them, if there is one. */
  leaderboard_frame: FrameKeyV3 | null;
  /** Checksum of that frame. */
  leaderboard_frame_checksum: number;
  /** Value of the sort metric of each model. */
  sort_metrics: number[] | null;
  /** Metric that ranks them. */
  sort_metric: string | null;
  /** Whether large values are good ones. */
  sort_decreasing: boolean;
  /** The same as a table. */
  table: TwoDimTableV3 | null;
}

export interface LeaderboardsV99 {
  /** Project, or key of a run. */
  project_name: string | null;
  /** Columns beside the metrics; ALL for the usual ones. */
  extensions: string[] | null;
  /** Leaderboards. */
  leaderboards: LeaderboardV99[] | null;
}

export interface MetadataV3 {
  /** Number of a route. */
  num: number;
  /** Method of the route of `path`. */
  http_method: string | null;
  /** Number or pattern of a route. */
  path: string | null;
  /** Name of a schema or of its type. */
  classname: string | null;
  /** Name of a schema. */
  schemaname: string | null;
  /** Routes. */
  routes: RouteV3[] | null;
  /** Schemas. */
  schemas: SchemaMetadataV3[] | null;
  /** Description in Markdown, when asked for one. */
  markdown: string | null;
}

export interface ModelBuilderSchema {
  /** The job that trains. */
  job: JobV3 | null;
  /** Name of the algorithm. */
  algo: string | null;
  /** Its name for people. */
  algo_full_name: string | null;
  /** Categories of models that it trains. */
  can_build: string[] | null;
  /** Stable, Beta or Experimental. */
  visibility: string | null;
  /** Whether it learns a response. */
  supervised: boolean;
  /** Findings of the validation. */
  messages: ValidationMessageV3[] | null;
  /** How many of them are errors. */
  error_count: number;
  /** Its parameters. */
  parameters: ModelParametersSchemaV3 | null;
}

export interface ModelBuildersV3 {
  /** Name of an algorithm. */
  algo: string | null;
  /** Algorithms by name. */
  model_builders: unknown;
}

export interface ModelKeyV3 {
  /** Name of the object. */
  name: string | null;
  /** Kind of the object that the key stands for. */
  type: string | null;
  /** Address where the object can be read, if there is one. */
  URL: string | null;
}

export interface ModelMetricsBaseV3 {
  /** The model. */
  model: ModelKeyV3 | null;
  /** Checksum of the model. */
  model_checksum: number;
  /** The frame that it was measured on. */
  frame: FrameKeyV3 | null;
  /** Checksum of the frame. */
  frame_checksum: number;
  /** Which rows were used. */
  description: string | null;
  /** What the model predicts. */
  model_category: string | null;
  /** When it was measured, in milliseconds since 1970 UTC. */
  scoring_time: number;
  /** The predictions, when they were made along the way. */
  predictions: FrameV3 | null;
  /** Mean squared error. */
  MSE: number;
  /** Its square root. */
  RMSE: number;
  /** Rows that counted. */
  nobs: number;
  /** Name of a custom metric. */
  custom_metric_name: string | null;
  /** Value of a custom metric. */
  custom_metric_value: number;
}

export interface ModelMetricsListSchemaV3 {
  /** The model. */
  model: ModelKeyV3 | null;
  /** The frame. */
  frame: FrameKeyV3 | null;
  /** Key of the frame of predictions. */
  predictions_frame: FrameKeyV3 | null;
  /** Key of a frame of deviances. */
  deviances_frame: FrameKeyV3 | null;
  /** Predict the error of reconstructing each row. */
  reconstruction_error: boolean;
  /** The same for each input by itself. */
  reconstruction_error_per_feature: boolean;
  /** Predict the units of that hidden layer, from 0. */
  deep_features_hidden_layer: number;
  /** The same, by the name of the layer. */
  deep_features_hidden_layer_name: string | null;
  /** Reconstruct the training frame. */
  reconstruct_train: boolean;
  /** Project archetypes back to the inputs. */
  project_archetypes: boolean;
  /** Undo the transformation of the training. */
  reverse_transform: boolean;
  /** Predict the leaves that rows fall into. */
  leaf_node_assignment: boolean;
  /** Path or Node_ID. */
  leaf_node_assignment_type: string | null;
  /** Predict after each tree. */
  predict_staged_proba: boolean;
  /** Predict what each input contributes. */
  predict_contributions: boolean;
  /** Tell which rows each tree was grown on. */
  row_to_tree_assignment: boolean;
  /** Original or Compact. */
  predict_contributions_output_format: string | null;
  /** How many of the largest contributions to tell. */
  top_n: number;
  /** How many of the smallest contributions to tell. */
  bottom_n: number;
  /** Order contributions by their size alone. */
  compare_abs: boolean;
  /** Tell how often each input was used. */
  feature_frequencies: boolean;
  /** Predict the members of that exemplar. */
  exemplar_index: number;
  /** Predict the deviance of each row. */
  deviances: boolean;
  /** A custom metric; none can be given here. */
  custom_metric_func: string | null;
  /** How areas of several classes are averaged. */
  auc_type: string | null;
  /** How the area of an uplift model is measured. */
  auuc_type: string | null;
  /** Thresholds of an uplift model. */
  custom_auuc_thresholds: number[] | null;
  /** Bins of an uplift model. */
  auuc_nbins: number;
  /** Frame that contributions are measured against. */
  background_frame: FrameKeyV3 | null;
  /** Contributions to the response itself. */
  output_space: boolean;
  /** Contributions against each row of the background. */
  output_per_reference: boolean;
  /** Metrics. */
  model_metrics: ModelMetricsBaseV3[] | null;
}

export interface ModelOutputSchemaV3 {
  /** Columns, the response last. */
  names: string[] | null;
  /** Columns before categorical ones were expanded, if they were. */
  original_names: string[] | null;
  /** Types of the columns. */
  column_types: string[] | null;
  /** Levels of the categorical ones. */
  domains: string[][] | null;
  /** Models of the folds. */
  cross_validation_models: ModelKeyV3[] | null;
  /** Predictions by fold. */
  cross_validation_predictions: FrameKeyV3[] | null;
  /** Predictions of held-out rows. */
  cross_validation_holdout_predictions_frame_id: FrameKeyV3 | null;
  /** Fold of each row. */
  cross_validation_fold_assignment_frame_id: FrameKeyV3 | null;
  /** What the model predicts. */
  model_category: string | null;
  /** Summary of the model. */
  model_summary: TwoDimTableV3 | null;
  /** Scores along the training. */
  scoring_history: TwoDimTableV3 | null;
  /** Scores along the training of the folds. */
  cv_scoring_history: TwoDimTableV3[] | null;
  /** Where and on what it was trained. */
  reproducibility_information_table: TwoDimTableV3[] | null;
  /** Metrics on the training frame. */
  training_metrics: ModelMetricsBaseV3 | null;
  /** Metrics on the validation frame. */
  validation_metrics: ModelMetricsBaseV3 | null;
  /** Metrics on held-out rows. */
  cross_validation_metrics: ModelMetricsBaseV3 | null;
  /** Metrics fold by fold. */
  cross_validation_metrics_summary: TwoDimTableV3 | null;
  /** State of the training, while it runs. */
  status: string | null;
  /** When the training started, in milliseconds since 1970 UTC. */
  start_time: number;
  /** When it ended. */
  end_time: number;
  /** How long it took, in milliseconds. */
  run_time: number;
  /** Probability from which the second class is predicted. */
  default_threshold: number;
  /** What these fields mean. */
  help: unknown;
}

export interface ModelParameterSchemaV3 {
  /** Name of the parameter. */
  name: string | null;
  /** The same name. */
  label: string | null;
  /** What it does. */
  help: string | null;
  /** Whether it must be given. */
  required: boolean;
  /** Type of its value. */
  type: string | null;
  /** Value when none is given. */
  default_value: unknown;
  /** Value that is used. */
  actual_value: unknown;
  /** Value that was given. */
  input_value: unknown;
  /** critical, secondary or expert. */
  level: string | null;
  /** Allowed values of an enum. */
  values: string[] | null;
  /** Frame parameters whose columns are meant. */
  is_member_of_frames: string[] | null;
  /** Parameters that cannot be given the same column. */
  is_mutually_exclusive_with: string[] | null;
  /** Whether grid search can vary it. */
  gridable: boolean;
}

export interface ModelParametersSchemaV3 {

}

export interface ModelSchemaV3 {
  /** The model. */
  model_id: ModelKeyV3 | null;
  /** Name of the algorithm. */
  algo: string | null;
  /** Its name for people. */
  algo_full_name: string | null;
  /** The column that it predicts. */
  response_column_name: string | null;
  /** The column of treatments, for uplift models. */
  treatment_column_name: string | null;
  /** The frame that it was trained on. */
  data_frame: FrameKeyV3 | null;
  /** When it was finished, in milliseconds since 1970 UTC. */
  timestamp: number;
  /** Whether it can be had as a POJO. */
  have_pojo: boolean;
  /** Whether it can be had as a MOJO. */
  have_mojo: boolean;
  /** Its parameters. */
  parameters: ModelParametersSchemaV3 | null;
  /** What came out of the training. */
  output: ModelOutputSchemaV3 | null;
  /** Frames that it can score, when asked for. */
  compatible_frames: string[] | null;
}

export interface ModelsV3 {
  /** Which model. */
  model_id: ModelKeyV3 | null;
  /** Leave out what is long. */
  preview: boolean;
  /** Also list the frames that the model can score. */
  find_compatible_frames: boolean;
  /** Models. */
  models: ModelSchemaV3[] | null;
  /** Frames that the model can score. */
  compatible_frames: FrameV3[] | null;
  /** Save predictions of the folds along. */
  export_cross_validation_predictions: boolean;
}

export interface NodePersistentStorageEntryV3 {
  /** Group of the note. */
  category: string | null;
  /** Name of the note. */
  name: string | null;
  /** Its bytes. */
  size: number;
  /** When it was changed, in milliseconds since 1970 UTC. */
  timestamp_millis: number;
}

export interface NodePersistentStorageV3 {
  /** Group of notes. */
  category: string | null;
  /** Name of the note. */
  name: string | null;
  /** Text of the note. */
  value: string | null;
  /** Whether notes can be kept. */
  configured: boolean;
  /** Whether there is such a note or group. */
  exists: boolean;
  /** Notes of the group. */
  entries: NodePersistentStorageEntryV3[] | null;
}

export interface NodeV3 {
  /** Name of the node. */
  h2o: string | null;
  /** Address and port of the node. */
  ip_port: string | null;
  /** Whether the node answers. */
  healthy: boolean;
  /** When the node last answered, in milliseconds since 1970 UTC. */
  last_ping: number;
  /** Process number of the server. */
  pid: number;
  /** Processors of the machine. */
  num_cpus: number;
  /** Processors that the server may use. */
  cpus_allowed: number;
  /** Threads that jobs share. */
  nthreads: number;
  /** Runnable processes of the machine, mean of a minute. */
  sys_load: number;
  /** Percent of the processors that the server used lately. */
  my_cpu_pct: number;
  /** Percent of the processors in use lately. */
  sys_cpu_pct: number;
  /** Bytes of frames and models. */
  mem_value_size: number;
  /** Resident bytes of the server process. */
  pojo_mem: number;
  /** Bytes of memory that new objects can use. */
  free_mem: number;
  /** Memory budget of the server in bytes. */
  max_mem: number;
  /** Bytes of objects that lie on disk alone. */
  swap_mem: number;
  /** Number of stored objects. */
  num_keys: number;
  /** Free bytes of the data folder's disk. */
  free_disk: number;
  /** Size in bytes of the data folder's disk. */
  max_disk: number;
  /** Jobs that are running. */
  rpcs_active: number;
  /** Worker processes: all of them. */
  fjthrds: number[] | null;
  /** Jobs that wait for a worker. */
  fjqueue: number[] | null;
  /** Connections to other nodes: none. */
  tcps_active: number;
  /** Open files of the server process. */
  open_fds: number;
  /** Measured arithmetic speed; not measured. */
  gflops: number;
  /** Measured memory bandwidth; not measured. */
  mem_bw: number;
}

export interface ParseSetupV3 {
  /** Keys of the sources. */
  source_frames: FrameKeyV3[] | null;
  /** Format. */
  parse_type: string | null;
  /** Code of the character between fields; 0 to guess. */
  separator: number;
  /** Fields are enclosed in single quotes. */
  single_quotes: boolean;
  /** 1: the first line is a header; -1: it is data; 0: guess. */
  check_header: number;
  /** Names of the columns. */
  column_names: string[] | null;
  /** Numbers of columns to leave out. */
  skipped_columns: number[] | null;
  /** Types of the columns. */
  column_types: string[] | null;
  /** Texts that count as missing, by column. */
  na_strings: string[][] | null;
  /** Part of the names of columns to preview. */
  column_name_filter: string | null;
  /** First column to preview. */
  column_offset: number;
  /** Columns to preview; 0 for all. */
  column_count: number;
  /** Suggested key of the frame. */
  destination_frame: string | null;
  /** Lines of the header. */
  header_lines: number;
  /** Number of columns. */
  number_columns: number;
  /** First rows. */
  data: string[][] | null;
  /** What is odd about the sources. */
  warnings: string[] | null;
  /** Bytes of a piece of work; chosen by the server. */
  chunk_size: number;
  /** Columns that the filter lets through. */
  total_filtered_column_count: number;
  /** Characters that start a line to skip. */
  custom_non_data_line_markers: string | null;
  /** Key of a decryption tool; there is none here. */
  decrypt_tool: string | null;
  /** Columns whose values stand in the path as name=value. */
  partition_by: string[] | null;
  /** Code of the character that escapes the next one; 0: none. */
  escapechar: number;
  /** Keep real and int as given though the values suggest the other. */
  force_col_types: boolean;
  /** Move times from UTC to the server's time zone; only UTC itself is possible. */
  tz_adjust_to_local: boolean;
}

export interface ParseV3 {
  /** Key of the frame to make. */
  destination_frame: FrameKeyV3 | null;
  /** Keys of the sources. */
  source_frames: FrameKeyV3[] | null;
  /** Format. */
  parse_type: string | null;
  /** Code of the character between fields; 0 to guess. */
  separator: number;
  /** Fields are enclosed in single quotes. */
  single_quotes: boolean;
  /** 1: the first line is a header; -1: it is data; 0: guess. */
  check_header: number;
  /** Number of columns. */
  number_columns: number;
  /** Names of the columns. */
  column_names: string[] | null;
  /** Types of the columns. */
  column_types: string[] | null;
  /** Numbers of columns to leave out. */
  skipped_columns: number[] | null;
  /** Keep real and int as given though the values suggest the other. */
  force_col_types: boolean;
  /** Levels of the categorical columns; they are found while reading. */
  domains: string[][] | null;
  /** Texts that count as missing, by column. */
  na_strings: string[][] | null;
  /** Bytes of a piece of work; chosen by the server. */
  chunk_size: number;
  /** Remove the sources once they are read. */
  delete_on_done: boolean;
  /** Answer when the frame is there. */
  blocking: boolean;
  /** Key of a decryption tool; there is none here. */
  decrypt_tool: string | null;
  /** Characters that start a line to skip. */
  custom_non_data_line_markers: string | null;
  /** Columns whose values stand in the path as name=value. */
  partition_by: string[] | null;
  /** The job that parses. */
  job: JobV3 | null;
  /** Rows of the frame, when the answer waited for it. */
  rows: number;
  /** Code of the character that escapes the next one; 0: none. */
  escapechar: number;
  /** Move times from UTC to the server's time zone; only UTC itself is possible. */
  tz_adjust_to_local: boolean;
}

export interface PostFileV3 {
  /** Key of the uploaded source. */
  destination_frame: string | null;
  /** Name of the file, for messages. */
  filename: string | null;
  /** What the file must be; arrow: an Arrow file or stream. */
  format: string | null;
  /** Size of the upload. */
  total_bytes: number;
}

export interface RapidsSchemaV3 {
  /** The expression. */
  ast: string | null;
  /** Session whose temporaries it may use. */
  session_id: string | null;
  /** Name for a frame that the expression leaves nameless. */
  id: string | null;
}

export interface RouteV3 {
  /** GET, POST, DELETE or HEAD. */
  http_method: string | null;
  /** Path, parameters in braces. */
  url_pattern: string | null;
  /** What the route does. */
  summary: string | null;
  /** Name of the route. */
  api_name: string | null;
  /** Module that handles it. */
  handler_class: string | null;
  /** Function that handles it. */
  handler_method: string | null;
  /** Schema of its parameters. */
  input_schema: string | null;
  /** Schema of its answer. */
  output_schema: string | null;
  /** Parameters in the path. */
  path_params: string[] | null;
  /** Description in Markdown. */
  markdown: string | null;
}

export interface SchemaMetadataV3 {
  /** Version of the schema. */
  version: number;
  /** Name of the schema. */
  name: string | null;
  /** The same name. */
  label: string | null;
  /** Schema that it extends. */
  superclass: string | null;
  /** Kind of object that it shows. */
  type: string | null;
  /** Its fields. */
  fields: FieldMetadataV3[] | null;
  /** Description in Markdown. */
  markdown: string | null;
}

export interface StepDefinitionV99 {
  /** Provider of the steps: an algorithm. */
  name: string | null;
  /** Several steps at once. */
  alias: string | null;
  /** The steps one by one. */
  steps: StepV99[] | null;
}

export interface StepV99 {
  /** Name of the step among those of its provider. */
  id: string | null;
  /** Group that it runs in; groups run one after the other. */
  group: number;
  /** Its share of the time of its group. */
  weight: number;
}

export interface TwoDimTableV3 {
  /** Title of the table. */
  name: string | null;
  /** What it shows. */
  description: string | null;
  /** Its columns. */
  columns: ColumnSpecsBase[] | null;
  /** Number of rows. */
  rowcount: number;
  /** The cells, column by column. */
  data: unknown[][] | null;
}

export interface TypeaheadV3 {
  /** What has been typed so far. */
  src: string | null;
  /** Most paths to answer; -1 for all. */
  limit: number;
  /** Paths that complete it. */
  matches: string[] | null;
}

export interface ValidationMessageV3 {
  /** ERRR, WARN, INFO or TRACE (the parameter does not apply). */
  message_type: string | null;
  /** Parameter that the message is about. */
  field_name: string | null;
  /** The message. */
  message: string | null;
}
