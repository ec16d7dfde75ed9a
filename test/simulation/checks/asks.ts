/** Who may ask, and what a repeated ask does [I6, I10, I13, I16, I18]. */
import type { CallName } from "../../../src/hub/call.ts";
import { type Role, roleOpens } from "../../../src/protocol/words.ts";
import type { TraceEvent } from "../trace.ts";
import { type AskFact, type Facts, recordsIn, viewsIn } from "./facts.ts";

/** The least role of each call that is not for every viewer [I5]. */
const ROLES: Partial<Record<CallName, Role>> = {
  create_device: "admin",
  change_device: "admin",
  delete_device: "admin",
  list_device_tokens: "admin",
  create_device_token: "admin",
  delete_device_token: "admin",
  create_token: "admin",
  list_tokens: "admin",
  delete_token: "admin",
  list_audit: "admin",
  send_command: "operator",
  cancel_command: "operator",
  start_job: "operator",
  stop_job: "operator",
  retry_job: "operator",
  try_job: "operator",
  select: "operator",
  lease: "operator",
  estop: "operator",
  estop_many: "operator",
  desire: "operator",
  set_property: "operator",
};

/** Params of the simulated and of the real kinds that only a device sees [C19]. */
const SECRETS = ["pin"];

const DAY = 86_400_000;
/** [C5] */
const MOST_WAITING = 50;

interface First {
  at: number;
  call: string;
  names: string;
}

export class Asks {
  readonly #facts: Facts;
  /** The first answer to each key of each operator. */
  readonly #keys = new Map<string, First>();
  /** Pings that were said and pongs that were told, and the ping from which on none may be answered. */
  readonly #pings = new Map<string, { said: number; told: number; last: number }>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  see(event: TraceEvent): void {
    const facts = this.#facts;
    switch (event.type) {
      case "failed":
        return facts.violate("I16", `no unhandled exception: ${event.what}`);
      case "closed":
        if (event.code === 1011) facts.violate("I16", "the hub never fails a connection", event.connection);
        return;
      case "answered": {
        const ask = facts.asks.get(event.ask);
        if (!ask) return facts.violate("O1", "an answer to something that was asked", event.ask);
        if (!event.ok && event.fault.code === "internal") facts.violate("I16", "no call fails the hub", event.ask);
        if (event.ok) this.#granted(event.ask, ask, event.value, event.at);
        return;
      }
      case "told":
        if (event.frame.type === "welcome") this.#welcome(event.connection);
        if (event.frame.type === "pong") this.#pong(event.connection);
        return;
      case "shown":
        if (event.frame.type === "welcome") this.#welcome(event.connection);
        if (event.frame.type === "pong") this.#pong(event.connection);
        return;
      case "looked":
        if (event.frame.type === "ping") this.#ping(event.connection, event.at);
        return;
      case "said":
        if (event.frame.type === "ping") this.#ping(event.connection, event.at);
    }
  }

  #granted(name: string, { asked, place }: AskFact, value: unknown, at: number): void {
    const facts = this.#facts;
    const { by, call, args, key } = asked;
    if (!roleOpens(by.role, ROLES[call] ?? "viewer")) {
      facts.violate("I6", `${call} needs the role ${ROLES[call]}, and ${by.operator} is a ${by.role}`, name);
    }
    const revoked = facts.revokedTokens.get(by.token);
    if (revoked && place > revoked.place) facts.violate("I10", "a revoked token opens nothing", name, by.token);
    if (key !== undefined) this.#replay(`${by.operator}/${key}`, { at, call, args }, value);
    if (call === "list_commands") this.#bounded(args.device as string, value);
    for (const view of viewsIn(value)) {
      facts.seeDevice(view);
      if (view.pending > 2 * MOST_WAITING + 2) facts.violate("I13", "at most 50 commands wait in a lane", view.id);
    }
  }

  /** [C20] */
  #replay(key: string, { at, call, args }: { at: number; call: string; args: unknown }, value: unknown): void {
    const names = namesIn(value);
    const first = this.#keys.get(key);
    // Calls that differ in what is secret are not told apart.
    const asked = `${call} ${JSON.stringify(args, (name, part) => SECRETS.includes(name) ? undefined : part)}`;
    if (!first || at - first.at > DAY) return void this.#keys.set(key, { at, call: asked, names });
    if (first.call !== asked) this.#facts.violate("I18", `the key ${key} maps to one call`, key.split("/")[1]);
    if (first.names !== names) this.#facts.violate("I18", `the key ${key} does its call once`, key.split("/")[1]);
  }

  /** [I13] */
  #bounded(device: string, value: unknown): void {
    const waiting = recordsIn(value).filter(({ status }) => status === "accepted");
    for (const isStop of [true, false]) {
      const lane = waiting.filter(({ name }) => (name === "stop") === isStop);
      if (lane.length > MOST_WAITING) this.#facts.violate("I13", "at most 50 commands wait in a lane", device);
    }
  }

  /** [I10] A revoked credential opens nothing that was not open. */
  #welcome(id: string): void {
    const connection = this.#facts.connections.get(id);
    const revoked = connection && this.#facts.revokedTokens.get(connection.peer.token);
    if (revoked && connection.openedAt > revoked.place) {
      this.#facts.violate("I10", "a revoked credential opens no socket", id, connection.peer.token);
    }
  }

  #ping(id: string, at: number): void {
    const connection = this.#facts.connections.get(id);
    const pings = this.#pings.get(id) ?? { said: 0, told: 0, last: Infinity };
    this.#pings.set(id, pings);
    pings.said += 1;
    const isOver = [connection?.revoked, connection?.takenOver].some((over) =>
      over && at > Math.max(over.at, this.#facts.events[over.place].at) + 1_000
    );
    if (isOver) pings.last = Math.min(pings.last, pings.said);
  }

  /** [I9, I10] Who is revoked or was taken over is closed within a second: nobody answers there any more. */
  #pong(id: string): void {
    const pings = this.#pings.get(id);
    if (!pings) return;
    pings.told += 1;
    if (pings.told >= pings.last) {
      this.#facts.violate("I10", "the socket of who is revoked or was taken over is closed within a second", id);
    }
  }
}

/** What an answer's call made or found, without what may have moved on. */
function namesIn(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  const { id, tokenId, version, device } = value as Record<string, unknown>;
  const name = typeof device === "object" && device !== null ? (device as { id?: unknown }).id : device;
  return JSON.stringify([id, tokenId, version, name]);
}
