/** Notebooks that come along: they open like any other, and “Run all” tells each from its first cell to its last. */
import { VERSION, writeDocument, type DocumentCell } from "../../language/document";

export interface Example {
  name: string;
  text: string;
  cells: readonly DocumentCell[];
}

const h1 = (input: string): DocumentCell => ({ type: "h1", input });
const md = (input: string): DocumentCell => ({ type: "md", input });
const cs = (input: string): DocumentCell => ({ type: "cs", input });

/** A table that comes with the server: 406 cars, with their fuel economy as two classes, too. */
const CARS = [
  cs('parseFiles\n  paths: ["example:cars_20mpg.csv"]\n  destination_frame: "cars"'),
  cs('changeColumnType frame: "cars", column: "economy_20mpg", type: "enum"'),
];

export const examples: readonly Example[] = [
  {
    name: "A first model",
    text: "Which cars are thrifty? A table, a boosted forest, what it goes by, and where it errs. Its data comes with the server.",
    cells: [
      h1("A first model"),
      md("Which cars go more than 20 miles on a gallon? Run one cell after the other with `Shift Enter`, or all with *Notebook → Run all*.\n\nThe data comes with the server. The answer, `economy_20mpg`, is written as 0 and 1: made *enum*, these are two classes, not a quantity."),
      ...CARS,
      cs('getFrameSummary "cars"'),
      md("A quarter of the cars is set aside, to judge the model on cars that it has not seen."),
      cs('splitFrame "cars", [0.75], ["cars-train","cars-test"], 7'),
      md("`economy` is left out: it is the answer itself, in miles. So is the car's name."),
      cs('buildModel "gbm", {"model_id":"thrifty","training_frame":"cars-train","validation_frame":"cars-test","response_column":"economy_20mpg","ignored_columns":["name","economy"],"ntrees":30,"seed":7}'),
      cs('getModel "thrifty"'),
      md("*Importance* tells what it goes by, *Confusion* how often it errs. How does the weight of a car change what it says?"),
      cs('buildPartialDependence {"model_id":"thrifty","frame_id":"cars","cols":["weight"]}'),
      cs('predict model: "thrifty", frame: "cars-test"'),
    ],
  },
  {
    name: "Cars with Deep Learning",
    text: "Two nets of different settings, side by side. Its data comes with the server.",
    cells: [
      h1("Cars with Deep Learning"),
      md("A small table of cars: displacement, power, weight, acceleration, year. Two nets learn which of them are thrifty."),
      ...CARS,
      cs('splitFrame "cars", [0.8], ["cars-train","cars-test"], 1234'),
      cs('buildModel "deeplearning", {"model_id":"cars-plain","training_frame":"cars-train","validation_frame":"cars-test","response_column":"economy_20mpg","ignored_columns":["name","economy"],"seed":1234}'),
      cs('buildModel "deeplearning", {"model_id":"cars-tanh","training_frame":"cars-train","validation_frame":"cars-test","response_column":"economy_20mpg","ignored_columns":["name","economy"],"activation":"Tanh","epochs":50,"hidden":[50,50],"seed":1234}'),
      cs('compareModels ["cars-plain","cars-tanh"]'),
      md("What does the second net make of weight and power? The heat map shows both together."),
      cs('buildPartialDependence {"model_id":"cars-tanh","frame_id":"cars","cols":["weight","power"],"col_pairs_2dpdp":[["weight","power"]]}'),
    ],
  },
  {
    name: "Digits with Deep Learning",
    text: "The story of MNIST: 784 pixels, ten classes, a net, its mistakes. Needs the files train.csv.gz and test.csv.gz.",
    cells: [
      h1("Digits with Deep Learning"),
      md("Each row is a picture of 28 × 28 pixels: 784 columns of grey from 0 to 255, and at the end the digit, `C785`. The files are too large to come along.\n\nPut `train.csv.gz` and `test.csv.gz` (CSV without a header) into the folder that the server was started in, or change the two paths below, or drop the files on *Import data* and parse them as the frames `train` and `test`."),
      cs('parseFiles\n  paths: ["train.csv.gz"]\n  destination_frame: "train"'),
      cs('parseFiles\n  paths: ["test.csv.gz"]\n  destination_frame: "test"'),
      md("Digits are ten classes, not a quantity: the last column becomes *enum*."),
      cs('changeColumnType frame: "train", column: "C785", type: "enum"'),
      cs('changeColumnType frame: "test", column: "C785", type: "enum"'),
      cs('buildModel "deeplearning", {"model_id":"digits-net","training_frame":"train","validation_frame":"test","response_column":"C785","hidden":[128,64],"epochs":10,"score_interval":1,"variable_importances":true}'),
      md("The curve grows while the net learns. Look at the tabs of the model: which digits it takes for others, which pixels matter, how each layer is doing."),
      cs('getModel "digits-net"'),
      cs('inspect "Top-10 Hit Ratios", getModel "digits-net"'),
      cs('predict model: "digits-net", frame: "test"'),
    ],
  },
  {
    name: "AutoML",
    text: "Two kinds of models, trained and ranked by themselves within half a minute. Its data comes with the server.",
    cells: [
      h1("AutoML"),
      md("Nets and boosted forests for half a minute, ranked while they come. Change `include_algos` and `max_runtime_secs` as you like, or open the form: *Model → Run AutoML*."),
      ...CARS,
      cs('runAutoML {"input_spec":{"training_frame":"cars","response_column":"economy_20mpg","ignored_columns":["name","economy"]},"build_control":{"project_name":"contest","stopping_criteria":{"max_runtime_secs":30,"seed":1}},"build_models":{"include_algos":["GBM","DeepLearning"]}}'),
      md("Pin models on the leaderboard to compare them."),
      cs("getModels"),
    ],
  },
];

/** The example as the text of a `.flow` file. */
export function exampleText(example: Example): string {
  return writeDocument({ version: VERSION, cells: [...example.cells] });
}
