/** Rows beside what was predicted of them, the largest loss first: all of a frame, or those of a cell of the confusion matrix. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Props } from "../../commands/command";
import { LEADING } from "../../commands/scored";
import { useCell, useOpen } from "../../notebook/context";
import { saveBlob } from "../../notebook/files";
import { Button, Choice, KeyLink, Loaded } from "../../parts/controls";
import { count, number } from "../../parts/format";
import * as calls from "../../rest/calls";
import { download } from "../../rest/client";
import { changes } from "../../rest/objects";
import { useQuery } from "../../rest/query";
import type { FrameV3 } from "../../rest/schemas";
import { Rows, type Shown } from "../frame/Rows";
import { called, MOST_BARS, probabilities } from "./columns";
import { pictureIn } from "./pictures";
import { Pictures } from "./Pictures";

const WAYS = ["Pictures", "Table"] as const;
const [ACTUAL, PREDICTED] = [1, 2];

interface Asked {
  model: string;
  frame: string;
  key: string;
  response: string;
  classes: string[];
  actual: string | null;
  predicted: string | null;
  threshold: number | null;
  whole: number;
}

function title({ response, classes, actual, predicted }: Asked): string {
  if (actual !== null && predicted !== null) return actual === predicted ? `${response} ${actual}, rightly predicted` : `${response} ${actual}, predicted as ${predicted}`;
  if (actual !== null) return `Rows of ${response} ${actual}, the worst first`;
  if (predicted !== null) return `Rows predicted as ${predicted}, the worst first`;
  return classes.length ? "Predicted rows, the worst first" : `Predictions of ${response}, the worst first`;
}

function Body({ asked, result }: { asked: Asked; result: FrameV3 }): JSX.Element {
  const { classes, key } = asked;
  const way = useCell().kept<(typeof WAYS)[number]>("way", "Pictures");
  const labels = (result.columns ?? []).map((column) => column.label ?? "");
  const head = LEADING + (classes.length ? classes.length + 1 : 2);
  const picture = useMemo(() => pictureIn(result.columns ?? [], new Set(Array.from({ length: head }, (_, i) => i))), [result]);
  const first = useMemo((): Shown[] => [
    { source: 0, column: 0, width: 76 },
    { source: 0, column: ACTUAL, title: "actual", width: 96 },
    { source: 0, column: PREDICTED, title: "predicted", width: 96, render: (value, valueOf) => called(value, classes.length ? valueOf(0, ACTUAL) : value) },
    { source: 0, column: head - 1, width: 110 },
    ...probabilities(classes, labels.slice(LEADING), 0, LEADING, [0, PREDICTED]),
    ...(classes.length ? [] : [{ source: 0, column: LEADING, width: 100 }]),
  ], [result]);
  if (!result.rows) return <p class="soft">There is no such row.</p>;
  const choice = picture && <Choice label="Shown as" options={WAYS} value={way.value} onChange={(value) => (way.value = value)} />;
  if (picture && way.value === "Pictures") {
    return (
      <div class="column">
        <div class="row">{choice}</div>
        <Pictures name={key} frame={result} picture={picture} caption={(valueOf) => {
          const [row, is, as] = [valueOf(0), valueOf(ACTUAL), valueOf(PREDICTED)];
          return [`${String(is)}${String(is) === String(as) ? "" : ` → ${typeof as === "number" ? number(as) : String(as)}`}`, `row ${String(row)}`];
        }} />
      </div>
    );
  }
  return <Rows name={key} frame={result} first={first} numbered tools={choice} />;
}

export default function Scored({ props }: { props: Props }): JSX.Element {
  const asked = props as unknown as Asked;
  const { model, frame, key } = asked;
  const open = useOpen();
  const query = useQuery((signal) => calls.frameSummary(key, signal, {}, "frames/columns/percentiles,frames/columns/histogram_bins"), [key, changes.value.get(`frame:${key}`)], { kept: useCell().kept("answer", null) });
  return (
    <div class="screen">
      <div class="screen-head">
        <h2>{title(asked)}</h2>
        <span class="soft">by <KeyLink onOpen={() => open("getModel", model)}>{model}</KeyLink>{asked.threshold !== null && <> at the threshold <span class="mono">{number(asked.threshold)}</span></>} on <KeyLink onOpen={() => open("getFrameSummary", frame)}>{frame}</KeyLink>
          {query.data && ` · ${number(query.data.rows)} of ${count(asked.whole, "row")}`}</span>
        <span class="actions">
          <Button icon="download" onClick={() => void download("/3/DownloadDataset", { frame_id: key }).then((blob) => saveBlob(blob, `${key}.csv`))}>Download CSV</Button>
          <Button icon="frame" onClick={() => open("getFrameSummary", key)}>View as a frame</Button>
        </span>
      </div>
      <Loaded query={query}>{(result) => <Body asked={asked} result={result} />}</Loaded>
      <p class="soft prose">{asked.classes.length ? "The loss of a row is −log of the probability that its actual class was given; the largest come first." : "The error is the prediction less the actual value; the largest squares come first."}{asked.classes.length > MOST_BARS ? " Probabilities stand behind the loss." : ""}</p>
    </div>
  );
}
