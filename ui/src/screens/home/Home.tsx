/** Where to begin: four starts, notebooks kept on the server, objects that are there; without any, what comes first. */
import type { JSX } from "preact";
import { KeyLink } from "../../parts/controls";
import { moment } from "../../parts/format";
import { Icon, type IconName } from "../../parts/icons";
import { notebooks } from "../../parts/overlays";
import { openNotebook } from "../../notebook/files";
import { useOpen } from "../../notebook/context";
import * as calls from "../../rest/calls";
import * as objects from "../../rest/objects";
import { useQuery } from "../../rest/query";

interface Start {
  icon: IconName;
  title: string;
  text: string;
  run: () => void;
}

export default function Home(): JSX.Element {
  const open = useOpen();
  const recent = useQuery((signal) => calls.notes("notebook", signal), []);
  const { frames, known } = objects;
  const models = [...objects.mainModels.value].sort((a, b) => (b.made ?? 0) - (a.made ?? 0)).slice(0, 6);
  const starts: Start[] = [
    { icon: "upload", title: "Import data", text: "Files on the server or the web, or from this computer.", run: () => open("importFiles") },
    { icon: "model", title: "Build a model", text: "Choose an algorithm, a frame and what to predict.", run: () => open("buildModel") },
    { icon: "automl", title: "Run AutoML", text: "Many models by themselves, ranked on a leaderboard.", run: () => open("runAutoML") },
    { icon: "open", title: "Open a notebook", text: "One kept on this server, or a .flow file.", run: () => (notebooks.value = true) },
  ];
  const entries = [...(recent.data?.entries ?? [])].sort((a, b) => b.timestamp_millis - a.timestamp_millis).slice(0, 6);
  const empty = known.value && frames.value.length === 0;
  return (
    <div class="home">
      <div>
        <h1>What would you like to do?</h1>
        {empty ? <p class="soft">The server holds no data yet. Import a file first; models and predictions follow from there, and every step stays in this notebook as a command that can be run again. No data at hand? <button type="button" class="link" onClick={() => open("getHelp", "Examples")}>Open an example</button>: some bring their own.</p>
          : <p class="soft">Every step stays in this notebook as a command that can be run again.</p>}
      </div>
      <div class="home-starts">
        {starts.map((start) => (
          <button key={start.title} type="button" class="home-start" onClick={start.run}>
            <Icon name={start.icon} size={20} />
            <b>{start.title}</b>
            <span class="soft">{start.text}</span>
          </button>
        ))}
      </div>
      <div class="home-lists">
        {frames.value.length > 0 && (
          <section>
            <h2 class="small">Frames</h2>
            <ul>{frames.value.slice(0, 6).map((item) => <li key={item.key}><KeyLink onOpen={() => open("getFrameSummary", item.key)}>{item.key}</KeyLink><span class="soft nowrap">{item.note}</span></li>)}</ul>
          </section>
        )}
        {models.length > 0 && (
          <section>
            <h2 class="small">Models</h2>
            <ul>{models.map((item) => <li key={item.key} title={item.note}><KeyLink onOpen={() => open("getModel", item.key)}>{item.key}</KeyLink></li>)}</ul>
          </section>
        )}
        {entries.length > 0 && (
          <section>
            <h2 class="small">Recent notebooks</h2>
            <ul>{entries.map((entry) => <li key={entry.name}><button type="button" class="link" onClick={() => void openNotebook(entry.name ?? "")}>{entry.name}</button><span class="soft nowrap">{moment(entry.timestamp_millis)}</span></li>)}</ul>
          </section>
        )}
        <section>
          <h2 class="small">Good to know</h2>
          <ul>
            <li><kbd>Ctrl K</kbd><span class="soft">finds any command, frame or model</span></li>
            <li><kbd>Shift Enter</kbd><span class="soft">runs the cell</span></li>
            <li><button type="button" class="link" onClick={() => open("getHelp", "Examples")}>Examples</button><span class="soft">notebooks that show the way</span></li>
            <li><kbd>h</kbd><span class="soft">shows all keys</span></li>
          </ul>
        </section>
      </div>
    </div>
  );
}
