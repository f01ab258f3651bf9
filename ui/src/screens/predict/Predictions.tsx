/** The scores of models on frames, all of them or those of one model or frame. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { useOpen } from "../../notebook/context";
import { KeyLink, Loaded } from "../../parts/controls";
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

export default function Predictions({ props }: { props: Props }): JSX.Element {
  const open = useOpen();
  const [model, frame] = [String(props["model"] ?? "") || null, String(props["frame"] ?? "") || null];
  const query = useQuery((signal) => calls.metrics(model, frame, signal), [model, frame]);
  const view = (row: Line): void => open("getPrediction", { model: row.model, frame: row.frame });
  const columns: Column<Line>[] = [
    { key: "model", title: "Model", value: (row) => row.model, width: 300, render: (row) => <KeyLink onOpen={() => view(row)}>{row.model}</KeyLink> },
    { key: "frame", title: "Frame", value: (row) => row.frame, width: 220 },
    { key: "category", title: "Category", value: (row) => row.category, width: 110 },
    ...SHOWN.map(([field, title]): Column<Line> => ({ key: field, title, numeric: true, width: 96, value: (row) => metric(row.metrics, field) })),
  ];
  return (
    <div class="screen">
      <h2>Predictions</h2>
      <Loaded query={query}>
        {(answer) => {
          const rows = ((answer.model_metrics ?? []) as unknown as Metrics[]).map((metrics): Line => ({ model: keyOf(metrics["model"]), frame: keyOf(metrics["frame"]), category: String(metrics["model_category"] ?? ""), metrics }));
          return <Table label="Predictions" columns={columns} rows={rows} onOpen={view} />;
        }}
      </Loaded>
    </div>
  );
}
