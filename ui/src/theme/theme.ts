/** Light or dark: the system's wish unless the reader chose; and the colours that charts draw with. */
import { effect, signal } from "@preact/signals";

export type Theme = "light" | "dark";
type Choice = Theme | "system";

const KEY = "flow.theme";
const system = typeof matchMedia === "undefined" ? null : matchMedia("(prefers-color-scheme: dark)");

export const choice = signal<Choice>("system");
export const theme = signal<Theme>("light");

function read(): Choice {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function startTheme(): void {
  choice.value = read();
  const apply = (): void => {
    theme.value = choice.value === "system" ? (system?.matches ? "dark" : "light") : choice.value;
  };
  system?.addEventListener("change", apply);
  effect(apply);
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
  });
}

export function switchTheme(): void {
  choice.value = theme.value === "dark" ? "light" : "dark";
  localStorage.setItem(KEY, choice.value);
}

/** The value of one of the theme's variables, such as "--accent", for what is drawn on a canvas. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const SERIES = 10;

/** The name of the variable of the i-th categorical colour. */
export function seriesVariable(i: number): string {
  return `--series-${i % SERIES}`;
}

const given = new Map<string, number>();

function placeOf(name: string): number {
  // The models of cross-validation's folds go by the colour of their model.
  const whole = name.replace(/_cv_\d+$/, "");
  let i = given.get(whole);
  if (i === undefined) {
    i = given.size;
    given.set(whole, i);
  }
  return i;
}

/** The colour of a model (or whatever has a name): the same one wherever it is drawn. */
export function colourOf(name: string): string {
  return seriesVariable(placeOf(name));
}

/** How often all colours were given before the name's: lines of one colour are told apart by it. */
export function patternOf(name: string): number {
  return Math.floor(placeOf(name) / SERIES);
}
