/** Routes of the server: finding them, their fields, and the request that a filled form stands for. */
import type { Parameters } from "../../rest/client";
import type { FieldMetadataV3, RouteV3 } from "../../rest/schemas";

/** Name of a route by which it is remembered: methods share paths. */
export function nameOf(route: RouteV3): string {
  return `${route.http_method} ${route.url_pattern}`;
}

/** Routes that hold all words, those whose path begins with the first one before the others. */
export function findRoutes(routes: readonly RouteV3[], typed: string): RouteV3[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (route: RouteV3): string => `${nameOf(route)} ${route.api_name} ${route.summary}`.toLowerCase();
  return routes.filter((route) => words.every((word) => text(route).includes(word)));
}

/** Fields that a request takes; those of the path first. */
export function inputs(route: RouteV3, fields: readonly FieldMetadataV3[]): FieldMetadataV3[] {
  const path = new Set(route.path_params ?? []);
  const taken = fields.filter((field) => field.direction !== "OUTPUT" && !(field.name ?? "").startsWith("_") && field.name !== "__meta");
  const known = new Set(taken.map((field) => field.name));
  const missing = [...path].filter((name) => !known.has(name)).map((name) => ({ name, type: "string", help: "Part of the path.", required: true, values: [] }) as unknown as FieldMetadataV3);
  return [...missing, ...taken].sort((a, b) => Number(path.has(b.name ?? "")) - Number(path.has(a.name ?? "")));
}

/** Path and parameters of the request; names of parts of the path that are not given. */
export function requestOf(route: RouteV3, values: Readonly<Record<string, string>>): { path: string; parameters: Parameters; lacking: string[] } {
  const lacking: string[] = [];
  const used = new Set<string>();
  const path = (route.url_pattern ?? "").replace(/\{(\w+)\}/g, (_, name: string) => {
    used.add(name);
    const value = values[name] ?? "";
    if (!value) lacking.push(name);
    return encodeURIComponent(value);
  });
  const parameters: Parameters = {};
  for (const [name, value] of Object.entries(values)) if (value !== "" && !used.has(name)) parameters[name] = value;
  return { path, parameters, lacking };
}

/** An answer as indented text, cut where it would be too long to show. */
export function shownAnswer(answer: unknown, most: number): { text: string; cut: boolean } {
  const text = JSON.stringify(answer, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 2) ?? "";
  return text.length > most ? { text: text.slice(0, most), cut: true } : { text, cut: false };
}
