/** Asks what to predict with what. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Argument } from "../../language/print";
import type { Props } from "../../commands/command";
import { useOpen } from "../../notebook/context";
import { Button } from "../../parts/controls";
import { frames, models } from "../../rest/objects";

export default function Predict({ props }: { props: Props }): JSX.Element {
  const open = useOpen();
  const id = useId();
  const [model, setModel] = useState(String(props["model"] ?? ""));
  const [frame, setFrame] = useState(String(props["frame"] ?? ""));
  const [key, setKey] = useState(String(props["predictions_frame"] ?? ""));
  const [leaves, setLeaves] = useState(false);
  const [errors, setErrors] = useState(false);
  const chosenModel = model || models.value[0]?.key || "";
  const chosenFrame = frame || frames.value[0]?.key || "";
  const algo = models.value.find((one) => one.key === chosenModel)?.algo ?? "";
  const submit = (): void => {
    const given: { [name: string]: Argument } = { model: chosenModel, frame: chosenFrame, predictions_frame: key.trim() || `prediction-${chosenModel}-${chosenFrame}` };
    if (leaves) given["leaf_node_assignment"] = true;
    if (errors) given["reconstruction_error"] = true;
    open("predict", given);
  };
  return (
    <div class="screen panel">
      <h2>Predict</h2>
      {models.value.length === 0 && <p class="soft">There is no model yet: build one first.</p>}
      <div class="fields">
        <div class="field">
          <label for={`${id}-model`}>Model</label>
          <select id={`${id}-model`} value={chosenModel} onChange={(event) => setModel(event.currentTarget.value)}>
            {models.value.map((one) => <option key={one.key} value={one.key}>{one.key}</option>)}
          </select>
        </div>
        <div class="field">
          <label for={`${id}-frame`}>Frame</label>
          <select id={`${id}-frame`} value={chosenFrame} onChange={(event) => setFrame(event.currentTarget.value)}>
            {frames.value.map((one) => <option key={one.key} value={one.key}>{one.key} ({one.note})</option>)}
          </select>
        </div>
        <div class="field">
          <label for={`${id}-key`}>Key of the predictions</label>
          <input id={`${id}-key`} class="mono" value={key} placeholder="made from both names" onInput={(event) => setKey(event.currentTarget.value)} />
        </div>
      </div>
      {["gbm", "drf", "xgboost", "isolationforest"].includes(algo) && <label class="row"><input type="checkbox" checked={leaves} onChange={(event) => setLeaves(event.currentTarget.checked)} /> Leaves that each row falls into, instead of predictions</label>}
      {algo === "deeplearning" && <label class="row"><input type="checkbox" checked={errors} onChange={(event) => setErrors(event.currentTarget.checked)} /> Reconstruction errors (of an autoencoder), instead of predictions</label>}
      <div><Button kind="main" icon="predict" disabled={!chosenModel || !chosenFrame} onClick={submit}>Predict</Button></div>
    </div>
  );
}
