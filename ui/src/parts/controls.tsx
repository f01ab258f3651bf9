/** Buttons, tabs, menus, notes: the small parts that all screens share. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Signal } from "@preact/signals";
import { RestError } from "../rest/client";
import { Icon, type IconName } from "./icons";

interface ButtonProps {
  children?: ComponentChildren;
  icon?: IconName;
  /** What it does, where the icon alone stands for it. */
  label?: string;
  kind?: "plain" | "main" | "quiet" | "danger";
  disabled?: boolean;
  pressed?: boolean;
  hint?: string;
  onClick?: (event: MouseEvent) => void;
}

export function Button({ children, icon, label, kind = "plain", disabled, pressed, hint, onClick }: ButtonProps): JSX.Element {
  return (
    <button type="button" class={`button ${kind}${children ? "" : " bare"}`} disabled={disabled} aria-label={label} aria-pressed={pressed} title={hint ?? label} onClick={onClick}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** Tabs of a result; the chosen one is kept by the cell. Arrow keys go from tab to tab. */
export function Tabs({ names, chosen, children, label }: { names: readonly string[]; chosen: Signal<string>; children: ComponentChildren; label: string }): JSX.Element {
  const id = useId();
  const now = names.includes(chosen.value) ? chosen.value : (names[0] ?? "");
  const go = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    chosen.value = names[(names.indexOf(now) + by + names.length) % names.length] as string;
    (event.currentTarget as HTMLElement).querySelector<HTMLElement>(`[data-tab="${CSS.escape(chosen.value)}"]`)?.focus();
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} data-keys onKeyDown={go}>
        {names.map((name) => (
          <button key={name} type="button" role="tab" data-tab={name} id={`${id}-${name}`} aria-selected={name === now} aria-controls={`${id}-panel`} tabIndex={name === now ? 0 : -1} onClick={() => (chosen.value = name)}>
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${now}`}>
        {children}
      </div>
    </div>
  );
}

export interface MenuItem {
  title: string;
  keys?: string;
  run?: () => void;
  danger?: boolean;
  line?: boolean;
}

/** A button that shows a list of actions. */
export function Menu({ title, icon, items, label, kind = "quiet" }: { title?: string; icon?: IconName; items: () => MenuItem[]; label: string; kind?: ButtonProps["kind"] }): JSX.Element {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const keys = (event: KeyboardEvent): void => {
    if (!open) return;
    const all = [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape" || event.key === "Tab") {
      setOpen(false);
      box.current?.querySelector("button")?.focus();
    } else if (event.key === "ArrowDown") all[(at + 1) % all.length]?.focus();
    else if (event.key === "ArrowUp") all[(at - 1 + all.length) % all.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="menu" ref={box} onKeyDown={keys} data-keys={open ? "" : undefined}>
      <button type="button" class={`button ${kind}${title ? "" : " bare"}`} aria-haspopup="menu" aria-expanded={open} aria-label={title ? undefined : label} title={label} onClick={() => setOpen(!open)}>
        {icon && <Icon name={icon} />}
        {title}
      </button>
      {open && (
        <div role="menu" aria-label={label} class="menu-list">
          {items().map((item) => (
            <button key={item.title} type="button" role="menuitem" tabIndex={-1} class={`${item.danger ? "danger" : ""}${item.line ? " line" : ""}`} onClick={() => { setOpen(false); item.run?.(); }}>
              <span class="grow">{item.title}</span>
              {item.keys && <kbd>{item.keys}</kbd>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** What went wrong, what to do, and the trace folded away. */
export function Problem({ error, retry }: { error: Error; retry?: () => void }): JSX.Element {
  const trace = error instanceof RestError ? error.stackLines : [];
  return (
    <div class="note bad" role="alert">
      <Icon name="warn" />
      <div class="grow">
        <p>{error.message}</p>
        {error instanceof RestError && error.status > 0 && <p class="soft mono">{`${error.method} ${error.path} · ${error.status}`}</p>}
        {trace.length > 0 && (
          <details>
            <summary>Trace</summary>
            <pre>{trace.join("\n")}</pre>
          </details>
        )}
      </div>
      {retry && <Button onClick={retry}>Try again</Button>}
    </div>
  );
}

export function Note({ children, tone = "plain" }: { children: ComponentChildren; tone?: "plain" | "warn" | "good" }): JSX.Element {
  return <div class={`note ${tone}`}>{children}</div>;
}

/** A place that is being filled. */
export function Skeleton({ lines = 4 }: { lines?: number }): JSX.Element {
  return (
    <div class="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, i) => <span key={i} />)}
    </div>
  );
}

/** The answer of a query: a skeleton first, then the answer, or what went wrong. */
export function Loaded<T>({ query, children }: { query: { data: T | null; error: Error | null; refresh: () => void }; children: (data: T) => ComponentChildren }): JSX.Element {
  if (query.data !== null) return <>{children(query.data)}</>;
  return query.error ? <Problem error={query.error} retry={query.refresh} /> : <Skeleton />;
}

/** The few numbers that matter, large. */
export function Figures({ items }: { items: readonly { title: string; value: string; hint?: string }[] }): JSX.Element {
  return (
    <dl class="figures">
      {items.map((item) => (
        <div key={item.title} title={item.hint}>
          <dt>{item.title}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A choice of few, side by side. */
export function Choice<T extends string>({ label, options, value, onChange }: { label: string; options: readonly T[]; value: T; onChange: (value: T) => void }): JSX.Element {
  return (
    <div class="choice" role="group" aria-label={label}>
      {options.map((option) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChange(option)}>
          {option}
        </button>
      ))}
    </div>
  );
}

/** A search box. */
export function Search({ value, onInput, label, placeholder }: { value: string; onInput: (value: string) => void; label: string; placeholder?: string }): JSX.Element {
  return (
    <label class="search">
      <Icon name="search" />
      <input type="search" value={value} aria-label={label} placeholder={placeholder ?? label} spellcheck={false} autocomplete="off"
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => { if (event.key === "Escape" && !value) event.currentTarget.blur(); }} />
    </label>
  );
}

/** A bar that fills with progress; without a known part it only moves. */
export function Progress({ part, label }: { part: number | null; label: string }): JSX.Element {
  return <progress class="progress" aria-label={label} max={1} {...(part === null ? {} : { value: part })} />;
}

/** A key of an object that opens it. */
export function KeyLink({ children, onOpen }: { children: ComponentChildren; onOpen: () => void }): JSX.Element {
  return (
    <button type="button" class="link mono" onClick={(event) => { event.stopPropagation(); onOpen(); }}>
      {children}
    </button>
  );
}
