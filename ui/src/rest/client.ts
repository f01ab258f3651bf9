/** One request to the server: parameters, token, errors of one kind. What is asked lives in calls.ts. */
import { signal } from "@preact/signals";
import { parseJson, toJson } from "./json";

export type Value = string | number | bigint | boolean | null | undefined | readonly unknown[] | object;
export type Parameters = Record<string, Value>;

/** An answer that says no, or no answer at all (status 0). */
export class RestError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly method: string,
    readonly path: string,
    readonly stackLines: readonly string[] = [],
    readonly body: unknown = null,
  ) {
    super(message);
    this.name = "RestError";
  }
}

/** Whether the last request reached the server. */
export const reachable = signal(true);
/** Whether the server asked for its token and none that fits is known. */
export const wantsToken = signal(false);

const TOKEN = "flow.token";

export function token(): string {
  return sessionStorage.getItem(TOKEN) ?? "";
}

export function setToken(value: string): void {
  sessionStorage.setItem(TOKEN, value);
  wantsToken.value = false;
}

/** Where the server's routes begin: the page lies at BASE/flow/index.html. */
export function base(): string {
  return new URL("..", document.baseURI).href.replace(/\/$/, "");
}

/** One part of a path. */
export function part(text: string): string {
  return encodeURIComponent(text);
}

function written(value: Value): string {
  if (typeof value === "object" && value !== null) return toJson(value);
  return String(value);
}

/** Parameters as the server reads them: lists and objects as JSON; undefined and null are left out. */
export function encode(parameters: Parameters): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null) form.append(name, written(value));
  }
  return form.toString();
}

export interface Options {
  signal?: AbortSignal | undefined;
  /** The body is one JSON object instead of a form. */
  json?: boolean;
  /** A body that goes as it is, such as a form with files. */
  body?: BodyInit;
}

function headers(extra: Record<string, string> = {}): Record<string, string> {
  const known = token();
  return known ? { ...extra, Authorization: `Bearer ${known}` } : extra;
}

async function send(method: string, path: string, parameters: Parameters, options: Options): Promise<Response> {
  let address = base() + path;
  // Without credentials the browser leaves asking for the token to this page.
  const init: RequestInit = { method, headers: headers(), signal: options.signal ?? null, credentials: "omit" };
  if (options.body !== undefined) init.body = options.body;
  else if (method === "POST" && options.json) {
    init.body = toJson(parameters);
    init.headers = headers({ "Content-Type": "application/json" });
  } else if (method === "POST") {
    init.body = encode(parameters);
    init.headers = headers({ "Content-Type": "application/x-www-form-urlencoded" });
  } else {
    const query = encode(parameters);
    if (query) address += `?${query}`;
  }
  try {
    const response = await fetch(address, init);
    reachable.value = true;
    return response;
  } catch (problem) {
    if (options.signal?.aborted) throw problem;
    reachable.value = false;
    throw new RestError("The server does not answer. It may have been stopped; this page tries again by itself.", 0, method, path);
  }
}

function lines(stack: unknown): string[] {
  return Array.isArray(stack) ? stack.map(String) : [];
}

function told(text: string): { message: string; stack: string[]; body: unknown } {
  try {
    const body = parseJson(text) as Record<string, unknown>;
    const message = body["msg"] ?? body["exception_msg"] ?? body["error"];
    return { message: typeof message === "string" ? message : text.slice(0, 300), stack: lines(body["stacktrace"]), body };
  } catch {
    return { message: text.slice(0, 300), stack: [], body: null };
  }
}

async function checked(response: Response, method: string, path: string): Promise<Response> {
  if (response.ok) return response;
  const { message, stack, body } = told(await response.text());
  if (response.status === 401) wantsToken.value = true;
  throw new RestError(message || `The server answered ${response.status}.`, response.status, method, path, stack, body);
}

/** Sends a request and gives the JSON of its answer. Raises RestError; an aborted request raises an AbortError. */
export async function request<T>(method: string, path: string, parameters: Parameters = {}, options: Options = {}): Promise<T> {
  const response = await checked(await send(method, path, parameters, options), method, path);
  return parseJson(await response.text()) as T;
}

/** Sends a GET and gives the answer's bytes, for downloads under a token. */
export async function download(path: string, parameters: Parameters = {}): Promise<Blob> {
  const response = await checked(await send("GET", path, parameters, {}), "GET", path);
  return response.blob();
}

export const get = <T>(path: string, parameters?: Parameters, options?: Options): Promise<T> =>
  request<T>("GET", path, parameters, options);
export const post = <T>(path: string, parameters?: Parameters, options?: Options): Promise<T> =>
  request<T>("POST", path, parameters, options);
export const remove = <T>(path: string, parameters?: Parameters, options?: Options): Promise<T> =>
  request<T>("DELETE", path, parameters, options);

/** Sends a file with its progress, 0 to 1; fetch tells none for uploads. */
export function upload<T>(path: string, file: File, progress: (done: number) => void, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest();
    sent.open("POST", base() + path);
    for (const [name, value] of Object.entries(headers())) sent.setRequestHeader(name, value);
    sent.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    sent.onerror = () => reject(new RestError("The server does not answer.", 0, "POST", path));
    sent.onload = () => {
      if (sent.status < 300) return resolve(parseJson(sent.responseText) as T);
      const { message, stack, body } = told(sent.responseText);
      reject(new RestError(message, sent.status, "POST", path, stack, body));
    };
    signal?.addEventListener("abort", () => sent.abort());
    const form = new FormData();
    form.append("file", file, file.name);
    sent.send(form);
  });
}
