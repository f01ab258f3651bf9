/** The server: is it well, what it has, what it uses; the processors' meters, every second. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useAssist, useOpen } from "../../notebook/context";
import { Button, Figures, Loaded, Note } from "../../parts/controls";
import { bytes, duration, number, percent } from "../../parts/format";
import { get } from "../../rest/client";
import { useQuery } from "../../rest/query";
import { shares } from "./meters";

interface Node {
  h2o: string;
  pid: number;
  num_cpus: number;
  nthreads: number;
  sys_load: number;
  my_cpu_pct: number;
  sys_cpu_pct: number;
  free_mem: number;
  max_mem: number;
  mem_value_size: number;
  pojo_mem: number;
  swap_mem: number;
  num_keys: number;
  free_disk: number;
  max_disk: number;
  open_fds: number;
}

interface Cloud {
  cloud_name: string;
  describe: string;
  version: string;
  compiled_on: string;
  cloud_uptime_millis: number;
  cloud_healthy: boolean;
  cloud_internal_timezone: string;
  datafile_parser_timezone: string;
  nodes: Node[];
}

const METER_MS = 1000;
const CLOUD_MS = 5000;
/** Readings that the history holds. */
const SECONDS = 60;
const KINDS = ["user", "system", "other", "idle"];

/** The part of all processors that was busy, over the last minute, the latest at the right. */
function History({ points }: { points: readonly number[] }): JSX.Element {
  const at = points.map((busy, i) => `${SECONDS - points.length + i} ${(1 - busy) * 100}`);
  const line = `M${at.join("L")}`;
  return (
    <svg class="history" viewBox={`0 0 ${SECONDS - 1} 100`} preserveAspectRatio="none" role="img" aria-label={`Busy over the last minute: ${percent(Math.round((points[points.length - 1] ?? 0) * 100) / 100)} now`}>
      {points.length > 1 && <path d={`${line}L${SECONDS - 1} 101L${SECONDS - points.length} 101Z`} />}
    </svg>
  );
}

/** What of the memory is taken, and by what. */
function Memory({ node }: { node: Node }): JSX.Element {
  const all = Math.max(node.max_mem, 1);
  const parts: [string, string, number][] = [["objects", "frames and models", node.mem_value_size], ["user", "the process", node.pojo_mem], ["other", "other", Math.max(all - node.free_mem - node.mem_value_size - node.pojo_mem, 0)]];
  return (
    <ul class="meters" aria-label="Memory">
      <li>
        <span class="soft nowrap">memory</span>
        <span class="meter" role="img" aria-label={parts.map(([, title, taken]) => `${title} ${bytes(taken)}`).join(", ")}>
          {parts.map(([kind, , taken]) => <span key={kind} class={kind} style={{ width: `${Math.min(taken / all, 1) * 100}%` }} />)}
        </span>
        <span class="mono numeric">{percent(Math.round((1 - node.free_mem / all) * 100) / 100)}</span>
      </li>
      <li class="soft row">{parts.map(([kind, title]) => [<i key={kind} class={`swatch ${kind}`} />, ` ${title} `])}</li>
    </ul>
  );
}

/** Bars of each processor; not asked for while the page or the meter is out of sight. */
function Meter(): JSX.Element | null {
  const before = useRef<number[][]>([]);
  const points = useRef<number[]>([]);
  const [bars, setBars] = useState<number[][]>([]);
  useEffect(() => {
    const controller = new AbortController();
    const ask = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        const { cpu_ticks } = await get<{ cpu_ticks: number[][] | null }>("/3/WaterMeterCpuTicks/0", {}, { signal: controller.signal });
        const now = cpu_ticks ?? [];
        const next = before.current.length ? now.map((ticks, i) => shares(before.current[i], ticks)) : [];
        if (next.length) points.current = [...points.current, next.reduce((sum, parts) => sum + 1 - (parts[3] ?? 0), 0) / next.length].slice(-SECONDS);
        setBars(next);
        before.current = now;
      } catch {
        // the page says when the server is away; the next turn asks again
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), METER_MS);
    return () => {
      clearInterval(timer);
      controller.abort();
    };
  }, []);
  if (!bars.length) return <p class="soft">Measuring the processors…</p>;
  return (
    <>
      <ul class="meters" aria-label="Processors">
        {bars.map((parts, i) => (
          <li key={i}>
            <span class="soft nowrap">processor {i + 1}</span>
            <span class="meter" role="img" aria-label={KINDS.map((kind, k) => `${kind} ${percent(parts[k] ?? 0)}`).join(", ")}>
              {parts.slice(0, 3).map((part, k) => <span key={k} class={KINDS[k]} style={{ width: `${part * 100}%` }} />)}
            </span>
            <span class="mono numeric">{percent(Math.round((1 - (parts[3] ?? 0)) * 100) / 100)}</span>
          </li>
        ))}
        <li class="soft row"><i class="swatch user" /> user <i class="swatch system" /> system <i class="swatch other" /> other</li>
      </ul>
      <History points={points.current} />
      <span class="soft">All processors over the last minute</span>
    </>
  );
}

export default function CloudScreen(): JSX.Element {
  const open = useOpen();
  const assist = useAssist();
  const query = useQuery((signal) => get<Cloud>("/3/Cloud", { skip_ticks: true }, { signal }), []);
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) query.refresh(); }, CLOUD_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Loaded query={query}>
      {(cloud) => (
        <div class="screen">
          <div class="screen-head">
            <h2>{cloud.cloud_name}</h2>
            <span class={`chip ${cloud.cloud_healthy ? "good" : "bad"}`}>{cloud.cloud_healthy ? "healthy" : "not well"}</span>
            <span class="soft">{cloud.describe} · answers as H2O {cloud.version} · up {duration(cloud.cloud_uptime_millis)}</span>
            <span class="actions">
              <Button onClick={() => open("getLogFile")}>Log</Button>
              <Button onClick={() => open("getTimeline")}>Timeline</Button>
              <Button kind="danger" icon="stop" onClick={() => assist("shutdown")}>Shut down…</Button>
            </span>
          </div>
          {cloud.nodes.map((node) => (
            <div key={node.h2o} class="column">
              <Figures items={[
                { title: "Free memory", value: bytes(node.free_mem), hint: `${node.free_mem} of ${node.max_mem} bytes` },
                { title: "Memory in all", value: bytes(node.max_mem) },
                { title: "Frames and models", value: bytes(node.mem_value_size), hint: "What the objects take" },
                { title: "The process", value: bytes(node.pojo_mem) },
                { title: "Objects", value: number(node.num_keys) },
                { title: "Free disk", value: bytes(node.free_disk) },
              ]} />
              {node.swap_mem > 0 && <Note tone="warn">The machine has moved {bytes(node.swap_mem)} to disk: things go slowly until memory is free again.</Note>}
              <div class="two">
                <section class="column"><h3>Memory</h3><Memory node={node} /><h3>Processors</h3><Meter /></section>
                <section class="column">
                  <h3>Node</h3>
                  <dl class="facts">
                    <dt>Address</dt><dd class="mono">{node.h2o.replace(/^\//, "")}</dd>
                    <dt>Process</dt><dd class="mono">{node.pid}</dd>
                    <dt>Processors</dt><dd>{number(node.num_cpus)}, {number(node.nthreads)} threads each worker</dd>
                    <dt>Load of the machine</dt><dd>{number(node.sys_load)}</dd>
                    <dt>Open files</dt><dd>{number(node.open_fds)}</dd>
                    <dt>Time zone</dt><dd>{cloud.cloud_internal_timezone}; files are read in {cloud.datafile_parser_timezone}</dd>
                    <dt>Built</dt><dd>{cloud.compiled_on}</dd>
                  </dl>
                </section>
              </div>
            </div>
          ))}
        </div>
      )}
    </Loaded>
  );
}
