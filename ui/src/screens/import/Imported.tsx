/** What an import found: the files, those that failed, and on to parsing. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { useOpen } from "../../notebook/context";
import { Button, Note } from "../../parts/controls";
import { count } from "../../parts/format";
import { Icon } from "../../parts/icons";

const MOST = 12;

export default function Imported({ props }: { props: Props }): JSX.Element {
  const open = useOpen();
  const list = (name: string): string[] => (Array.isArray(props[name]) ? props[name].map(String) : []);
  const [files, frames, fails] = [list("files"), list("frames"), list("fails")];
  return (
    <div class="screen panel">
      {fails.length > 0 && <Note tone="warn"><Icon name="warn" /> <span>{`Not imported: ${fails.join(", ")}`}</span></Note>}
      {files.length === 0 ? <p>No file was found there.</p> : (
        <>
          <div class="row">
            <Icon name="check" /> <span>{count(files.length, "file")} ready to be parsed</span>
            <span class="grow" />
            <Button kind="main" onClick={() => open("setupParse", { source_frames: frames })}>{files.length === 1 ? "Parse this file…" : "Parse these files…"}</Button>
          </div>
          <ul class="mono">
            {files.slice(0, MOST).map((file) => <li key={file} class="clip" title={file}>{file}</li>)}
            {files.length > MOST && <li class="soft">and {files.length - MOST} more</li>}
          </ul>
        </>
      )}
    </div>
  );
}
