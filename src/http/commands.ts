/** Commands and desired state of one device by REST [C, D]. */
import * as body from "../protocol/body.ts";
import type { ArgsOf } from "../hub/call.ts";
import { API, ask, DEVICE, of, sendCommand, tagged } from "./asking.ts";
import { readMatch } from "./conditions.ts";
import type { Answer, Asked, Route } from "./route.ts";

export const commands: Route[] = [
  {
    method: "POST",
    path: `${DEVICE}/commands`,
    tag: "Commands",
    who: "operator",
    summary: "Send a command; with Prefer: wait=10 the answer is its outcome",
    body: body.newCommand,
    status: 202,
    answer: "the record",
    shows: "Command",
    waits: true,
    run: (asked) => sendCommand(asked, asked.body),
  },
  {
    method: "GET",
    path: `${DEVICE}/commands`,
    tag: "Commands",
    who: "viewer",
    summary: "The ledger of a device, newest first",
    query: body.page,
    status: 200,
    answer: "{items, next, total}",
    lists: "Command",
    run: (asked) => ask(asked, "list_commands", { ...of(asked), ...asked.query }),
  },
  {
    method: "GET",
    path: `${API}/commands`,
    tag: "Commands",
    who: "viewer",
    summary: "The commands of the devices that a query finds, newest first; next may come with few items",
    query: body.fleetCommands,
    status: 200,
    answer: "{items, next}",
    lists: "Command",
    isUncounted: "always",
    run: (asked) => ask(asked, "list_fleet_commands", asked.query),
  },
  {
    method: "GET",
    path: `${API}/commands/{id}`,
    tag: "Commands",
    who: "viewer",
    summary: "A command's record",
    status: 200,
    answer: "the record",
    shows: "Command",
    run: (asked) => ask(asked, "get_command", { command: asked.params.id }),
  },
  {
    method: "DELETE",
    path: `${API}/commands/{id}`,
    tag: "Commands",
    who: "operator",
    summary: "Cancel a command that is not final",
    status: 202,
    answer: "the record",
    shows: "Command",
    run: (asked) => ask(asked, "cancel_command", { command: asked.params.id }),
  },
  {
    method: "GET",
    path: `${DEVICE}/desired`,
    tag: "Desired state",
    who: "viewer",
    summary: "What is wanted of a device, and what it made of it",
    status: 200,
    answer: "{version, state, applied}",
    shows: "Desired",
    run: async (asked) => tagged(await ask(asked, "get_desired", of(asked))),
  },
  {
    method: "PUT",
    path: `${DEVICE}/desired`,
    tag: "Desired state",
    who: "operator",
    summary: "Replace what is wanted; needs If-Match",
    body: body.desiredState,
    status: 200,
    answer: "{version, state, applied}",
    shows: "Desired",
    matches: true,
    run: (asked) => desire(asked, asked.body),
  },
  {
    method: "PATCH",
    path: `${DEVICE}/desired`,
    tag: "Desired state",
    who: "operator",
    summary: "Merge into what is wanted",
    body: body.desiredPatch,
    status: 200,
    answer: "{version, state, applied}",
    shows: "Desired",
    matches: true,
    run: (asked) => desire(asked, { patch: asked.body, under: [] }),
  },
];

/** [D4] */
async function desire(asked: Asked, change: Pick<ArgsOf<"desire">, "state" | "patch" | "under">): Promise<Answer> {
  const match = readMatch(asked.request.headers);
  if (!match.ok) return match;
  return tagged(await ask(asked, "desire", { ...of(asked), ...change, ifVersion: match.value }));
}
