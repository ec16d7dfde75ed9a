/** A device as a Web Thing: its description, its properties and its actions, each at an address of its own [W]. */
import { z } from "zod";
import { thingDescription, thingModel } from "../kind/thing.ts";
import { type Fault, ok } from "../protocol/fault.ts";
import { object } from "../protocol/words.ts";
import { API, ask, DEVICE, of, sendCommand, tagged } from "./asking.ts";
import { readMatch } from "./conditions.ts";
import type { Answer, Asked, Route } from "./route.ts";

const TAG = "Things";

export const things: Route[] = [
  {
    method: "GET",
    path: `${DEVICE}/td`,
    tag: TAG,
    who: "viewer",
    summary: "A device as a W3C Thing Description 1.1",
    status: 200,
    answer: "the description",
    type: "application/td+json",
    run: describe,
  },
  {
    method: "GET",
    path: `${API}/kinds/{kind}/tm`,
    tag: TAG,
    who: "viewer",
    summary: "A kind as a W3C Thing Model",
    status: 200,
    answer: "the model",
    type: "application/tm+json",
    async run(asked) {
      const kind = await ask(asked, "get_kind", { kind: asked.params.kind });
      return kind.ok ? ok(thingModel(kind.value)) : kind;
    },
  },
  {
    method: "GET",
    path: `${DEVICE}/properties/{field}`,
    tag: TAG,
    who: "viewer",
    summary: "The last value of a field, bare",
    status: 200,
    answer: "the value",
    async run(asked) {
      const last = await ask(asked, "get_property", { ...of(asked), field: asked.params.field });
      if (!last.ok) return last;
      const { value, at } = last.value;
      return { ...ok(value), headers: { "Last-Modified": new Date(at).toUTCString() } };
    },
  },
  {
    method: "PUT",
    path: `${DEVICE}/properties/{field}`,
    tag: TAG,
    who: "operator",
    summary: "Desire the bare value of a field; null desires nothing any more",
    body: z.unknown(),
    status: 200,
    answer: "{version, state, applied}",
    shows: "Desired",
    matches: true,
    run: write,
  },
  {
    method: "POST",
    path: `${DEVICE}/actions/{name}`,
    tag: TAG,
    who: "operator",
    summary: "Send a command by its bare params; with Prefer: wait=10 the answer is its outcome",
    body: object,
    status: 202,
    answer: "the record",
    shows: "Command",
    waits: true,
    run: async (asked) =>
      fromRoot(await sendCommand(asked, { name: asked.params.name, params: asked.body }), "#/params"),
  },
];

async function describe(asked: Asked): Promise<Answer> {
  const device = await ask(asked, "get_device", of(asked));
  if (!device.ok) return device;
  const { id, name, kind: kindName, createdAt, telemetry, reported } = device.value;
  const kind = await ask(asked, "get_kind", { kind: kindName });
  if (!kind.ok) return kind;
  const told = [telemetry, reported].flatMap(Object.keys);
  const thing = { id, name, created: new Date(createdAt).toISOString(), told };
  return ok(thingDescription(kind.value, thing, asked.origin));
}

/** [W2] */
async function write(asked: Asked): Promise<Answer> {
  const match = readMatch(asked.request.headers);
  if (!match.ok) return match;
  const { field } = asked.params;
  const set = await ask(asked, "set_property", { ...of(asked), field, value: asked.body, ifVersion: match.value });
  return fromRoot(tagged(set), `#/${field}`);
}

/** The hub points into what it was handed, the caller knows only the part of it that was sent: `#/params/target` is `#/target`. */
function fromRoot(answer: Answer, root: string): Answer {
  if (answer.ok) return answer;
  const inside = (pointer: string) => pointer === root || pointer.startsWith(`${root}/`);
  const cut = (pointer: string) => `#${pointer.slice(root.length)}`;
  const { pointer, errors = [], ...fault } = answer.fault;
  const shown = errors.filter((error) => inside(error.pointer))
    .map((error) => ({ ...error, pointer: cut(error.pointer) }));
  const moved: Fault = {
    ...fault,
    ...(pointer !== undefined && inside(pointer) && { pointer: cut(pointer) }),
    ...(shown.length > 0 && { errors: shown }),
  };
  return { ...answer, fault: moved };
}
