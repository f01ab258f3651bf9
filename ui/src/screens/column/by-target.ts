/** How a column is spread within each class of another one: counted on the server, so that the rows stay there. */
import { rapidsName } from "../../commands/data";
import * as calls from "../../rest/calls";
import type { FrameV3 } from "../../rest/schemas";
import { cellText } from "../frame/Rows";

export interface Asked {
  frame: string;
  /** Places of the column and of the classes. */
  column: number;
  target: number;
  /** Of numbers: where the bins begin, how wide one is, and how many there are; null for a column of levels. */
  bins: { base: number; width: number; count: number } | null;
}

/** counts[class][bin or level]: rows; missing ones are left out. */
export interface Split {
  classes: string[];
  counts: Map<string, Map<string, number>>;
}

export const MOST_CLASSES = 10;

/** The Rapids that counts the rows of each pair of bin and class into the frame `key`. */
export function counted({ frame, column, target, bins }: Asked, key: string): string {
  const name = rapidsName(frame);
  const of = `(cols ${name} ${column})`;
  const last = bins ? bins.count - 1 : 0;
  const place = bins ? `(floor (/ (- ${of} ${bins.base}) ${bins.width}))` : of;
  // The largest value stands at the end of the last bin.
  const within = bins ? `(ifelse (> ${place} ${last}) ${last} ${place})` : place;
  return `(assign ${rapidsName(key)} (GB (cbind ${within} (cols ${name} ${target})) [0 1] "nrow" 0 "all"))`;
}

export function readCounts(answer: FrameV3): Split {
  const [place, level, rows] = answer.columns ?? [];
  const counts = new Map<string, Map<string, number>>();
  for (let i = 0; i < answer.rows; i += 1) {
    const [at, name, n] = [cellText(place, i, null), cellText(level, i, null), cellText(rows, i, null)];
    if (at === null || name === null || typeof n !== "number") continue;
    const of = counts.get(String(name)) ?? new Map<string, number>();
    of.set(String(at), n);
    counts.set(String(name), of);
  }
  return { classes: [...counts.keys()], counts };
}

export async function splitByTarget(asked: Asked, signal?: AbortSignal): Promise<Split> {
  const key = `flow_counts_${crypto.randomUUID().replaceAll("-", "")}`;
  await calls.rapids(counted(asked, key), signal);
  try {
    const most = ((asked.bins?.count ?? 1000) + 1) * (MOST_CLASSES + 1);
    return readCounts(await calls.frameRows(key, [0, most], [0, 3], signal));
  } finally {
    void calls.rapids(`(rm ${key})`);
  }
}
