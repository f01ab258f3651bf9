/** Reading what the server tells of its machine. */

/** Shares of a processor's time between two readings of its ticks: user, system, other, idle. */
export function shares(before: readonly number[] | undefined, now: readonly number[]): number[] {
  const spent = now.map((ticks, i) => Math.max(ticks - (before?.[i] ?? 0), 0));
  const all = spent.reduce((a, b) => a + b, 0);
  return spent.map((ticks) => (all ? ticks / all : 0));
}

export interface LogLine {
  i: number;
  time: string;
  level: string;
  text: string;
}

const LEVEL = /\b(TRACE|DEBUG|INFO|WARN(?:ING)?|ERRR|ERROR|FATAL|CRITICAL)\b/;

/** Number of the process and severity, which are told elsewhere. */
const PREFIX = /^\d+ [A-Z]+ (?=\S)/;

/** Lines of a log; a line without a time of its own belongs to the one before. */
export function readLog(log: string): LogLine[] {
  const lines: LogLine[] = [];
  for (const raw of log.split("\n")) {
    if (!raw.trim()) continue;
    const time = /^((?:\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d\S*)/.exec(raw)?.[1] ?? "";
    const last = lines[lines.length - 1];
    if (!time && last && /^\s/.test(raw)) last.text += `\n${raw}`;
    else {
      const rest = raw.slice(time.length).trim();
      const level = LEVEL.exec(rest.slice(0, 60))?.[1] ?? "";
      lines.push({ i: lines.length + 1, time, level: level === "WARNING" ? "WARN" : level === "ERRR" ? "ERROR" : level, text: rest.replace(PREFIX, "") });
    }
  }
  return lines;
}
