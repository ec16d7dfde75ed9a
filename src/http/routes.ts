/** Every REST call [R], in the order of the contract. */
import * as body from "../protocol/body.ts";
import type { ArgsOf, ValueOf } from "../hub/call.ts";
import { ok } from "../protocol/fault.ts";
import { API, ask, DEVICE, of, sendCommand, tagged } from "./asking.ts";
import { blobs } from "./blobs.ts";
import { readMatch } from "./conditions.ts";
import { control } from "./control.ts";
import { jobs } from "./jobs.ts";
import type { Answer, Asked, Route } from "./route.ts";
import { clearedSession, withSession } from "./session.ts";
import { tables } from "./table.ts";
import { stream } from "./stream.ts";
import { things } from "./things.ts";

const devices: Route[] = [
  {
    method: "POST",
    path: `${API}/devices`,
    tag: "Devices",
    who: "admin",
    summary: "Add a device; its token is shown this once",
    body: body.newDevice,
    status: 201,
    answer: "{device, token, tokenId}",
    run: async (asked) =>
      located(await ask(asked, "create_device", asked.body), ({ device }) => `${API}/devices/${device.id}`),
  },
  {
    method: "GET",
    path: `${API}/devices`,
    tag: "Devices",
    who: "viewer",
    summary: "The devices that a query finds",
    query: body.page,
    status: 200,
    answer: "{items, next, total}",
    lists: "Device",
    run: (asked) => ask(asked, "list_devices", asked.query),
  },
  {
    method: "GET",
    path: DEVICE,
    tag: "Devices",
    who: "viewer",
    summary: "A device with its presence, last values, reported and desired state",
    status: 200,
    answer: "the device",
    shows: "Device",
    run: (asked) => ask(asked, "get_device", of(asked)),
  },
  {
    method: "PATCH",
    path: DEVICE,
    tag: "Devices",
    who: "admin",
    summary: "Rename or tag a device",
    body: body.devicePatch,
    status: 200,
    answer: "the device",
    shows: "Device",
    run: (asked) => ask(asked, "change_device", { ...of(asked), patch: asked.body }),
  },
  {
    method: "DELETE",
    path: DEVICE,
    tag: "Devices",
    who: "admin",
    summary: "Remove a device and its history; its socket closes with 4501",
    status: 204,
    answer: "nothing",
    run: (asked) => ask(asked, "delete_device", of(asked)),
  },
  {
    method: "GET",
    path: `${DEVICE}/token`,
    tag: "Devices",
    who: "admin",
    summary: "The tokens of a device, without their secrets",
    status: 200,
    answer: "{items, next, total}",
    run: (asked) => ask(asked, "list_device_tokens", of(asked)),
  },
  {
    method: "POST",
    path: `${DEVICE}/token`,
    tag: "Devices",
    who: "admin",
    summary: "A second token, to rotate; it is shown this once",
    body: body.nothing,
    status: 201,
    answer: "{tokenId, token}",
    run: (asked) => ask(asked, "create_device_token", of(asked)),
  },
  {
    method: "DELETE",
    path: `${DEVICE}/token/{tokenId}`,
    tag: "Devices",
    who: "admin",
    summary: "Revoke a token; sockets opened with it close with 4501",
    status: 204,
    answer: "nothing",
    run: (asked) => ask(asked, "delete_device_token", { ...of(asked), token: asked.params.tokenId }),
  },
];

const commands: Route[] = [
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

const reads: Route[] = [
  {
    method: "GET",
    path: `${DEVICE}/telemetry`,
    tag: "Telemetry",
    who: "viewer",
    summary: "A field's history, at most so many points",
    query: body.range,
    status: 200,
    answer: "{field, class, unit, resolution, from, to, points, totals?}",
    run: (asked) => ask(asked, "get_history", { ...of(asked), ...asked.query }),
  },
  {
    method: "POST",
    path: `${DEVICE}/telemetry`,
    tag: "Telemetry",
    who: "device",
    summary: "Samples of a device that cannot hold a socket, with its own token",
    body: body.samples,
    status: 200,
    answer: "{accepted, refused?}",
    run: (asked) => ask(asked, "post_telemetry", { ...of(asked), body: asked.body }),
  },
  {
    method: "GET",
    path: `${DEVICE}/events`,
    tag: "Telemetry",
    who: "viewer",
    summary: "A device's events, newest first",
    query: body.page,
    status: 200,
    answer: "{items, next, total}",
    lists: "Event",
    run: (asked) => ask(asked, "list_events", { ...of(asked), ...asked.query }),
  },
  {
    method: "GET",
    path: `${API}/kinds`,
    tag: "Kinds",
    who: "viewer",
    summary: "Every kind as JSON Schema",
    status: 200,
    answer: "{items}",
    run: (asked) => ask(asked, "list_kinds", {}),
  },
  {
    method: "GET",
    path: `${API}/kinds/{kind}`,
    tag: "Kinds",
    who: "viewer",
    summary: "A kind as JSON Schema with units, effects and dangers",
    status: 200,
    answer: "the kind",
    run: (asked) => ask(asked, "get_kind", { kind: asked.params.kind }),
  },
  {
    method: "GET",
    path: `${API}/hub`,
    tag: "Hub",
    who: "viewer",
    summary: "How the hub is: who is connected, how much comes, what goes wrong",
    status: 200,
    answer: "how the hub is",
    shows: "Hub",
    run: (asked) => ask(asked, "get_hub", {}),
  },
  {
    method: "GET",
    path: `${API}/audit`,
    tag: "Access",
    who: "admin",
    summary: "Who did what to what, with which outcome, newest first",
    query: body.page,
    lists: "Decision",
    status: 200,
    answer: "{items, next, total}",
    run: (asked) => ask(asked, "list_audit", asked.query),
  },
];

const access: Route[] = [
  {
    method: "GET",
    path: `${API}/me`,
    tag: "Access",
    who: "anybody",
    summary: "Who am I; the refusal is the one that an upgrade would get",
    status: 200,
    answer: "{type, id, name, role?}",
    run: async (asked) => {
      const me = await ask(asked, "me", { upgrade: true });
      const isPlain = me.ok && asked.caller.sort === "cookie" && !asked.isSecure;
      return isPlain ? ok({ ...me.value, insecure: true }) : me;
    },
  },
  {
    method: "POST",
    path: `${API}/claim`,
    tag: "Access",
    who: "anybody",
    summary: "The first administrator, by the code from the hub's log",
    body: body.claim,
    status: 201,
    answer: "{id, name, role, token} and the session cookie",
    run: (asked) => signedIn(asked, "claim"),
  },
  {
    method: "POST",
    path: `${API}/session`,
    tag: "Access",
    who: "anybody",
    summary: "Sign the panel in with a token",
    body: body.newSession,
    status: 201,
    answer: "{id, name, role} and the session cookie",
    run: (asked) => signedIn(asked, "open_session"),
  },
  {
    method: "DELETE",
    path: `${API}/session`,
    tag: "Access",
    who: "anybody",
    summary: "Sign out; sockets of this session close with 4500",
    status: 204,
    answer: "nothing",
    run: async (asked) => ({ ...await ask(asked, "close_session", {}), headers: clearedSession(asked.isSecure) }),
  },
  {
    method: "POST",
    path: `${API}/tickets`,
    tag: "Access",
    who: "viewer",
    summary: "A ticket for one WebSocket upgrade within 30 s",
    body: body.nothing,
    status: 201,
    answer: "{ticket, expiresAt}",
    run: (asked) => ask(asked, "create_ticket", {}),
  },
  {
    method: "POST",
    path: `${API}/tokens`,
    tag: "Access",
    who: "admin",
    summary: "An operator's token, shown this once",
    body: body.newToken,
    status: 201,
    answer: "{id, name, role, token}",
    run: (asked) => ask(asked, "create_token", asked.body),
  },
  {
    method: "GET",
    path: `${API}/tokens`,
    tag: "Access",
    who: "admin",
    summary: "The operators' tokens, without their secrets",
    query: body.page,
    status: 200,
    answer: "{items, next, total}",
    run: (asked) => ask(asked, "list_tokens", asked.query),
  },
  {
    method: "DELETE",
    path: `${API}/tokens/{id}`,
    tag: "Access",
    who: "admin",
    summary: "Revoke an operator's token; its sockets close with 4501",
    status: 204,
    answer: "nothing",
    run: (asked) => ask(asked, "delete_token", { token: asked.params.id }),
  },
];

export const ROUTES: readonly Route[] = [
  ...devices,
  ...commands,
  ...control,
  ...jobs,
  ...things,
  ...reads,
  ...tables,
  ...stream,
  ...blobs,
  ...access,
];

async function signedIn(asked: Asked, name: "claim" | "open_session"): Promise<Answer> {
  const entered = await ask(asked, name, asked.body);
  return entered.ok ? withSession<ValueOf<typeof name>>(entered.value, asked.isSecure, asked.now) : entered;
}

/** [D4] */
async function desire(asked: Asked, change: Pick<ArgsOf<"desire">, "state" | "patch" | "under">): Promise<Answer> {
  const match = readMatch(asked.request.headers);
  if (!match.ok) return match;
  return tagged(await ask(asked, "desire", { ...of(asked), ...change, ifVersion: match.value }));
}

const located = <V>(answer: { ok: true; value: V } | (Answer & { ok: false }), at: (value: V) => string): Answer =>
  answer.ok ? { ...answer, headers: { Location: at(answer.value) } } : answer;
