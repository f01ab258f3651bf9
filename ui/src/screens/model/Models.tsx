/** The models on the server; two to eight chosen ones can be compared. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useAssist, useCell, useOpen } from "../../notebook/context";
import { Button, Choice, KeyLink } from "../../parts/controls";
import { moment } from "../../parts/format";
import { Table, type Column } from "../../parts/Table";
import { mainModels, models, type Listed } from "../../rest/objects";
import { colourOf } from "../../theme/theme";

const SETS = ["Without folds", "All"] as const;

export default function Models(): JSX.Element {
  const open = useOpen();
  const assist = useAssist();
  const chosen = useCell().kept<ReadonlySet<string>>("chosen", new Set());
  const toggle = (key: string): void => {
    const next = new Set(chosen.value);
    if (!next.delete(key)) next.add(key);
    chosen.value = next;
  };
  const columns: Column<Listed>[] = [
    { key: "chosen", title: "", value: (row) => (chosen.value.has(row.key) ? 1 : 0), width: 34, sortable: false, render: (row) => <input type="checkbox" tabIndex={-1} aria-label={`Choose ${row.key}`} checked={chosen.value.has(row.key)} onClick={(event) => { event.stopPropagation(); toggle(row.key); }} /> },
    { key: "key", title: "Model", value: (row) => row.key, width: 380, render: (row) => <span class="row nowrap"><i class="dot" style={{ background: `var(${colourOf(row.key)})` }} /><KeyLink onOpen={() => open("getModel", row.key)}>{row.key}</KeyLink></span> },
    { key: "algo", title: "Algorithm", value: (row) => row.note, width: 220 },
    { key: "made", title: "Made", value: (row) => row.made, width: 130, render: (row) => moment(row.made ?? 0) },
    { key: "actions", title: "", value: () => "", width: 80, sortable: false, render: (row) => <KeyLink onOpen={() => assist("predict", { model: row.key })}>Predict</KeyLink> },
  ];
  const set = useCell().kept<(typeof SETS)[number]>("set", SETS[0]);
  const rows = set.value === "All" ? models.value : mainModels.value;
  const marked = useMemo(() => new Set(rows.map((row, i) => (chosen.value.has(row.key) ? i : -1))), [rows, chosen.value]);
  const n = rows.filter((row) => chosen.value.has(row.key)).length;
  return (
    <div class="screen">
      <div class="screen-head">
        <h2>Models</h2>
        <span class="actions">
          <Button icon="compare" disabled={n < 2 || n > 8} hint="Choose two to eight models" onClick={() => open("compareModels", rows.filter((row) => chosen.value.has(row.key)).map((row) => row.key))}>{n >= 2 ? `Compare ${n} models` : "Compare"}</Button>
          <Button kind="main" icon="model" onClick={() => assist("buildModel")}>Build a model</Button>
        </span>
      </div>
      <Table label="Models" columns={columns} rows={rows} chosen={marked} onOpen={(row) => open("getModel", row.key)} sort={{ key: "made", descending: true }}
        tools={mainModels.value.length < models.value.length && <Choice label="Models shown" options={SETS} value={set.value} onChange={(value) => (set.value = value)} />} />
    </div>
  );
}
