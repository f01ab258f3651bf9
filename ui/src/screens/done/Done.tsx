/** Says that something was done which leaves nothing to show. */
import type { JSX } from "preact";
import type { Props } from "../../commands/command";
import { Note } from "../../parts/controls";
import { Icon } from "../../parts/icons";

export default function Done({ props }: { props: Props }): JSX.Element {
  return <Note tone="good"><Icon name="check" /> {String(props["message"] ?? "Done.")}</Note>;
}
