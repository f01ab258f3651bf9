/** The earlier texts of the notebook that the server keeps: a list, what was in each, and back to one of them. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { readDocument, type CellType, type FlowDocument } from "../language/document";
import { Button, Loaded } from "../parts/controls";
import { Dialog } from "../parts/Dialog";
import { bytes, count, moment } from "../parts/format";
import { versions } from "../parts/overlays";
import { toast } from "../parts/toasts";
import * as calls from "../rest/calls";
import { useQuery } from "../rest/query";
import * as files from "./files";
import { toDocument } from "./notebook";
import { missingFrom } from "./versions";

const KINDS: Partial<Record<CellType, string>> = { md: "text", raw: "plain" };

function Preview({ document }: { document: FlowDocument }): JSX.Element {
  const [now] = useState(toDocument);
  const added = useMemo(() => missingFrom(document, now), [document]);
  const gone = useMemo(() => missingFrom(now, document), [document]);
  const differences = [added.size > 0 && `${added.size} of them not in the notebook now`, gone.size > 0 && `without ${count(gone.size, "cell")} of the notebook now`].filter(Boolean);
  return (
    <div class="column">
      <p class="soft">{count(document.cells.length, "cell")}{differences.length ? `, ${differences.join(", ")}` : ", the same as now"}</p>
      <ol class="version-cells" aria-label="Cells of the version" tabIndex={0}>
        {document.cells.map((cell, i) => (
          <li key={i} class={added.has(i) ? "added" : ""}>
            <span class="soft">{cell.type === "cs" ? "" : (KINDS[cell.type] ?? cell.type)}</span>
            <pre>{cell.input || " "}</pre>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Shown({ version, onClose }: { version: calls.NoteVersion; onClose: () => void }): JSX.Element {
  const query = useQuery(async (signal) => {
    const text = await calls.readVersion("notebook", files.name.value, version.version, signal);
    return { text, document: readDocument(text) };
  }, [version.version]);
  const when = new Date(version.timestamp_millis).toLocaleString();
  const back = (text: string): void => {
    onClose();
    files.restore(text, when).catch((problem: unknown) => toast((problem as Error).message, "bad"));
  };
  return (
    <section class="column" aria-label={`Version of ${when}`}>
      <Loaded query={query}>
        {({ text, document }) => (
          <>
            <div class="row spread"><h3>{when}</h3><Button kind="main" onClick={() => back(text)}>Restore this version</Button></div>
            <Preview document={document} />
            <p class="soft">What is in the notebook now stays as a version of its own.</p>
          </>
        )}
      </Loaded>
    </section>
  );
}

function List({ found, onClose }: { found: calls.NoteVersion[]; onClose: () => void }): JSX.Element {
  const [chosen, setChosen] = useState(found[0]?.version);
  const version = found.find((one) => one.version === chosen);
  if (!version) return <p class="soft">There is no earlier text yet. One is kept of each visit, whenever you save, and every five minutes while you write.</p>;
  return (
    <div class="versions">
      <ul class="rest-routes" aria-label="Versions">
        {found.map((one) => (
          <li key={one.version}>
            <button type="button" aria-current={one === version ? "true" : undefined} title={new Date(one.timestamp_millis).toLocaleString()} onClick={() => setChosen(one.version)}>
              <span class="grow">{moment(one.timestamp_millis)}</span><span class="soft">{bytes(one.size)}</span>
            </button>
          </li>
        ))}
      </ul>
      <Shown key={version.version} version={version} onClose={onClose} />
    </div>
  );
}

export function Versions(): JSX.Element {
  const close = (): void => {
    versions.value = false;
  };
  const query = useQuery(async (signal) => (files.stored.value ? calls.noteVersions("notebook", files.name.value, signal) : []), []);
  return (
    <Dialog title={`Versions of ${files.name.value}`} wide onClose={close}>
      {files.stored.value ? <Loaded query={query}>{(found) => <List found={found} onClose={close} />}</Loaded>
        : <p class="soft">This notebook is not on the server yet. Save it, and from then on its earlier texts are kept.</p>}
    </Dialog>
  );
}
