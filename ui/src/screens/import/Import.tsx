/** Asks which files to import: a path with hints as it is typed, files dropped on the page, what was imported before. */
import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Call } from "../../language/print";
import { useCell, useOpen } from "../../notebook/context";
import { open as openCall } from "../../notebook/notebook";
import { Button, Progress } from "../../parts/controls";
import { bytes } from "../../parts/format";
import { toast } from "../../parts/toasts";
import * as calls from "../../rest/calls";
import { keyOf } from "../../rest/objects";
import { useQuery } from "../../rest/query";

const RECENT = "flow.recentPaths";
const HINTS = 100;
const PAUSE_MS = 120;

function recentPaths(): string[] {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? "[]") as string[];
  } catch {
    return [];
  }
}

function remember(paths: readonly string[]): void {
  localStorage.setItem(RECENT, JSON.stringify([...new Set([...paths, ...recentPaths()])].slice(0, 8)));
}

/** A box for a path, with the files that begin so. */
function PathBox({ onChoose }: { onChoose: (path: string) => void }): JSX.Element {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [hints, setHints] = useState<string[]>([]);
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (!typed.trim() || /^[a-z0-9]+:\/\//i.test(typed)) return setHints([]);
    const controller = new AbortController();
    const timer = setTimeout(() => {
      calls.typeahead(typed, HINTS, controller.signal).then((answer) => setHints(answer.matches ?? []), () => setHints([]));
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [typed]);
  useEffect(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [at]);
  const choose = (path: string): void => {
    if (!path.trim()) return;
    onChoose(path.trim());
    setTyped("");
    setOpen(false);
    setAt(-1);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, hints.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, -1));
    else if (event.key === "Enter") choose(hints[at] ?? typed);
    else if (event.key === "Escape") setOpen(false);
    else if (event.key === "Tab" && open && hints[at]) setTyped(hints[at] as string);
    else return;
    event.preventDefault();
  };
  const shows = open && hints.length > 0;
  return (
    <div class="row grow">
      <div class="path-box">
        <input class="input mono" role="combobox" aria-expanded={shows} aria-controls={`${id}-hints`} aria-autocomplete="list" aria-label="Path, folder, pattern or address of files" placeholder="/data/train.csv, a folder, *.csv or https://…"
          value={typed} spellcheck={false} autocomplete="off" onKeyDown={keys} onFocus={() => setOpen(true)} onBlur={() => setTimeout(() => setOpen(false), 150)}
          onInput={(event) => { setTyped(event.currentTarget.value); setOpen(true); setAt(-1); }} />
        {shows && (
          <ul id={`${id}-hints`} role="listbox" aria-label="Files that begin so" class="suggestions mono" ref={list}>
            {hints.map((hint, i) => <li key={hint} role="option" aria-selected={i === at} onPointerDown={(event) => { event.preventDefault(); choose(hint); }}>{hint}</li>)}
          </ul>
        )}
      </div>
      <Button icon="plus" disabled={!typed.trim()} onClick={() => choose(typed)}>Add</Button>
    </div>
  );
}

/** Paths that one click adds. */
function Offered({ title, paths, onChoose }: { title: string; paths: readonly string[]; onChoose: (path: string) => void }): JSX.Element | null {
  if (!paths.length) return null;
  return (
    <div>
      <h3 class="soft">{title}</h3>
      <ul>{paths.map((path) => <li key={path} class="row"><button type="button" class="link mono clip" title={path} onClick={() => onChoose(path)}>{path}</button></li>)}</ul>
    </div>
  );
}

interface Sent {
  name: string;
  size: number;
  done: number;
  problem: string;
}

export default function Import(): JSX.Element {
  const open = useOpen();
  const cell = useCell();
  const paths = cell.kept<string[]>("paths", []);
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState<Sent[]>([]);
  const chooser = useRef<HTMLInputElement>(null);
  const add = (path: string): void => {
    paths.value = [...new Set([...paths.value, path])];
  };
  const update = (i: number, change: Partial<Sent>): void => setSent((all) => all.map((one, j) => (j === i ? { ...one, ...change } : one)));
  const send = async (files: readonly File[]): Promise<void> => {
    if (!files.length) return;
    setSent(files.map((file) => ({ name: file.name, size: file.size, done: 0, problem: "" })));
    const keys: string[] = [];
    for (const [i, file] of files.entries()) {
      try {
        const answer = await calls.uploadFile(file, (done) => update(i, { done }));
        update(i, { done: 1 });
        keys.push(keyOf(answer.destination_frame) || file.name);
      } catch (problem) {
        update(i, { problem: (problem as Error).message });
      }
    }
    if (keys.length) {
      toast(keys.length === 1 ? `Uploaded ${keys[0]}.` : `Uploaded ${keys.length} files.`, "good");
      openCall(new Call("setupParse", [{ source_frames: keys }]), cell);
    }
  };
  const submit = (): void => {
    remember(paths.value);
    open("importFiles", [...paths.value]);
  };
  const shipped = useQuery(async (signal) => (await calls.typeahead("example:", HINTS, signal)).matches ?? [], []);
  const examples = (shipped.data ?? []).filter((path) => !paths.value.includes(path));
  const recent = recentPaths().filter((path) => !paths.value.includes(path));
  return (
    <div class="screen panel">
      <h2>Import files</h2>
      <div class="two">
        <section class="column">
          <h3>On the server or the web</h3>
          <PathBox onChoose={add} />
          {paths.value.length > 0 && (
            <ul class="column" aria-label="Files to import">
              {paths.value.map((path) => (
                <li key={path} class="row"><span class="mono clip grow" title={path}>{path}</span><Button kind="quiet" icon="close" label={`Leave out ${path}`} onClick={() => (paths.value = paths.value.filter((one) => one !== path))} /></li>
              ))}
            </ul>
          )}
          <div><Button kind="main" disabled={!paths.value.length} onClick={submit}>{paths.value.length > 1 ? `Import ${paths.value.length} files` : "Import"}</Button></div>
          <Offered title="Imported before" paths={recent.filter((path) => !examples.includes(path))} onChoose={add} />
          <Offered title="Comes with the server" paths={examples} onChoose={add} />
        </section>
        <section class="column">
          <h3>From this computer</h3>
          <div class={`drop${over ? " over" : ""}`} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
            onDrop={(event) => { event.preventDefault(); setOver(false); void send([...(event.dataTransfer?.files ?? [])]); }}>
            <p>Drop files here, or</p>
            <p><Button icon="upload" onClick={() => chooser.current?.click()}>Choose files</Button></p>
            <input ref={chooser} type="file" multiple class="unseen" tabIndex={-1} aria-label="Files of this computer" onChange={(event) => void send([...(event.currentTarget.files ?? [])])} />
            <p class="soft">CSV, Parquet, ARFF, XLSX, ORC, Avro, SVMLight, also zipped</p>
          </div>
          {sent.map((file) => (
            <div key={file.name} class="column">
              <div class="row"><span class="mono clip grow">{file.name}</span><span class="soft">{bytes(file.size)}</span></div>
              {file.problem ? <p class="field"><span class="wrong">{file.problem}</span></p> : <Progress part={file.done} label={`Upload of ${file.name}`} />}
            </div>
          ))}
        </section>
      </div>
    </div>
  );
}
