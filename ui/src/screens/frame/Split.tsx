/** Asks how to split a frame at random. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useOpen } from "../../notebook/context";
import { Button } from "../../parts/controls";
import { number } from "../../parts/format";
import { frames } from "../../rest/objects";

export default function Split({ props }: { props: Props }): JSX.Element {
  const open = useOpen();
  const id = useId();
  const [frame, setFrame] = useState(String(props["frame"] ?? ""));
  const chosen = frame || frames.value[0]?.key || "";
  const [ratios, setRatios] = useState([0.75]);
  const [names, setNames] = useState<Record<number, string>>({});
  const [seed, setSeed] = useState("-1");
  const rest = Math.max(1 - ratios.reduce((a, b) => a + b, 0), 0);
  const parts = [...ratios, Number(rest.toFixed(4))];
  const keyOfPart = (i: number): string => names[i] ?? `${chosen}_${(parts[i] ?? 0).toFixed(2)}${parts.findIndex((part) => part === parts[i]) === i ? "" : `_${i + 1}`}`;
  const rows = frames.value.find((one) => one.key === chosen)?.rows ?? 0;
  const wrong = ratios.some((ratio) => !(ratio > 0 && ratio < 1)) || rest <= 0 ? "Each part must be above 0, and all but the last together below 1." : "";
  return (
    <div class="screen panel">
      <h2>Split a frame</h2>
      <div class="fields">
        <div class="field">
          <label for={`${id}-frame`}>Frame</label>
          <select id={`${id}-frame`} value={chosen} onChange={(event) => setFrame(event.currentTarget.value)}>
            {frames.value.map((one) => <option key={one.key} value={one.key}>{one.key} ({one.note})</option>)}
          </select>
        </div>
        <div class="field">
          <label for={`${id}-seed`}>Seed</label>
          <input id={`${id}-seed`} class="mono" value={seed} onInput={(event) => setSeed(event.currentTarget.value)} />
          <span class="help">The same seed makes the same split; -1 draws one.</span>
        </div>
      </div>
      <table class="plain-table">
        <thead><tr><th>Part</th><th>Key</th><th>About</th><th /></tr></thead>
        <tbody>
          {parts.map((part, i) => (
            <tr key={i}>
              <td>{i < ratios.length ? (
                <input class="input mono" type="number" step="0.05" min="0.01" max="0.99" aria-label={`Ratio of part ${i + 1}`} value={part}
                  onInput={(event) => setRatios(ratios.map((one, j) => (j === i ? Number(event.currentTarget.value) : one)))} />
              ) : <span class="mono">{part} (the rest)</span>}</td>
              <td><input class="input mono" aria-label={`Key of part ${i + 1}`} value={keyOfPart(i)} onInput={(event) => setNames({ ...names, [i]: event.currentTarget.value })} /></td>
              <td class="soft nowrap">{number(Math.round(rows * part))} rows</td>
              <td>{ratios.length > 1 && i < ratios.length && <Button kind="quiet" icon="close" label={`Remove part ${i + 1}`} onClick={() => setRatios(ratios.filter((_, j) => j !== i))} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {wrong && <p class="field"><span class="wrong">{wrong}</span></p>}
      <div class="row">
        <Button kind="main" disabled={Boolean(wrong) || !chosen} onClick={() => open("splitFrame", chosen, ratios, parts.map((_, i) => keyOfPart(i)), Number(seed) || -1)}>Split</Button>
        <Button onClick={() => setRatios([...ratios, Number((rest / 2).toFixed(2))])}>Add a part</Button>
      </div>
    </div>
  );
}
