/** The grid searches on the server. */
import type { JSX } from "preact";
import { useOpen } from "../../notebook/context";
import { KeyLink } from "../../parts/controls";
import { Table, type Column } from "../../parts/Table";
import { grids, type Listed } from "../../rest/objects";

export default function Grids(): JSX.Element {
  const open = useOpen();
  const columns: Column<Listed>[] = [
    { key: "key", title: "Grid search", value: (row) => row.key, width: 360, render: (row) => <KeyLink onOpen={() => open("getGrid", row.key)}>{row.key}</KeyLink> },
    { key: "note", title: "Models", value: (row) => row.note, width: 120 },
  ];
  return (
    <div class="screen">
      <h2>Grid searches</h2>
      {grids.value.length ? <Table label="Grid searches" columns={columns} rows={grids.value} onOpen={(row) => open("getGrid", row.key)} /> : <p class="soft">There is none yet. “Grid search” in the form of a model makes one.</p>}
    </div>
  );
}
