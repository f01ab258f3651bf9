/** Dialogs: a question to confirm, the keyboard map, the notebooks on the server, and the server's token. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { SHORTCUTS } from "../notebook/keyboard";
import * as files from "../notebook/files";
import { Versions } from "../notebook/Versions";
import * as calls from "../rest/calls";
import { setToken, wantsToken } from "../rest/client";
import { wake } from "../rest/objects";
import { useQuery } from "../rest/query";
import { Button, Loaded, Search } from "./controls";
import { Dialog } from "./Dialog";
import { moment } from "./format";
import { confirm, help, notebooks, question, versions } from "./overlays";
import { toast } from "./toasts";

function Confirm(): JSX.Element | null {
  const asked = question.value;
  if (!asked) return null;
  return (
    <Dialog title={asked.title} onClose={() => asked.answer(false)}>
      <p>{asked.detail}</p>
      <div class="row end">
        <Button onClick={() => asked.answer(false)}>Keep it</Button>
        <Button kind="danger" onClick={() => asked.answer(true)}>{asked.action}</Button>
      </div>
    </Dialog>
  );
}

const MOD = typeof navigator !== "undefined" && /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl";
const SECTIONS = [["command", "With a cell selected"], ["edit", "While writing"], ["any", "Always"]] as const;

function Keys(): JSX.Element {
  return (
    <Dialog title="Keyboard shortcuts" wide onClose={() => (help.value = false)}>
      <div class="shortcuts">
        {SECTIONS.map(([mode, title]) => (
          <section key={mode}>
            <h3>{title}</h3>
            <dl>
              {SHORTCUTS.filter((shortcut) => shortcut.mode === mode).map((shortcut) => (
                <div key={shortcut.keys}>
                  <dt>{shortcut.keys.split(" ").map((key, i) => <kbd key={i}>{key.replace("Arrow", "").replace("Mod", MOD)}</kbd>)}</dt>
                  <dd>{shortcut.what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Notebooks(): JSX.Element {
  const query = useQuery((signal) => calls.notes("notebook", signal), []);
  const [search, setSearch] = useState("");
  const close = (): void => {
    notebooks.value = false;
  };
  const remove = async (title: string): Promise<void> => {
    if (!(await confirm(`Delete the notebook ${title}?`, "It is removed from the server, with its versions.", "Delete"))) return;
    await files.removeNotebook(title).catch((problem: unknown) => toast((problem as Error).message, "bad"));
    query.refresh();
  };
  return (
    <Dialog title="Open a notebook" onClose={close}>
      <Loaded query={query}>
        {(answer) => {
          const all = [...(answer.entries ?? [])].sort((a, b) => b.timestamp_millis - a.timestamp_millis);
          const found = all.filter((entry) => (entry.name ?? "").toLowerCase().includes(search.toLowerCase()));
          if (!all.length) return <p class="soft">No notebook is kept on this server yet. “Save” keeps this one.</p>;
          return (
            <div class="column">
              <Search label="Search notebooks" value={search} onInput={setSearch} />
              <ul class="notebooks">
                {found.map((entry) => (
                  <li key={entry.name} class="row">
                    <button type="button" class="link clip grow" onClick={() => void files.openNotebook(entry.name ?? "").then((good) => good && close())}>{entry.name}</button>
                    <span class="soft nowrap">{moment(entry.timestamp_millis)}</span>
                    <Button kind="quiet" icon="trash" label={`Delete ${entry.name}`} onClick={() => void remove(entry.name ?? "")} />
                  </li>
                ))}
              </ul>
            </div>
          );
        }}
      </Loaded>
    </Dialog>
  );
}

function Token(): JSX.Element {
  const [typed, setTyped] = useState("");
  const give = (): void => {
    setToken(typed.trim());
    wake();
  };
  return (
    <Dialog title="This server asks for its token" onClose={() => (wantsToken.value = false)}>
      <p>It was printed when the server started. This page keeps it until the tab is closed.</p>
      <form class="row" onSubmit={(event) => { event.preventDefault(); give(); }}>
        <input class="input grow" type="password" aria-label="Token" autocomplete="off" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        <Button kind="main" disabled={!typed.trim()} onClick={give}>Go on</Button>
      </form>
    </Dialog>
  );
}

export function Dialogs(): JSX.Element {
  return (
    <>
      {help.value && <Keys />}
      {notebooks.value && <Notebooks />}
      {versions.value && <Versions />}
      {wantsToken.value && <Token />}
      <Confirm />
    </>
  );
}
