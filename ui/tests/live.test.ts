/** What the stream tells of work in progress, and the curve that comes of it. */
import { describe, expect, it } from "vitest";
import { addBoard, addDetails, addGlimpses, addRunLog, boards, details, glimpses, runLogs, takeLive, type Glimpse, type JobDetails } from "../src/rest/live";
import { liveCurve } from "../src/screens/job/live-curve";

const look = (epochs: number, value: number | null, metric = "logloss"): Glimpse =>
  ({ metric, value, held_out: false, rows: 1000, epochs, samples: epochs * 100, seconds: epochs, samples_per_second: 100 });

describe("glimpses", () => {
  const told = (first: number, ...epochs: number[]): number[] => {
    addGlimpses({ model: "m", first, glimpses: epochs.map((at) => look(at, 1)) });
    return (glimpses.value.get("m") ?? []).map((one) => one.epochs);
  };

  it("follow each other, none twice, and begin again with a new training", () => {
    expect(told(0, 1, 2)).toEqual([1, 2]);
    expect(told(2, 3)).toEqual([1, 2, 3]);
    expect(told(1, 2, 3, 4)).toEqual([1, 2, 3, 4]); // a stream that began again
    expect(told(0, 1)).toEqual([1]);
  });

  it("of a late page are those that it heard", () => {
    addGlimpses({ model: "late", first: 70, glimpses: [look(7, 1)] });
    expect(glimpses.value.get("late")).toHaveLength(1);
  });
});

describe("details of a job", () => {
  const job: JobDetails = { job_id: { name: "j" }, can_finish: false, finish_refusal: "Not yet.", finishing: false, memory_bytes: 1, threads: 1, first: 0, log: [] };
  const line = (message: string): JobDetails["log"][number] => ({ timestamp: 0, level: "INFO", message });
  const shown = (): [number, string] => [details.value.get("j")?.first ?? -1, (details.value.get("j")?.log ?? []).map((one) => one.message).join("")];

  it("keep their log as it grows, whoever tells it", () => {
    addDetails("j", { ...job, log: [line("a"), line("b")] });
    expect(takeLive("job_details", { ...job, can_finish: true, first: 2, log: [line("c")] })).toBe(true);
    expect(shown()).toEqual([0, "abc"]);
    expect(details.value.get("j")?.can_finish).toBe(true);
    addDetails("j", { ...job, first: 1, log: [line("b"), line("c"), line("d")] });
    expect(shown()).toEqual([0, "abcd"]);
    addDetails("j", { ...job, first: 9, log: [line("z")] }); // lines between were dropped by the server
    expect(shown()).toEqual([9, "z"]);
  });

  it("keep a tail of the log", () => {
    addDetails("j", { ...job, first: 10, log: Array.from({ length: 250 }, () => line("x")) });
    expect(shown()[0]).toBe(60);
    expect(shown()[1]).toHaveLength(200);
  });
});

it("AutoML runs are told by their leaderboard and log", () => {
  const table = { name: "Leaderboard", description: "", columns: [{ name: "model_id", type: "string", description: "" }], rowcount: 1, data: [["GLM_1"]] };
  addBoard({ project_name: "p@@y", table: table as never });
  expect(boards.value.get("p@@y")?.table.rows).toEqual([["GLM_1"]]);
  const event = (message: string): never => ({ message }) as never;
  addRunLog({ automl_id: "p@@y", first: 0, events: [event("a")] });
  addRunLog({ automl_id: "p@@y", first: 1, events: [event("b")] });
  addRunLog({ automl_id: "p@@y", first: 5, events: [event("lost")] });
  expect(runLogs.value.get("p@@y")?.map((one) => one.message)).toEqual(["a", "b"]);
  expect(takeLive("job", {})).toBe(false);
});

describe("the curve of a training", () => {
  const scored = {
    x: [0, 5], xTitle: "epochs", metrics: ["logloss", "rmse"],
    curves: [
      { metric: "logloss", part: "training" as const, values: [null, 0.5] },
      { metric: "logloss", part: "validation" as const, values: [null, 0.6] },
      { metric: "rmse", part: "training" as const, values: [null, 0.4] },
    ],
  };

  it("has glimpses between what was scored, as a curve of their own", () => {
    const { x, series, metrics } = liveCurve(scored, [look(1, 0.9), look(2, 0.7), look(5, 0.51), look(6, null)], "");
    expect(x).toEqual([0, 1, 2, 5]);
    expect(metrics).toEqual(["logloss", "rmse"]);
    expect(series.map((one) => [one.name, one.values])).toEqual([
      ["training", [null, null, null, 0.5]],
      ["validation", [null, null, null, 0.6]],
      ["1000 training rows", [null, 0.9, 0.7, 0.51]],
    ]);
  });

  it("is drawn of glimpses alone before the first scoring", () => {
    expect(liveCurve(null, [look(1, 0.9)], "")).toMatchObject({ metric: "logloss", x: [1], xTitle: "epochs" });
    expect(liveCurve(null, [], "").metrics).toEqual([]);
  });

  it("shows the chosen metric without glimpses of another one, and no glimpses along trees", () => {
    expect(liveCurve(scored, [look(1, 0.9)], "rmse").series.map((one) => one.name)).toEqual(["training"]);
    expect(liveCurve({ ...scored, xTitle: "trees" }, [look(1, 0.9)], "logloss").x).toEqual([0, 5]);
  });
});
