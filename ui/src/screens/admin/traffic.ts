/** Events of the timeline: "path status 4.4 ms" taken apart. */
export interface Event {
  date: string;
  msg_type: string;
  from: string;
  data: string;
}

export interface Happened {
  time: string;
  method: string;
  path: string;
  status: number | null;
  /** Milliseconds. */
  took: number | null;
  from: string;
}

export function readEvent(event: Event): Happened {
  const found = /^(.*) (\d{3}) ([\d.]+) ms$/.exec(event.data);
  return {
    time: event.date, method: event.msg_type, from: event.from, path: found?.[1] ?? event.data,
    status: found ? Number(found[2]) : null, took: found ? Number(found[3]) : null,
  };
}
