/** The frames on the server: what each holds, and what can be done with it. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { useAssist, useOpen } from "../../notebook/context";
import { Button, KeyLink } from "../../parts/controls";
import { bytes } from "../../parts/format";
import { Table, type Column } from "../../parts/Table";
import { frames, type Listed } from "../../rest/objects";

export default function Frames({ props }: { props: Props }): JSX.Element {
  const open = useOpen();
  const assist = useAssist();
  const only = Array.isArray(props["only"]) ? new Set(props["only"].map(String)) : null;
  const rows = only ? frames.value.filter((frame) => only.has(frame.key)) : frames.value;
  const columns: Column<Listed>[] = [
    { key: "key", title: "Frame", value: (row) => row.key, width: 320, render: (row) => <KeyLink onOpen={() => open("getFrameSummary", row.key)}>{row.key}</KeyLink> },
    { key: "rows", title: "Rows", value: (row) => row.rows, numeric: true, width: 100 },
    { key: "columns", title: "Columns", value: (row) => row.columns, numeric: true, width: 90 },
    { key: "bytes", title: "Size", value: (row) => row.bytes, numeric: true, width: 90, render: (row) => bytes(row.bytes ?? 0) },
    {
      key: "actions", title: "", value: () => "", sortable: false, width: 260,
      render: (row) => (
        <span class="row nowrap">
          <KeyLink onOpen={() => assist("buildModel", null, { training_frame: row.key })}>Build model</KeyLink>
          <KeyLink onOpen={() => assist("splitFrame", row.key)}>Split</KeyLink>
          <KeyLink onOpen={() => assist("predict", { frame: row.key })}>Predict</KeyLink>
        </span>
      ),
    },
  ];
  return (
    <div class="screen">
      <div class="screen-head"><h2>{only ? "Parts" : "Frames"}</h2><span class="actions"><Button icon="upload" onClick={() => open("importFiles")}>Import files</Button></span></div>
      <Table label="Frames" columns={columns} rows={rows} onOpen={(row) => open("getFrameSummary", row.key)} />
    </div>
  );
}
