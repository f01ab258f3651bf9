/** Commands about the server itself, and about help: what they show is asked for by their screens. */
import { get, post } from "../rest/client";
import { CommandProblem, plain, text, type Command, type Outcome, type Parameter } from "./command";

const look = (name: string, group: "Admin" | "Help", title: string, help: string, screen: string, parameters: Parameter[] = []): Command => ({
  name, group, title, help, parameters,
  run: (given): Outcome => ({ screen, props: Object.fromEntries(parameters.map((one) => [one.name, plain(given[one.name])])), reads: [] }),
});

export const admin: Command[] = [
  look("getCloud", "Admin", "Show the server", "Shows the server: memory, processors, disk, version.", "cloud"),
  look("getLogFile", "Admin", "Show the log", "Shows the server's log, with search and by severity.", "logs", [
    { name: "node", help: "Only 0: one server, one node." }, { name: "file", help: "Least severity: trace, debug, info, warn, error or fatal." },
  ]),
  look("getTimeline", "Admin", "Show the timeline", "Shows the requests that the server answered last.", "timeline"),
  look("getProfile", "Admin", "Show a profile", "Counts for half a second where the server's threads are.", "profile", [{ name: "depth", help: "Calls of each stack at most." }]),
  look("getStackTrace", "Admin", "Show stack traces", "Shows what each thread of the server is at.", "stacks"),
  look("testNetwork", "Admin", "Test the network", "Measures how fast messages go.", "network"),
  {
    name: "shutdown", group: "Admin", title: "Shut the server down", form: "shutdown", acts: true, help: "Stops the server.",
    parameters: [{ name: "server", help: "Its name, as the page shows it: a command that was not meant for this server does nothing.", required: true }],
    run: async (given) => {
      const { cloud_name: name } = await get<{ cloud_name: string }>("/3/Cloud", { skip_ticks: true });
      if (text(given, "server") !== name) throw new CommandProblem(`This server is called '${name}'; nothing was stopped.`);
      await post("/3/Shutdown");
      return { screen: "done", props: { message: `The server ${name} stops now. What is on this page stays; start the server again to go on.` }, reads: [] };
    },
  },
  look("getHelp", "Help", "Help", "Shows help: topics, commands, examples.", "help", [{ name: "topic", help: "Name of a topic or command." }]),
  look("getEndpoints", "Help", "REST interface", "Shows the routes of the server, and tries them.", "rest", [{ name: "route", help: "Path or name to begin with." }]),
];
