/** All commands by name, and running a call: binding its arguments, opening its form when required ones are missing. */
import { Call } from "../language/print";
import { bind, CommandProblem, missing, plain, type Command, type Outcome, type Props } from "./command";
import { admin } from "./admin";
import { data } from "./data";
import { examining } from "./examining";
import { looking } from "./looking";
import { modelling } from "./modelling";
import { scored } from "./scored";
import { scoring } from "./scoring";

export const commands: readonly Command[] = [...looking, ...data, ...modelling, ...scoring, ...scored, ...examining, ...admin];
const byName = new Map(commands.map((command) => [command.name, command]));

export function find(name: string): Command | undefined {
  return byName.get(name);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** A command's name near a wrong one, as a sentence; empty when there is none near. */
function near(name: string): string {
  const wanted = name.toLowerCase();
  const best = [...byName.keys()].map((known) => ({ known, far: distance(wanted, known.toLowerCase()) })).sort((a, b) => a.far - b.far)[0];
  return best && best.far <= Math.max(2, name.length / 3) ? ` Did you mean ${best.known}?` : "";
}

function formOf(command: Command, given: Record<string, unknown>): Outcome {
  const props: Props = {};
  for (const [name, value] of Object.entries(given)) props[name] = plain(value as never);
  return { screen: command.form as string, props: { ...props, command: command.name }, reads: [] };
}

/** Runs a call. Raises CommandProblem when it is wrong, RestError when the server says no. */
export async function execute(call: Call): Promise<Outcome> {
  const command = find(call.name);
  if (!command) throw new CommandProblem(`There is no command '${call.name}'.${near(call.name)}`);
  if (call.name === "assist") return assist(call);
  const given = bind(command, call.args);
  const lacking = missing(command, given);
  if (lacking.length && command.form) return formOf(command, given);
  if (lacking.length) throw new CommandProblem(`${call.name} needs ${lacking.map((name) => `'${name}'`).join(" and ")}.`);
  return command.run(given);
}

/** `assist` shows where to begin; `assist f, …` shows the form of command f with those arguments. */
function assist(call: Call): Outcome {
  const [first, ...rest] = call.args;
  if (first === undefined || first === null) return { screen: "home", props: {}, reads: [] };
  const name = first instanceof Call ? first.name : String(first);
  const command = find(name);
  if (!command) throw new CommandProblem(`There is no command '${name}'.${near(name)}`);
  if (!command.form) throw new CommandProblem(`${name} asks for nothing: run it as it is.`);
  return formOf(command, bind(command, rest));
}
