/** The first rows of a frame as pictures, where its columns are the pixels of a square. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useCell } from "../../notebook/context";
import { Button, Loaded } from "../../parts/controls";
import { number } from "../../parts/format";
import * as calls from "../../rest/calls";
import { useQuery } from "../../rest/query";
import type { FrameV3 } from "../../rest/schemas";
import { cellText, type CellValue } from "../frame/Rows";
import { drawPicture, type Picture } from "./pictures";

const AT_ONCE = 60;

function One({ values, picture, label }: { values: number[]; picture: Picture; label: string }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) drawPicture(canvas.current, values, picture);
  }, [values, picture]);
  return <canvas ref={canvas} role="img" aria-label={label} />;
}

interface Props {
  name: string;
  frame: FrameV3;
  picture: Picture;
  /** The two lines below the picture, from the values of its row. */
  caption: (valueOf: (column: number) => CellValue, row: number) => [string, string];
}

export function Pictures({ name, frame, picture, caption }: Props): JSX.Element {
  const most = useCell().kept("pictures", AT_ONCE);
  const wide = (frame.columns ?? []).length;
  const rows = Math.min(most.value, frame.rows);
  const query = useQuery((signal) => calls.frameRows(name, [0, rows], [0, wide], signal), [name, rows]);
  const read = useMemo(() => {
    const columns = query.data?.columns ?? [];
    return Array.from({ length: query.data ? (query.data.row_count ?? rows) : 0 }, (_, row) => ({
      values: picture.columns.map((i) => Number(columns[i]?.data?.[row] ?? 0)),
      lines: caption((i) => cellText(columns[i], row, null), row),
    }));
  }, [query.data]);
  return (
    <Loaded query={query}>
      {() => (
        <div class="column">
          <ul class="pictures" aria-label={`Rows of ${name} as pictures`}>
            {read.map(({ values, lines: [what, where] }, i) => <li key={i}><One values={values} picture={picture} label={`${what} ${where}`} /><span class="mono strong clip" title={what}>{what}</span><span class="mono soft clip">{where}</span></li>)}
          </ul>
          <div class="row"><span class="soft">{`${number(read.length)} of ${number(frame.rows)} rows, ${picture.side} × ${picture.side} pixels`}</span>
            {rows < frame.rows && <Button onClick={() => (most.value += 2 * AT_ONCE)}>Show more</Button>}</div>
        </div>
      )}
    </Loaded>
  );
}
