/** Screens by name, each loaded when a command first shows it. To add one: a folder here, and a line below. */
import type { ComponentType } from "preact";
import type { Props } from "../commands/command";

export type Screen = ComponentType<{ props: Props }>;
type Loader = () => Promise<{ default: Screen }>;

export const screens: Record<string, Loader> = {
  home: () => import("./home/Home"),
  import: () => import("./import/Import"),
  imported: () => import("./import/Imported"),
  parse: () => import("./parse/Parse"),
  job: () => import("./job/Job"),
  jobs: () => import("./job/Jobs"),
  frames: () => import("./frame/Frames"),
  frame: () => import("./frame/Frame"),
  column: () => import("./column/Column"),
  split: () => import("./frame/Split"),
  models: () => import("./model/Models"),
  model: () => import("./model/Model"),
  build: () => import("./build/Build"),
  predict: () => import("./predict/Predict"),
  prediction: () => import("./predict/Prediction"),
  scored: () => import("./predict/Scored"),
  predictions: () => import("./predict/Predictions"),
  automl: () => import("./automl/AutoML"),
  leaderboard: () => import("./automl/Leaderboard"),
  grids: () => import("./grid/Grids"),
  grid: () => import("./grid/Grid"),
  compare: () => import("./compare/Compare"),
  inspect: () => import("./inspect/Inspect"),
  form: () => import("./form/Form"),
  partial: () => import("./partial/Partial"),
  cloud: () => import("./admin/Cloud"),
  logs: () => import("./admin/Logs"),
  timeline: () => import("./admin/Timeline"),
  profile: () => import("./admin/Profile"),
  stacks: () => import("./admin/Stacks"),
  network: () => import("./admin/Network"),
  shutdown: () => import("./admin/Shutdown"),
  rest: () => import("./rest/Rest"),
  help: () => import("./help/Help"),
  done: () => import("./done/Done"),
};

const ready = new Map<string, Screen>();

/** The screen, if it was loaded before. */
export function loadedScreen(name: string): Screen | undefined {
  return ready.get(name);
}

export async function loadScreen(name: string): Promise<Screen> {
  const load = screens[name];
  if (!load) throw new Error(`There is no screen '${name}'.`);
  const screen = (await load()).default;
  ready.set(name, screen);
  return screen;
}
