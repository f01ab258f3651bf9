/** Parts of a model's screen: metrics side by side, parameters beside their defaults, tables, export and code. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useCell } from "../../notebook/context";
import { saveBlob } from "../../notebook/files";
import { Button, Choice, Note } from "../../parts/controls";
import { Table, type Column } from "../../parts/Table";
import { toast } from "../../parts/toasts";
import { download, part as pathPart, RestError } from "../../rest/client";
import type { ModelParameterSchemaV3, ModelSchemaV3 } from "../../rest/schemas";
import { tablesIn, type Cell, type ReadTable } from "../../rest/tables";
import { allMetrics, isSet, metricsOf, parametersOf, valueText, type Output } from "./reading";

/** A table of the server, as it is. */
export function ServerTable({ table, height }: { table: ReadTable; height?: number }): JSX.Element {
  const columns = useMemo(() => table.columns.map((column, i): Column<Cell[]> => ({ key: `${column.name}${i}`, title: column.title, numeric: column.numeric, value: (row) => row[i] })), [table]);
  return <Table label={table.name || "Table"} columns={columns} rows={table.rows} {...(height ? { height } : {})} />;
}

interface Line {
  field: string;
  title: string;
  values: Record<string, number | null>;
}

export function MetricsTab({ output, category }: { output: Output; category: string }): JSX.Element {
  const parts = metricsOf(output);
  const lines = useMemo(() => {
    const found = new Map<string, Line>();
    for (const [part, metrics] of parts) {
      for (const { field, title, value } of allMetrics(category, metrics)) {
        const line = found.get(field) ?? { field, title, values: {} };
        line.values[part] = value;
        found.set(field, line);
      }
    }
    return [...found.values()];
  }, [output]);
  const columns: Column<Line>[] = [
    { key: "title", title: "Metric", value: (row) => row.title, width: 220 },
    ...parts.map(([part]): Column<Line> => ({ key: part, title: part, numeric: true, width: 140, value: (row) => row.values[part] })),
  ];
  const others = parts.flatMap(([part, metrics]) => tablesIn(metrics, 3).filter((table) => table.name !== "Confusion Matrix" && table.rows.length).map((table) => ({ ...table, name: `${part}: ${table.name}` })));
  const chosen = useCell().kept("metricsTable", "");
  const table = others.find((one) => one.name === chosen.value);
  return (
    <div class="column">
      <Table label="Metrics" columns={columns} rows={lines} />
      {others.length > 0 && (
        <label class="row">More tables
          <select class="select" value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)}>
            <option value="">choose one</option>
            {others.map((one) => <option key={one.name}>{one.name}</option>)}
          </select>
        </label>
      )}
      {table && <ServerTable table={table} />}
    </div>
  );
}

const SHOWN = ["Set", "All"] as const;

export function ParametersTab({ model }: { model: ModelSchemaV3 }): JSX.Element {
  const shown = useCell().kept<(typeof SHOWN)[number]>("parameters", "Set");
  const all = parametersOf(model);
  const rows = shown.value === "Set" ? all.filter(isSet) : all;
  const columns: Column<ModelParameterSchemaV3>[] = [
    { key: "name", title: "Parameter", value: (row) => row.name, width: 250, render: (row) => <span class={`mono${isSet(row) ? " strong" : ""}`}>{row.name}</span> },
    { key: "value", title: "Value", value: (row) => valueText(row.actual_value), width: 240, render: (row) => <span class="mono clip" title={valueText(row.actual_value)}>{valueText(row.actual_value) || "–"}</span> },
    { key: "default", title: "Default", value: (row) => valueText(row.default_value), width: 150, render: (row) => <span class="mono soft clip">{valueText(row.default_value) || "–"}</span> },
    { key: "help", title: "What it does", value: (row) => row.help, width: 460 },
  ];
  return <Table label="Parameters" columns={columns} rows={rows} tools={<Choice label="Parameters shown" options={SHOWN} value={shown.value} onChange={(value) => (shown.value = value)} />} />;
}

/** How to reach the model from Python, R and the command line. */
function code(key: string): [string, string][] {
  const quoted = JSON.stringify(key);
  const address = `${location.origin}${new URL("..", document.baseURI).pathname.replace(/\/$/, "")}`;
  return [
    ["Python", `import artesian as h2o\nh2o.connect(url="${address}")\nmodel = h2o.get_model(${quoted})\npredictions = model.predict(h2o.get_frame("frame"))`],
    ["R", `library(h2o)\nh2o.connect(ip = "${location.hostname}", port = ${location.port || 80})\nmodel <- h2o.getModel(${quoted})\npredictions <- h2o.predict(model, h2o.getFrame("frame"))`],
    ["curl", `curl -X POST '${address}/3/Predictions/models/${encodeURIComponent(key)}/frames/frame'`],
  ];
}

/** Answers that say: this is not to be had, now or later. */
const NOT_THERE = new Set([404, 412, 501]);

export function ExportTab({ model, name }: { model: ModelSchemaV3; name: string }): JSX.Element {
  const language = useCell().kept("language", "Python");
  const samples = code(name);
  const refused = useCell().kept<readonly string[]>("refused", []);
  const save = async (path: string, title: string): Promise<void> => {
    try {
      saveBlob(await download(path), title);
    } catch (problem) {
      if (problem instanceof RestError && NOT_THERE.has(problem.status)) refused.value = [...refused.value, path];
      toast((problem as Error).message, "bad");
    }
  };
  const json = `/99/Models/${pathPart(name)}/json`;
  const text = samples.find(([title]) => title === language.value)?.[1] ?? "";
  return (
    <div class="column">
      <h3>Download</h3>
      <div class="row">
        <Button kind="main" icon="download" onClick={() => void save(`/3/Models.fetch.bin/${pathPart(name)}`, name)}>Download model</Button>
        {model.have_mojo && <Button icon="download" onClick={() => void save(`/3/Models/${pathPart(name)}/mojo`, `${name}.zip`)}>MOJO</Button>}
        {model.have_pojo && <Button icon="download" onClick={() => void save(`/3/Models.java/${pathPart(name)}`, `${name}.java`)}>POJO</Button>}
        {!refused.value.includes(json) && <Button icon="download" onClick={() => void save(json, `${name}.json`)}>JSON</Button>}
      </div>
      {!model.have_mojo && <Note>This kind of model has no MOJO. The model file can be loaded again: “Import a model” here, h2o.upload_model in Python.</Note>}
      <h3>Use it elsewhere</h3>
      <div class="row"><Choice label="Language" options={samples.map(([title]) => title)} value={language.value} onChange={(value) => (language.value = value)} /></div>
      <pre class="code">{text}</pre>
      <div><Button icon="copy" onClick={() => void navigator.clipboard.writeText(text).then(() => toast("Copied."))}>Copy</Button></div>
    </div>
  );
}

