/** The jobs that run and ran. */
import type { JSX } from "preact";
import { useOpen } from "../../notebook/context";
import { Button, KeyLink } from "../../parts/controls";
import { duration, moment, percent } from "../../parts/format";
import { Table, type Column } from "../../parts/Table";
import { isRunning, jobs, keyOf } from "../../rest/objects";
import type { JobV3 } from "../../rest/schemas";
import { cancel } from "./ending";

export default function Jobs(): JSX.Element {
  const open = useOpen();
  const columns: Column<JobV3>[] = [
    { key: "dest", title: "Makes", value: (job) => keyOf(job.dest), width: 300, render: (job) => <KeyLink onOpen={() => open("getJob", keyOf(job.key))}>{keyOf(job.dest) || keyOf(job.key)}</KeyLink> },
    { key: "description", title: "What", value: (job) => job.description, width: 180 },
    { key: "status", title: "Status", value: (job) => (job.status ?? "").toLowerCase(), width: 100 },
    { key: "progress", title: "Progress", value: (job) => job.progress, numeric: true, width: 90, render: (job) => percent(job.progress) },
    { key: "start", title: "Started", value: (job) => job.start_time, width: 110, render: (job) => moment(job.start_time) },
    { key: "msec", title: "Took", value: (job) => job.msec, numeric: true, width: 100, render: (job) => duration(job.msec) },
    { key: "actions", title: "", value: () => "", width: 90, sortable: false, render: (job) => (isRunning(job) ? <Button kind="quiet" icon="stop" label={`Cancel ${keyOf(job.dest)}`} onClick={() => void cancel(job)} /> : null) },
  ];
  return (
    <div class="screen">
      <h2>Jobs</h2>
      <Table label="Jobs" columns={columns} rows={jobs.value} sort={{ key: "start", descending: true }} onOpen={(job) => open("getJob", keyOf(job.key))} />
    </div>
  );
}
