/** The REST interface: all routes with their fields, from the server's own metadata, and a form that tries them. */
import type { JSX } from "preact";
import { useId, useMemo, useState } from "preact/hooks";
import type { Props } from "../../commands/command";
import { useCell } from "../../notebook/context";
import { saveBlob } from "../../notebook/files";
import { Button, Loaded, Problem, Search, Tabs } from "../../parts/controls";
import { duration } from "../../parts/format";
import { confirm } from "../../parts/overlays";
import { Table, type Column } from "../../parts/Table";
import { toast } from "../../parts/toasts";
import { schema } from "../../rest/calls";
import { download, get, request } from "../../rest/client";
import { useQuery } from "../../rest/query";
import type { FieldMetadataV3, MetadataV3, RouteV3 } from "../../rest/schemas";
import { findRoutes, inputs, nameOf, requestOf, shownAnswer } from "./routes";

const MOST_TEXT = 60_000;
const MOST_ROUTES = 300;
const BYTES = "StreamingSchema";
const FIRST_ROUTE = "GET /3/Cloud";

const FIELDS: Column<FieldMetadataV3>[] = [
  { key: "name", title: "Field", width: 200, value: (field) => field.name },
  { key: "type", title: "Type", width: 130, value: (field) => field.type },
  { key: "direction", title: "Direction", width: 92, value: (field) => (field.direction ?? "").toLowerCase() },
  { key: "value", title: "Default", width: 110, value: (field) => (field.value === null || typeof field.value === "object" ? "" : String(field.value)) },
  { key: "help", title: "Meaning", width: 460, value: (field) => field.help },
];

function Schema({ name }: { name: string }): JSX.Element {
  const query = useQuery((signal) => schema(name, signal), [name]);
  return <Loaded query={query}>{(found) => <Table label={`Fields of ${name}`} columns={FIELDS} rows={found?.fields ?? []} height={420} />}</Loaded>;
}

function Answered({ answer, took }: { answer: unknown; took: number }): JSX.Element {
  const { text, cut } = useMemo(() => shownAnswer(answer, MOST_TEXT), [answer]);
  const whole = (): Blob => new Blob([shownAnswer(answer, Infinity).text], { type: "application/json" });
  return (
    <section class="column">
      <div class="row"><h3 class="grow">Answer</h3><span class="soft">{duration(took)}</span><Button icon="download" onClick={() => saveBlob(whole(), "answer.json")}>Save</Button></div>
      <pre class="code answer" tabIndex={0} role="region" aria-label="Answer">{text}</pre>
      {cut && <p class="soft">The rest is left out here; “Save” gives it all.</p>}
    </section>
  );
}

function Try({ route, fields }: { route: RouteV3; fields: readonly FieldMetadataV3[] }): JSX.Element {
  const id = useId();
  const values = useCell().kept<Record<string, string>>(`try ${nameOf(route)}`, {});
  const [answer, setAnswer] = useState<{ answer: unknown; took: number } | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const asked = inputs(route, fields);
  const { path, parameters, lacking } = requestOf(route, values.value);
  const method = route.http_method ?? "GET";
  const isBytes = route.output_schema === BYTES;
  const run = async (): Promise<void> => {
    if (method !== "GET" && method !== "HEAD" && !(await confirm(`Send ${method} ${path}?`, "It may change what is on the server.", "Send it"))) return;
    setBusy(true);
    setProblem(null);
    const began = performance.now();
    try {
      if (isBytes && method === "GET") {
        saveBlob(await download(path, parameters), path.split("/").pop() || "answer");
        toast("Saved the answer.");
      } else setAnswer({ answer: await request<unknown>(method, path, parameters), took: performance.now() - began });
    } catch (error) {
      setProblem(error as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="column" onSubmit={(event) => { event.preventDefault(); if (!lacking.length && !busy) void run(); }}>
      {asked.length > 0 && (
        <div class="fields">
          {asked.map((field) => {
            const name = field.name ?? "";
            const set = (value: string): void => void (values.value = { ...values.value, [name]: value });
            const options = field.type === "boolean" ? ["true", "false"] : field.values?.length ? field.values : null;
            return (
              <div key={name} class="field">
                <label for={`${id}${name}`} class="mono">{name}{(field.required || (route.path_params ?? []).includes(name)) && " *"}</label>
                {options ? (
                  <select id={`${id}${name}`} value={values.value[name] ?? ""} onChange={(event) => set(event.currentTarget.value)}>
                    <option value="">not sent</option>
                    {options.map((one) => <option key={one}>{one}</option>)}
                  </select>
                ) : <input id={`${id}${name}`} class="mono" spellcheck={false} autocomplete="off" value={values.value[name] ?? ""} placeholder={field.type ?? ""} onInput={(event) => set(event.currentTarget.value)} />}
                <span class="help">{field.help}</span>
              </div>
            );
          })}
        </div>
      )}
      <div class="row">
        <Button kind={method === "DELETE" ? "danger" : "main"} icon="run" disabled={busy || lacking.length > 0} onClick={() => void run()}>{isBytes ? "Download" : "Send"}</Button>
        <code class="clip">{method} {path}</code>
        {lacking.length > 0 && <span class="soft">Give {lacking.join(" and ")}.</span>}
      </div>
      {problem && <Problem error={problem} />}
      {answer && <Answered {...answer} />}
    </form>
  );
}

function Route({ route }: { route: RouteV3 }): JSX.Element {
  const [input, output] = [route.input_schema ?? "", route.output_schema ?? ""];
  const cell = useCell();
  const names = ["Try it", ...(input ? ["Takes"] : []), ...(output && output !== BYTES ? ["Answers"] : [])];
  const tab = cell.kept("tab", "Try it");
  const query = useQuery((signal) => schema(input, signal).catch(() => null), [input]);
  return (
    <section class="column rest-route">
      <div class="screen-head"><h3 class="mono">{nameOf(route)}</h3><span class="soft">{route.api_name}</span></div>
      <p>{route.summary}</p>
      <Tabs names={names} chosen={tab} label={`Parts of ${nameOf(route)}`}>
        {tab.value === "Takes" ? <Schema name={input} /> : tab.value === "Answers" && names.includes("Answers") ? <Schema name={output} /> : query.loading ? null : <Try key={nameOf(route)} route={route} fields={query.data?.fields ?? []} />}
      </Tabs>
    </section>
  );
}

export default function Rest({ props }: { props: Props }): JSX.Element {
  const cell = useCell();
  const typed = cell.kept("search", String(props["route"] ?? ""));
  const chosen = cell.kept("route", FIRST_ROUTE);
  const query = useQuery((signal) => get<MetadataV3>("/3/Metadata/endpoints", {}, { signal }), []);
  return (
    <div class="screen">
      <div class="screen-head"><h2>REST interface</h2><span class="soft">Everything that this page does, it does by these routes; so can any program.</span></div>
      <Loaded query={query}>
        {(answer) => {
          const routes = [...(answer.routes ?? [])].sort((a, b) => (a.url_pattern ?? "").localeCompare(b.url_pattern ?? ""));
          const found = findRoutes(routes, typed.value);
          const route = found.find((one) => nameOf(one) === chosen.value) ?? found[0];
          return (
            <div class="rest">
              <div class="column">
                <Search label="Search routes" value={typed.value} onInput={(next) => (typed.value = next)} />
                <ul class="rest-routes" aria-label="Routes">
                  {found.slice(0, MOST_ROUTES).map((one) => (
                    <li key={nameOf(one)}>
                      <button type="button" aria-current={one === route ? "true" : undefined} onClick={() => (chosen.value = nameOf(one))} title={one.summary ?? ""}>
                        <span class={`verb ${one.http_method}`}>{one.http_method}</span><span class="mono clip">{one.url_pattern}</span>
                      </button>
                    </li>
                  ))}
                </ul>
                <span class="soft">{found.length} of {routes.length} routes</span>
              </div>
              {route ? <Route key={nameOf(route)} route={route} /> : <p class="soft">No route has that in its path or its description.</p>}
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}
