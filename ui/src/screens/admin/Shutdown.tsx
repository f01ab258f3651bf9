/** Asks before the server is stopped, by its name. */
import type { JSX } from "preact";
import { useOpen } from "../../notebook/context";
import { Button, Loaded, Note } from "../../parts/controls";
import { count } from "../../parts/format";
import { confirm } from "../../parts/overlays";
import { cloud } from "../../rest/calls";
import { frames, models, running } from "../../rest/objects";
import { useQuery } from "../../rest/query";

export default function Shutdown(): JSX.Element {
  const open = useOpen();
  const query = useQuery((signal) => cloud(signal), []);
  const stop = async (name: string): Promise<void> => {
    if (await confirm(`Shut the server ${name} down?`, "Everybody who uses it loses it, and what runs is ended.", `Shut ${name} down`)) open("shutdown", name);
  };
  return (
    <Loaded query={query}>
      {(answer) => {
        const name = answer.cloud_name ?? "";
        return (
          <div class="screen panel">
            <h2>Shut {name} down</h2>
            <p class="prose">It holds {count(frames.value.length, "frame")} and {count(models.value.length, "model")}. Without a data folder (<code>artesian start --data-dir</code>) they go with it, and so do the notebooks that it keeps.</p>
            {running.value.length > 0 && <Note tone="warn">{count(running.value.length, "job")} would be ended.</Note>}
            <div><Button kind="danger" icon="stop" onClick={() => void stop(name)}>Shut {name} down…</Button></div>
          </div>
        );
      }}
    </Loaded>
  );
}
