/** Parts of a model's screen: metrics side by side, parameters beside their defaults, tables, export and code. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { shell } from "../../commands/copies";
import { useAssist, useCell } from "../../notebook/context";
import { saveBlob } from "../../notebook/files";
import { Button, Choice } from "../../parts/controls";
import { bytes } from "../../parts/format";
import { Table, type Column } from "../../parts/Table";
import { toast } from "../../parts/toasts";
import { base, download, part as pathPart, RestError } from "../../rest/client";
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

const PLACES = ["The downloaded file", "This server"] as const;
const LANGUAGES = ["Python", "R", "curl"] as const;

/** Code that loads the downloaded file into a server, or reaches the model on this one. */
function code(key: string, place: (typeof PLACES)[number], language: (typeof LANGUAGES)[number]): string {
  const quoted = JSON.stringify(key);
  const address = base();
  const isFile = place === "The downloaded file";
  if (language === "Python") {
    return `import artesian as h2o\n\n${isFile ? `h2o.init()\nmodel = h2o.upload_model(${quoted})  # the downloaded file` : `h2o.connect(url="${address}")\nmodel = h2o.get_model(${quoted})`}\npredictions = model.predict(h2o.import_file("new_rows.csv"))`;
  }
  if (language === "R") {
    const connect = `library(h2o)\nh2o.connect(ip = "${location.hostname}", port = ${location.port || 80})\n`;
    return `${connect}model <- ${isFile ? `h2o.upload_model(${quoted})  # the downloaded file` : `h2o.getModel(${quoted})`}\npredictions <- h2o.predict(model, h2o.importFile("new_rows.csv"))`;
  }
  if (isFile) {
    const raw = `${key}.file`;
    return `curl -X POST ${shell(`${address}/3/PostFile.bin?destination_frame=${pathPart(raw)}`)} -F ${shell(`file=@${key}`)}\ncurl -X POST ${shell(`${address}/99/Models.upload.bin/`)} --data-urlencode ${shell(`dir=${raw}`)}`;
  }
  return `curl -X POST ${shell(`${address}/3/Predictions/models/${pathPart(key)}/frames/FRAME`)}`;
}

/** Answers that say: this is not to be had, now or later. */
const NOT_THERE = new Set([404, 412, 501]);

interface Saved {
  title: string;
  size: number;
  /** SHA-256 in hexadecimal digits; empty where the browser works none out, as on pages without https. */
  digest: string;
}

async function digestOf(blob: Blob): Promise<string> {
  if (!globalThis.crypto?.subtle) return "";
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function ExportTab({ model, name }: { model: ModelSchemaV3; name: string }): JSX.Element {
  const cell = useCell();
  const assist = useAssist();
  const [place, language] = [cell.kept<(typeof PLACES)[number]>("place", PLACES[0]), cell.kept<(typeof LANGUAGES)[number]>("language", "Python")];
  const refused = cell.kept<readonly string[]>("refused", []);
  const saved = cell.kept<Saved | null>("saved", null);
  const save = async (path: string, title: string): Promise<void> => {
    try {
      const blob = await download(path);
      saveBlob(blob, title);
      saved.value = { title, size: blob.size, digest: await digestOf(blob) };
    } catch (problem) {
      if (problem instanceof RestError && NOT_THERE.has(problem.status)) refused.value = [...refused.value, path];
      toast((problem as Error).message, "bad");
    }
  };
  const formats: [string, string, string, boolean][] = [
    ["MOJO", `/3/Models/${pathPart(name)}/mojo`, `${name}.zip`, Boolean(model.have_mojo)],
    ["POJO", `/3/Models.java/${pathPart(name)}`, `${name}.java`, Boolean(model.have_pojo)],
    ["JSON", `/99/Models/${pathPart(name)}/json`, `${name}.json`, true],
  ];
  const offered = formats.filter(([, path, , there]) => there && !refused.value.includes(path));
  const lacking = formats.filter(([, , , there]) => !there).map(([title]) => title);
  const text = code(name, place.value, language.value);
  return (
    <div class="column">
      <h3>Download</h3>
      <div class="row">
        <Button kind="main" icon="download" onClick={() => void save(`/3/Models.fetch.bin/${pathPart(name)}`, name)}>Download model</Button>
        {offered.map(([title, path, file]) => <Button key={title} icon="download" onClick={() => void save(path, file)} hint={title === "JSON" ? "What the server tells of the model: parameters, metrics, tables" : `Download as ${title}`}>{title}</Button>)}
        <Button onClick={() => assist("exportModel", name)}>Write it on the server…</Button>
      </div>
      {saved.value && <p role="status"><span class="mono">{saved.value.title}</span>: {bytes(saved.value.size)}{saved.value.digest && <>, SHA-256 <span class="mono digest">{saved.value.digest}</span></>}</p>}
      <p class="soft prose">The model file holds the whole model in Artesian's open format: data alone, no code. Any Artesian server loads it again, by “Import a model” here or as below.{lacking.length ? ` This model is not to be had as ${lacking.join(" or ")}.` : ""}</p>
      <h3>Use it elsewhere</h3>
      <div class="row">
        <Choice label="Where the model is" options={PLACES} value={place.value} onChange={(value) => (place.value = value)} />
        <Choice label="Language" options={LANGUAGES} value={language.value} onChange={(value) => (language.value = value)} />
      </div>
      <pre class="code">{text}</pre>
      <div><Button icon="copy" onClick={() => void navigator.clipboard.writeText(text).then(() => toast("Copied."))}>Copy</Button></div>
    </div>
  );
}
