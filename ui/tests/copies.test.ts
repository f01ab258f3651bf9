import { expect, it } from "vitest";
import { copyAs, type Language } from "../src/commands/copies";
import { commandsOf } from "../src/language/evaluate";
import type { Call } from "../src/language/print";

const copy = (source: string, language: Language): string | null => copyAs(commandsOf(source)[0] as Call, language, "http://h:1");
const MODEL = 'buildModel "gbm", {"training_frame":"a b","response_column":"it\'s","ntrees":5,"seed":9007199254740993,"score_each_iteration":true}';

it("a model is trained by the same parameters everywhere", () => {
  expect(copy(MODEL, "Python")).toBe(
    'model = h2o.create_estimator("gbm", ntrees=5, seed=9007199254740993, score_each_iteration=True)\nmodel.train(y="it\'s", training_frame=h2o.get_frame("a b"))',
  );
  expect(copy(MODEL, "R")).toBe('model <- h2o.gbm(y = "it\'s", training_frame = h2o.getFrame("a b"), ntrees = 5, seed = 9007199254740993, score_each_iteration = TRUE)');
  expect(copy(MODEL, "curl")).toContain("curl -X POST 'http://h:1/3/ModelBuilders/gbm' \\\n  --data-urlencode 'training_frame=a b' \\\n  --data-urlencode 'response_column=it'\\''s'");
});

it("a grid is one, too", () => {
  const source = 'buildModel "deeplearning", {"training_frame":"f","hyper_parameters":{"hidden":[[64],[10,10]]},"search_criteria":{"strategy":"Cartesian"}}';
  expect(copy(source, "Python")).toContain('hyper_params={"hidden": [[64], [10, 10]]}');
  expect(copy(source, "R")).toContain("hyper_params = list(hidden = list(c(64), c(10, 10)))");
  expect(copy(source, "curl")).toContain("/99/Grid/deeplearning'");
});

it("files are parsed by their paths and types", () => {
  const source = 'parseFiles\n  source_frames: ["nfs://data/a.csv"]\n  destination_frame: "a.hex"\n  column_types: ["Numeric","Enum"]\n  check_header: 1';
  expect(copy(source, "Python")).toBe('frame = h2o.import_file("/data/a.csv", destination_frame="a.hex", header=1, col_types=["numeric", "enum"])');
});

it("rows behind a matrix are those of the same conditions", () => {
  expect(copy('getPredictedRows model: "m", frame: "f", actual: "1", predicted: "0", threshold: 0.25', "Python")).toBe(
    'model = h2o.get_model("m")\nframe = h2o.get_frame("f")\npredictions = model.predict(frame)\nclasses = predictions["predict"].levels()[0]\n' +
      'rows = frame.cbind(predictions)[(frame[model.actual_params["response_column"]] == "1") & ((predictions[2] >= 0.25).ifelse(classes[1], classes[0]) == "0"), :]',
  );
  expect(copy('getPredictedRows model: "m", frame: "f", predictions: "p", predicted: "c"', "Python")).toContain('predictions = h2o.get_frame("p")\nrows = frame.cbind(predictions)[(predictions["predict"] == "c"), :]');
});

it("what a language lacks is not made up", () => {
  expect([copy("assist", "Python"), copy("getJobs", "R"), copy("inspect 'x', getModel 'm'", "curl")]).toEqual([null, null, null]);
});

it("columns that are left out are left out everywhere, and a search keeps its key", () => {
  const source = 'buildModel "gbm", {"training_frame":"f","response_column":"y","ignored_columns":["id"],"grid_id":"g","monotone_constraints":[{"key":"a","value":1}],"hyper_parameters":{"ntrees":[2]}}';
  expect(copy(source, "Python")).toContain('h2o.create_estimator("gbm", ignored_columns=["id"], monotone_constraints={"a": 1}), hyper_params={"ntrees": [2]}, grid_id="g")');
  expect(copy(source, "R")).toBe('frame <- h2o.getFrame("f")\ngrid <- h2o.grid("gbm", x = setdiff(names(frame), c("id", "y")), y = "y", training_frame = h2o.getFrame("f"), grid_id = "g", monotone_constraints = list(a = 1), hyper_params = list(ntrees = c(2)))');
  const run = 'runAutoML {"input_spec":{"training_frame":"f","response_column":"y","ignored_columns":["id"]},"build_models":{"preprocessing":[{"type":"TargetEncoding"}]}}';
  expect(copy(run, "Python")).toContain('H2OAutoML(preprocessing=["target_encoding"])\nframe = h2o.get_frame("f")\nautoml.train(x=[name for name in frame.columns if name not in ["id", "y"]], y="y", training_frame=h2o.get_frame("f"))');
});

it("curl makes files known before they are parsed", () => {
  const text = copy('parseFiles\n  paths: ["/data/a.csv"]\n  destination_frame: "a"', "curl");
  expect(text).toContain("curl -X GET 'http://h:1/3/ImportFiles?path=%2Fdata%2Fa.csv'\ncurl -X POST 'http://h:1/3/Parse'");
  expect(text).toContain(`'source_frames=["nfs://data/a.csv"]'`);
  expect(text).not.toContain("paths=");
});

it("curl splits and binds frames by the expressions that the page itself sends", () => {
  const split = copy('splitFrame "a b", [0.75], ["one","two"], 7', "curl");
  expect(split).toContain("curl -X POST 'http://h:1/99/Rapids'");
  expect(split).toContain("(h2o.runif `a b` 7)");
  expect(split).toContain("(assign one (rows `a b` (<= flow_split 0.75)))");
  expect(copy('bindFrames "both", ["one","two"]', "curl")).toContain("'ast=(assign both (cbind one two))'");
});
