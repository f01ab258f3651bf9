import type { JSX } from "preact"; export default function Later(): JSX.Element { return <p>Not here yet.</p>; }
