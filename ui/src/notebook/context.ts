/** What a screen knows of the cell it stands in: where to keep things, and how to open another command below it. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Call, type Argument } from "../language/print";
import { Cell } from "./cell";
import { open } from "./notebook";

export const CellContext = createContext<Cell | null>(null);

const loose = new Cell("cs", "");

/** The cell around a component; parts outside of the notebook share one that stands nowhere. */
export function useCell(): Cell {
  return useContext(CellContext) ?? loose;
}

/** Opens the form of a command, with what is known already: `assist buildModel, …`. */
export function useAssist(): (name: string, ...args: Argument[]) => void {
  const open = useOpen();
  return (name, ...args) => open("assist", new Call(name, []), ...args);
}

/** Opens a command in a new cell below this one: what a click on a screen does. */
export function useOpen(): (name: string, ...args: Argument[]) => void {
  const cell = useContext(CellContext);
  return (name, ...args) => {
    open(new Call(name, args), cell ?? undefined);
  };
}
