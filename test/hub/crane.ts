/** A machine that can hurt somebody, with everything that keeps it from that; and operators who want it. */
import { z } from "zod";
import { KINDS } from "../../devices/mod.ts";
import { desirable, flag, oneOf, quantity, secret, text } from "../../src/kind/field.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { type Frame, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

export const STALE = 300;

const height = quantity({ title: "Height", min: 0, max: 30 });

export const crane = defineKind({
  name: "crane",
  version: 1,
  title: "Crane",
  lease: true,
  stale: STALE,
  telemetry: {},
  state: {
    moving: desirable(flag({ title: "Moves" })),
    guard: oneOf(["open", "closed"], { title: "Guard" }),
    height: desirable(height),
    lamp: desirable(flag({ title: "Lamp" })),
  },
  commands: {
    stop: { effect: "set", confirms: { field: "moving", value: false } },
    lift: { effect: "set", params: z.object({ to: height }), confirms: { field: "height", param: "to" } },
    drop: { effect: "once" },
    dump: {
      effect: "once",
      select: true,
      danger: "confirm",
      role: "operator",
      params: z.object({ to: text(), pin: secret(text()).optional() }),
      errors: ["wrong_pin"],
    },
    look: { effect: "query" },
    swing: { effect: "stream", params: z.object({ speed: z.number().min(-1).max(1) }) },
  },
  interlocks: [
    { commands: ["lift", "swing", "dump"], when: { field: "guard", is: "open" }, sentence: "Close its guard first." },
  ],
});

/** Works on three things at once, asks for no lease, and its `stop` is no `set`. */
export const press = defineKind({
  name: "press",
  version: 1,
  title: "Press",
  inFlight: 3,
  telemetry: {},
  state: { plate: oneOf(["up", "down"]), pressure: desirable(quantity({ min: 0, max: 9 })) },
  commands: {
    stop: { effect: "once" },
    punch: { effect: "once" },
    set_pressure: {
      effect: "set",
      params: z.object({ to: quantity({ min: 0, max: 9 }) }),
      confirms: { field: "pressure", param: "to" },
    },
    open: { effect: "once", select: true, params: z.object({ pin: secret(text()).optional() }) },
    look: { effect: "query", queue: true },
  },
  interlocks: [{ commands: ["open"], when: { field: "plate", is: "down" }, sentence: "The plate is down." }],
});

export const kinds = [...KINDS, crane, press];

type Given = Parameters<typeof signalbox>[0];

/** A crane that told that its guard is closed, and Ann and Bob, who may both drive it. */
export function site(given: Given = {}) {
  const box = signalbox({ kinds, ...given });
  const device = box.device("crane", "crane");
  device.send({ type: "state", reported: { guard: "closed", moving: false } });
  const [ann, bob] = [person(box, "Ann"), person(box, "Bob")];
  return { box, device, ann, bob };
}

export interface Person {
  id: string;
  token: string;
  peer: Peer;
}

export function person(box: Signalbox, name: string, role: "viewer" | "operator" | "admin" = "operator"): Person {
  const { id, token } = box.ask("create_token", { name, role });
  return { id, token, peer: box.connect("operator", { sort: "token", token }) };
}

type Action = "take" | "release" | "force";

/** The reply's value, or the code of its fault. */
export const lease = ({ peer }: Person, action: Action = "take", more: Frame = {}): Frame => {
  const { ok, value, error } = peer.ask({ type: "lease", device: "crane", action, ...more });
  return ok ? value : error.code;
};

export const take = (who: Person): number => {
  const taken = lease(who);
  if (typeof taken === "string") throw new Error(taken);
  return taken.fence;
};

/** The record's status, or the code of the fault. */
export const command = ({ peer }: Person, name: string, more: Frame = {}): string => {
  const { ok, value, error } = peer.ask({ type: "command", device: "crane", name, params: {}, ...more });
  return ok ? value.id : error.code;
};

export const emergency = (
  { peer }: Person,
  action: "set" | "clear" = "set",
  more: Frame = {},
): Frame => {
  const { ok, value, error } = peer.ask({ type: "estop", device: "crane", action, ...more });
  return ok ? value : error.code;
};

/** The commands that reached a device since somebody last looked. */
export const names = (device: Peer): string[] => device.all("command").map(({ name }) => name);

export const deeds = (box: Signalbox, what: string): [string, string][] =>
  box.ask("list_audit", { limit: 500 }).items.filter((row) => row.what === what).map(({ who, outcome }) =>
    [who.name, outcome] as [string, string]
  ).reverse();
