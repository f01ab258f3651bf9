/** The page's icons: strokes of one weight on a grid of 16. */
import type { JSX } from "preact";

const PATHS = {
  run: "M5 3.500v9l7-4.500z",
  plus: "M8 3.500v9M3.500 8h9",
  save: "M3.500 3.500h7l2 2v7h-9zM6 3.500v3h4v-3M6 12.500v-3.500h4v3.500",
  open: "M2.500 12.500v-9h4l1.500 2h5.500v7z",
  up: "M8 12.500v-9M4.500 7L8 3.500 11.500 7",
  down: "M8 3.500v9M4.500 9L8 12.500 11.500 9",
  cut: "M4.500 11.500a1.500 1.500 0 1 1 0-.01M11.500 11.500a1.500 1.500 0 1 1 0-.01M5.500 10.500L11 3M10.500 10.500L5 3",
  copy: "M5.500 5.500h7v7h-7zM3.500 10.500v-7h7",
  trash: "M3.500 4.500h9M6.500 4.500v-1h3v1M4.500 4.500l.5 8h6l.5-8",
  search: "M7 11.500a4.500 4.500 0 1 1 0-9 4.500 4.500 0 0 1 0 9zM10.500 10.500l3 3",
  close: "M4 4l8 8M12 4l-8 8",
  more: "M4 8h.01M8 8h.01M12 8h.01",
  frame: "M2.500 3.500h11v9h-11zM2.500 6.500h11M6.500 6.500v6",
  model: "M8 2.500l5 2.800v5.400l-5 2.800-5-2.800V5.300zM3 5.300l5 2.700 5-2.700M8 8v5.500",
  grid: "M3 3h4v4H3zM9 3h4v4H9zM3 9h4v4H3zM9 9h4v4H9z",
  automl: "M4 12.500v-4M8 12.500v-9M12 12.500v-6",
  job: "M8 13.500a5.500 5.500 0 1 1 0-11 5.500 5.500 0 0 1 0 11zM8 5v3l2 1.500",
  check: "M3.500 8.500l3 3 6-7",
  warn: "M8 3l5.500 9.500h-11zM8 7v2.500M8 11.200v.01",
  chevron: "M6 4l4 4-4 4",
  chevronDown: "M4 6l4 4 4-4",
  sun: "M8 10.500a2.500 2.500 0 1 1 0-5 2.500 2.500 0 0 1 0 5zM8 2v1.500M8 12.500V14M2 8h1.500M12.500 8H14M3.800 3.800l1 1M11.200 11.200l1 1M12.200 3.800l-1 1M4.800 11.200l-1 1",
  moon: "M12.500 9.500A5 5 0 0 1 6.500 3.500a5 5 0 1 0 6 6z",
  rail: "M2.500 3.500h11v9h-11zM6 3.500v9",
  help: "M8 13.500a5.500 5.500 0 1 1 0-11 5.500 5.500 0 0 1 0 11zM6.300 6.300a1.700 1.700 0 1 1 2.300 1.600c-.4.2-.6.4-.6.9M8 10.800v.01",
  download: "M8 3v7M5 7.500l3 3 3-3M3.500 13h9",
  upload: "M8 10.500v-7M5 6l3-3 3 3M3.500 13h9",
  filter: "M2.500 4h11l-4.200 4.800v3.700l-2.600-1.300V8.800z",
  columns: "M2.500 3.500h11v9h-11zM6.200 3.500v9M9.800 3.500v9",
  stop: "M4.500 4.500h7v7h-7z",
  refresh: "M12.500 8a4.500 4.500 0 1 1-1.300-3.200M12.500 2.500v2.500H10",
  eye: "M2 8s2.200-4 6-4 6 4 6 4-2.200 4-6 4-6-4-6-4zM8 9.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3z",
  sortUp: "M8 4l3.500 5h-7z",
  sortDown: "M8 12l3.500-5h-7z",
  compare: "M4 13V6M8 13V3M12 13V8.500",
  split: "M3 8h4l4-4h2M7 8l4 4h2",
  predict: "M3 12.500l3.500-4 2.500 2 4-6M10.500 4.500H13V7",
} as const;

export type IconName = keyof typeof PATHS;
const FILLED = new Set<IconName>(["run", "stop", "sortUp", "sortDown"]);

export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class={FILLED.has(name) ? "icon filled" : "icon"} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
