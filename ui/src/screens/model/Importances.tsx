/** How much each input counts: the largest as bars, all as a table. */
import type { JSX } from "preact";
import { useCell } from "../../notebook/context";
import { Choice } from "../../parts/controls";
import { Bars } from "../../parts/drawings";
import { count, percent } from "../../parts/format";
import { Table, type Column } from "../../parts/Table";
import type { Importance } from "./reading";

const MOST = 20;
const COLUMNS: Column<Importance>[] = [
  { key: "name", title: "Input", value: (row) => row.name, width: 260 },
  { key: "scaled", title: "Scaled", value: (row) => row.scaled, numeric: true, width: 110 },
  { key: "part", title: "Share", value: (row) => row.part, numeric: true, width: 110, render: (row) => percent(row.part) },
];

export function Importances({ items }: { items: readonly Importance[] }): JSX.Element {
  const shown = useCell().kept<"Bars" | "Table">("importances", "Bars");
  return (
    <div class="column">
      <div class="row">
        <Choice label="Show as" options={["Bars", "Table"] as const} value={shown.value} onChange={(value) => (shown.value = value)} />
        <span class="soft">{items.length > MOST && shown.value === "Bars" ? `the ${MOST} largest of ${count(items.length, "input")}` : count(items.length, "input")}</span>
      </div>
      {shown.value === "Bars" ? <Bars label="Variable importances" items={items.slice(0, MOST).map((item) => ({ name: item.name, value: item.scaled }))} /> : <Table label="Variable importances" columns={COLUMNS} rows={items} />}
    </div>
  );
}
