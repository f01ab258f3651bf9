/** The scores of models on frames, all of them or those of one model or frame. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { useCell, useOpen } from "../../notebook/context";
import { Choice, KeyLink, Loaded } from "../../parts/controls";
import { Table, type Column } from "../../parts/Table";
import * as calls from "../../rest/calls";
import { keyOf } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import { metric, type Metrics } from "../model/reading";

interface Line {
  model: string;
  frame: string;
  category: string;
  metrics: Metrics;
}

const SHOWN: [string, string][] = [["AUC", "AUC"], ["logloss", "Log loss"], ["error", "Error"], ["RMSE", "RMSE"], ["mae", "MAE"], ["r2", "R²"]];

/** Scores of the models of cross-validation's folds, on their parts of the frame. */
const OF_FOLDS = /_cv_\d+_(train|valid)$/;
const SETS = ["Without folds", "All"] as const;

export default function Predictions({ props }: { props: Props }): JSX.Element {
  const open = useOpen();
  const [model, frame] = [String(props["model"] ?? "") || null, String(props["frame"] ?? "") || null];
  const query = useQuery((signal) => calls.metrics(model, frame, signal), [model, frame]);
  const set = useCell().kept<(typeof SETS)[number]>("set", SETS[0]);
  const view = (row: Line): void => open("getPrediction", { model: row.model, frame: row.frame });
  const columns: Column<Line>[] = [
    { key: "model", title: "Model", value: (row) => row.model, width: 240, render: (row) => <KeyLink onOpen={() => view(row)}>{row.model}</KeyLink> },
    { key: "frame", title: "Frame", value: (row) => row.frame, width: 150 },
    { key: "about", title: "About", value: (row) => String(row.metrics["description"] ?? ""), width: 210 },
    { key: "category", title: "Category", value: (row) => row.category, width: 110 },
    ...SHOWN.map(([field, title]): Column<Line> => ({ key: field, title, numeric: true, width: 88, value: (row) => metric(row.metrics, field) })),
  ];
  return (
    <div class="screen">
      <h2>Predictions</h2>
      <Loaded query={query}>
        {(answer) => {
          const rows = ((answer.model_metrics ?? []) as unknown as Metrics[]).map((metrics): Line => ({ model: keyOf(metrics["model"]), frame: keyOf(metrics["frame"]), category: String(metrics["model_category"] ?? ""), metrics }));
          const main = rows.filter((row) => !OF_FOLDS.test(row.frame));
          return <Table label="Predictions" columns={columns} rows={set.value === "All" ? rows : main} onOpen={view}
            tools={main.length < rows.length && <Choice label="Scores shown" options={SETS} value={set.value} onChange={(value) => (set.value = value)} />} />;
        }}
      </Loaded>
    </div>
  );
}
