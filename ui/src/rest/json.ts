/** JSON that keeps 64-bit integers: seeds are larger than a number can hold exactly, so those become BigInt. */

const LONG = /[[:,]\s*-?\d{16,}\s*[,}\]]/;

interface WithSource {
  source?: string;
}

/** Parses JSON; integers that a number cannot hold become BigInt where the browser shows their digits. */
export function parseJson(text: string): unknown {
  if (!LONG.test(text)) return JSON.parse(text);
  const revive = (_key: string, value: unknown, context?: WithSource): unknown => {
    const digits = context?.source;
    if (typeof value === "number" && !Number.isSafeInteger(value) && digits && /^-?\d+$/.test(digits)) return BigInt(digits);
    return value;
  };
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown);
}

/** JSON of any value, BigInts as plain integers; `indent` as of JSON.stringify. */
export function toJson(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  const parts = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${JSON.stringify(key)}:${toJson(item)}`);
  return `{${parts.join(",")}}`;
}
