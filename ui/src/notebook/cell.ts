/** One cell: its text, what running it came to, and whether that still stands. */
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { CommandProblem, type Outcome } from "../commands/command";
import { execute } from "../commands/registry";
import { commandsOf, type Scope } from "../language/evaluate";
import type { CellType } from "../language/document";
import { SyntaxProblem } from "../language/tree";
import { changes, gone, isThere } from "../rest/objects";

export type State = "idle" | "running" | "done" | "failed";

let made = 0;

export class Cell {
  readonly id = `c${(made += 1)}`;
  readonly type: Signal<CellType>;
  readonly input: Signal<string>;
  readonly state = signal<State>("idle");
  readonly outcomes = signal<readonly Outcome[]>([]);
  readonly problem = signal<Error | null>(null);
  /** When it last ran, in ms since 1970; 0: never. */
  readonly ranAt = signal(0);
  /** Text of the last run: a later edit makes the result stale. */
  readonly ranInput = signal("");
  readonly tookMs = signal(0);
  readonly showsInput = signal(true);
  readonly showsOutput = signal(true);
  /** Input shown as one line until it is edited: its command was written by a click. */
  readonly folded = signal(false);
  /** What screens keep while they are out of sight: chosen tab, order, search. */
  readonly memory = new Map<string, Signal<unknown>>();
  /** Height of the output when it was last on the page. */
  height = 0;
  readonly stale: ReadonlySignal<boolean>;
  /** Objects that the result stands on, as "kind:key", and that have gone from the server since it ran. */
  readonly missing: ReadonlySignal<readonly string[]>;

  constructor(type: CellType, input: string) {
    this.type = signal(type);
    this.input = signal(input);
    this.stale = computed(() => {
      if (this.type.value !== "cs" || this.ranAt.value === 0 || this.state.value === "running") return false;
      if (this.input.value !== this.ranInput.value) return true;
      return this.outcomes.value.some((outcome) => {
        const moved = outcome.follows ? gone.value : changes.value;
        return outcome.reads.some((key) => (moved.get(key) ?? 0) > this.ranAt.value);
      });
    });
    this.missing = computed(() => {
      if (this.ranAt.value === 0) return [];
      const stood = new Set(this.outcomes.value.flatMap((outcome) => outcome.reads));
      return [...stood].filter((key) => (gone.value.get(key) ?? 0) > this.ranAt.value && !isThere(key));
    });
  }

  get isCode(): boolean {
    return this.type.value === "cs";
  }

  /** Runs the commands one after the other; what went wrong stays in `problem`. Gives whether all went well. */
  async run(scope: Scope): Promise<boolean> {
    if (!this.isCode) return true;
    const began = Date.now();
    this.state.value = "running";
    this.problem.value = null;
    this.ranInput.value = this.input.value;
    const found: Outcome[] = [];
    try {
      for (const call of commandsOf(this.input.value, scope)) found.push(await execute(call));
      this.state.value = "done";
    } catch (problem) {
      this.problem.value = problem instanceof Error ? problem : new Error(String(problem));
      this.state.value = "failed";
    }
    this.memory.clear();
    this.outcomes.value = found;
    this.tookMs.value = Date.now() - began;
    this.ranAt.value = Date.now();
    return this.state.value === "done";
  }

  clear(): void {
    this.outcomes.value = [];
    this.problem.value = null;
    this.state.value = "idle";
    this.ranAt.value = 0;
    this.height = 0;
  }

  /** A value that outlives the screen that shows it. */
  kept<T>(name: string, first: T): Signal<T> {
    const found = this.memory.get(name) ?? signal<unknown>(first);
    this.memory.set(name, found);
    return found as Signal<T>;
  }
}

/** Whether the text was wrong, rather than the server's answer. */
export function isOurs(problem: Error): boolean {
  return problem instanceof SyntaxProblem || problem instanceof CommandProblem;
}
