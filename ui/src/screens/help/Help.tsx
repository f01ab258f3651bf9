/** Help: topics, examples, every command with its parameters, and what this server is. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { commands, find } from "../../commands/registry";
import { useCell, useOpen } from "../../notebook/context";
import { openFile } from "../../notebook/files";
import { Markdown } from "../../notebook/Markdown";
import { Button, Loaded, Search, Tabs } from "../../parts/controls";
import { help } from "../../parts/overlays";
import { get } from "../../rest/client";
import { useQuery } from "../../rest/query";
import { examples, exampleText } from "./examples";
import { findTopics } from "./topics";

const TABS = ["Topics", "Examples", "Commands", "About"] as const;

function Topics({ first }: { first: string }): JSX.Element {
  const cell = useCell();
  const typed = cell.kept("search", "");
  const chosen = cell.kept("topic", first);
  const found = findTopics(typed.value);
  const topic = found.find((one) => one.name === chosen.value) ?? found[0];
  return (
    <div class="rest">
      <div class="column">
        <Search label="Search help" value={typed.value} onInput={(next) => (typed.value = next)} />
        <ul class="rest-routes" aria-label="Topics">
          {found.map((one) => (
            <li key={one.name}><button type="button" aria-current={one === topic ? "true" : undefined} onClick={() => (chosen.value = one.name)}>{one.title}</button></li>
          ))}
        </ul>
      </div>
      {topic ? <article><h3>{topic.title}</h3><Markdown text={topic.text} /></article> : <p class="soft">No topic has that.</p>}
    </div>
  );
}

function Examples(): JSX.Element {
  return (
    <ul class="column examples">
      {examples.map((example) => (
        <li key={example.name} class="panel row">
          <div class="grow"><b>{example.name}</b><p class="soft">{example.text}</p></div>
          <Button icon="open" hint="Opens in place of this notebook" onClick={() => void openFile(new File([exampleText(example)], `${example.name}.flow`))}>Open</Button>
        </li>
      ))}
    </ul>
  );
}

function Commands(): JSX.Element {
  const open = useOpen();
  const typed = useCell().kept("commandSearch", "");
  const words = typed.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter((command) => words.every((word) => `${command.name} ${command.title} ${command.help}`.toLowerCase().includes(word)));
  return (
    <div class="column">
      <Search label="Search commands" value={typed.value} onInput={(next) => (typed.value = next)} />
      <ul class="column commands">
        {found.map((command) => {
          const runs = command.form || !command.parameters.some((one) => one.required);
          return (
            <li key={command.name}>
              <details open={found.length === 1}>
                <summary><b class="mono">{command.name}</b> <span class="soft">{command.help}</span></summary>
                {command.parameters.length > 0 && (
                  <dl class="facts">
                    {command.parameters.map((one) => [<dt key={one.name} class="mono">{one.name}{one.required && " *"}</dt>, <dd key={`${one.name}.`}>{one.help || "–"}</dd>])}
                  </dl>
                )}
                {runs && <Button kind="quiet" icon="run" onClick={() => open(command.name)}>{command.form ? "Open its form" : "Run it"}</Button>}
              </details>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function About(): JSX.Element {
  const query = useQuery((signal) => get<{ entries: { name: string; value: string }[] }>("/3/About", {}, { signal }), []);
  return (
    <div class="column">
      <p class="prose">Flow is the web notebook of this server. It comes with it, asks nobody else for anything, and runs no code but its own.</p>
      <Loaded query={query}>
        {(answer) => <dl class="facts">{answer.entries.map((entry) => [<dt key={entry.name}>{entry.name}</dt>, <dd key={`${entry.name}.`}>{entry.value}</dd>])}</dl>}
      </Loaded>
    </div>
  );
}

export default function Help({ props }: { props: Props }): JSX.Element {
  const open = useOpen();
  const cell = useCell();
  const asked = String(props["topic"] ?? "");
  const tab = cell.kept<string>("tab", asked && find(asked) ? "Commands" : TABS.find((name) => name.toLowerCase() === asked.toLowerCase()) ?? "Topics");
  if (asked && find(asked)) cell.kept("commandSearch", asked);
  return (
    <div class="screen">
      <div class="screen-head">
        <h2>Help</h2>
        <span class="actions">
          <Button onClick={() => (help.value = true)}>Keyboard shortcuts</Button>
          <Button onClick={() => open("getEndpoints")}>REST interface</Button>
        </span>
      </div>
      <Tabs names={TABS} chosen={tab} label="Help">
        {tab.value === "Examples" ? <Examples /> : tab.value === "Commands" ? <Commands /> : tab.value === "About" ? <About /> : <Topics first={asked} />}
      </Tabs>
    </div>
  );
}
