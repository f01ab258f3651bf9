/** Notebooks that come along: they open like any other, and each begins with what it needs. */
import { VERSION, writeDocument, type DocumentCell } from "../../language/document";

export interface Example {
  name: string;
  text: string;
  cells: readonly DocumentCell[];
}

const h1 = (input: string): DocumentCell => ({ type: "h1", input });
const md = (input: string): DocumentCell => ({ type: "md", input });
const cs = (input: string): DocumentCell => ({ type: "cs", input });

export const examples: readonly Example[] = [
  {
    name: "A first model",
    text: "Random data, a boosted forest, and what it depends on. Needs no file.",
    cells: [
      h1("A first model"),
      md("Nothing is needed but the server: it makes the data itself. Run one cell after the other with `Shift Enter`, and wait for each job."),
      cs('createFrame {"dest":"first","rows":5000,"cols":6,"seed":7,"categorical_fraction":0.2,"integer_fraction":0.2,"missing_fraction":0.01,"factors":5,"has_response":true,"response_factors":3}'),
      cs('getFrameSummary "first"'),
      cs('splitFrame "first", [0.75], ["first-train","first-test"], 7'),
      cs('buildModel "gbm", {"model_id":"first-model","training_frame":"first-train","validation_frame":"first-test","response_column":"response","ntrees":20,"seed":7}'),
      cs('getModel "first-model"'),
      md("The response is random, so the scores on the rows of training are better than those on the others: the model has learned by heart. That is why models are judged on rows that they have not seen."),
      cs('predict model: "first-model", frame: "first-test"'),
    ],
  },
  {
    name: "Digits with Deep Learning",
    text: "The story of MNIST: 784 pixels, ten classes, a net, its mistakes. Needs train.csv.gz and test.csv.gz.",
    cells: [
      h1("Digits with Deep Learning"),
      md("Each row is a picture of 28 × 28 pixels, and its last column the digit. Put `train.csv.gz` and `test.csv.gz` where the server was started, or change the paths below.\n\nThe last column must be *Enum*: digits are ten classes, not a quantity."),
      cs('setupParse paths: ["train.csv.gz"]'),
      md("Choose *Enum* for column 785 (search for its number), call the frame `train`, and parse. Then the same for the test pictures, as `test`."),
      cs('setupParse paths: ["test.csv.gz"]'),
      cs('getFrameSummary "train"'),
      cs('buildModel "deeplearning", {"model_id":"digits-net","training_frame":"train","validation_frame":"test","response_column":"C785","hidden":[128,64],"epochs":10,"score_interval":1,"variable_importances":true}'),
      md("The curve grows while the net learns. Look at the tabs of the model: which digits it takes for others, which pixels matter, how each layer is doing."),
      cs('getModel "digits-net"'),
      cs('inspect "Top-10 Hit Ratios", getModel "digits-net"'),
      cs('predict model: "digits-net", frame: "test"'),
    ],
  },
  {
    name: "Cars",
    text: "How many cylinders has a car? A net, and settings of it compared. Needs cars_20mpg.csv.",
    cells: [
      h1("Cars"),
      md("A small table of cars: displacement, power, weight, acceleration, year. Put `cars_20mpg.csv` where the server was started, or drop it on the form of *Import files*. Call the frame `cars`, and make `economy_20mpg` *Enum*."),
      cs('setupParse paths: ["cars_20mpg.csv"]'),
      cs('splitFrame "cars", [0.8], ["cars-train","cars-test"], 1234'),
      cs('buildModel "deeplearning", {"model_id":"cars-plain","training_frame":"cars-train","validation_frame":"cars-test","response_column":"economy_20mpg","ignored_columns":["name","economy"],"seed":1234}'),
      cs('buildModel "deeplearning", {"model_id":"cars-tanh","training_frame":"cars-train","validation_frame":"cars-test","response_column":"economy_20mpg","ignored_columns":["name","economy"],"activation":"Tanh","epochs":50,"hidden":[50,50],"seed":1234}'),
      cs('compareModels ["cars-plain","cars-tanh"]'),
      md("What does the model make of weight and power? The heat map shows both together."),
      cs('buildPartialDependence {"model_id":"cars-tanh","frame_id":"cars","cols":["weight","power"],"col_pairs_2dpdp":[["weight","power"]]}'),
    ],
  },
  {
    name: "AutoML",
    text: "Two kinds of models, trained and ranked by themselves. Needs no file.",
    cells: [
      h1("AutoML"),
      md("Nets and boosted forests for half a minute, ranked while they come. Change `include_algos` and `max_runtime_secs` as you like."),
      cs('createFrame {"dest":"contest","rows":2000,"cols":8,"seed":11,"missing_fraction":0,"categorical_fraction":0.25,"factors":4,"has_response":true,"response_factors":2}'),
      cs('runAutoML {"input_spec":{"training_frame":"contest","response_column":"response"},"build_control":{"project_name":"contest","stopping_criteria":{"max_runtime_secs":30,"seed":1}},"build_models":{"include_algos":["GBM","DeepLearning"]}}'),
      md("Pin models on the leaderboard to compare them. The data is random, so do not expect much of any of them."),
      cs("getModels"),
    ],
  },
];

/** The example as the text of a `.flow` file. */
export function exampleText(example: Example): string {
  return writeDocument({ version: VERSION, cells: [...example.cells] });
}
