/** Where the page begins. */
import { render } from "preact";
import { App } from "./notebook/App";
import { startFiles } from "./notebook/files";
import { onKey } from "./notebook/keyboard";
import { scope, selected } from "./notebook/notebook";
import { startObjects } from "./rest/objects";
import { startTheme } from "./theme/theme";
import "./theme/theme.css";
import "./theme/layout.css";
import "./theme/parts.css";
import "./theme/screens.css";
import "./theme/more.css";

startTheme();
startObjects();
void startFiles().then(() => {
  const first = selected.value;
  // An empty notebook begins with its first command run: nothing on the server changes by it.
  if (first?.input.value === "assist" && first.state.value === "idle") void first.run(scope);
  render(<App />, document.getElementById("page") as HTMLElement);
});
addEventListener("keydown", onKey);
