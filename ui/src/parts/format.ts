/** How values look on the page: four significant digits in tables, durations, bytes, counts. Full values stay for copying. */

const MISSING = "–";

/** A number with four significant digits, and none of its whole part lost: 0.8465, 12 346, 1.234e-7; thin gaps between thousands. */
export function number(value: unknown): string {
  if (value === null || value === undefined || value === "") return MISSING;
  if (typeof value === "bigint") return grouped(value.toString());
  const known = typeof value === "number" ? value : Number(value);
  if (typeof value === "string" && Number.isNaN(known)) return value === "NaN" ? MISSING : value;
  if (Number.isNaN(known)) return MISSING;
  if (!Number.isFinite(known)) return known > 0 ? "∞" : "−∞";
  if (Number.isInteger(known) && Math.abs(known) < 1e15) return grouped(String(known));
  const size = Math.abs(known);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return known.toExponential(3).replace("e+", "e");
  return grouped(String(size >= 1000 ? Math.round(known) : Number(known.toPrecision(4))));
}

function grouped(digits: string): string {
  const [whole = "", rest] = digits.split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
  return rest === undefined ? spaced : `${spaced}.${rest}`;
}

/** All digits of a value, for copying and for hints. */
export function full(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** 340 ms, 1.2 s, 3 min 5 s, 2 h 10 min. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return MISSING;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${Math.round((ms % MINUTE) / SECOND)} s`;
  return `${Math.floor(ms / HOUR)} h ${Math.round((ms % HOUR) / MINUTE)} min`;
}

/** 512 B, 1.2 KB, 3.4 GB: thousands, as disks and files are measured. */
export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  let size = count;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 99.5 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** A part of one as a percentage: 0 %, 12.3 %, < 0.1 %. */
export function percent(part: number): string {
  if (!Number.isFinite(part)) return MISSING;
  if (part > 0 && part < 0.001) return "< 0.1 %";
  return `${Number((part * 100).toFixed(1))} %`;
}

/** "1 row", "3 rows". */
export function count(n: number, thing: string, things = `${thing}s`): string {
  return `${number(n)} ${n === 1 ? thing : things}`;
}

/** Time of day to the second. */
export function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** Time of day, with the date where it is not today. */
export function moment(ms: number): string {
  const then = new Date(ms);
  const today = then.toDateString() === new Date().toDateString();
  const time = then.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  return today ? time : `${then.toLocaleDateString()} ${time}`;
}

/** A key of a new object: the stem and the time, as no other object has. */
export function freshKey(stem: string): string {
  return `${stem}-${crypto.randomUUID()}`;
}
