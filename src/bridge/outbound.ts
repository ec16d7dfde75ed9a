/** What the hub has, as messages for the broker [N4-N8]. */
import type { AnyKind } from "../kind/kind.ts";
import { annotationsOf, type Fields } from "../kind/field.ts";
import type { BridgeState, OutboxRow } from "../protocol/outbox.ts";
import type { Publication } from "./broker.ts";
import type { Topics } from "./topics.ts";

type Doc = Record<string, unknown>;

const JSON_TYPE = "application/json";
export const PROBLEM_TYPE = "application/problem+json";
export const WORD = "text/plain";

/** By name, as the hub has them. */
export type Kinds = ReadonlyMap<string, AnyKind>;

export class Outbound {
  readonly #topics: Topics;
  readonly #origin: string;
  readonly #units: ReadonlyMap<string, ReadonlyMap<string, string>>;

  constructor(topics: Topics, origin: string, kinds: Kinds) {
    this.#topics = topics;
    this.#origin = origin;
    this.#units = new Map(
      [...kinds].map(([name, { telemetry, state }]) => [name, unitsOf({ ...telemetry, ...state })]),
    );
  }

  status(word: "online" | "offline"): Publication {
    return this.#message(this.#topics.status, word, { retain: true, contentType: WORD });
  }

  /** What is retained of a device. */
  stateOf({ id, kind, telemetry, reported, desired, presence }: BridgeState) {
    const values = Object.fromEntries(Object.entries(telemetry).map(([field, { value }]) => [field, value]));
    const retained = (what: "telemetry" | "reported" | "desired", doc: Doc, user: Record<string, string> = {}) =>
      this.#message(this.#topics.ofDevice(id, what), JSON.stringify(doc), {
        retain: true,
        user: { kind, ...this.#unitsIn(kind, doc), ...user },
      });
    return {
      telemetry: { ...retained("telemetry", values), qos: 0 as const },
      reported: retained("reported", reported),
      desired: retained("desired", desired.state, { version: String(desired.version) }),
      presence: this.#message(this.#topics.ofDevice(id, "presence"), presence, {
        retain: true,
        contentType: WORD,
        user: { kind },
      }),
    };
  }

  /** What is owed for a row, in order. `retained` are topics of a device's that are to be removed with it. */
  owed(row: OutboxRow, kindOf: (device: string) => string | undefined, retained: (device: string) => string[]) {
    const user = (device: string) => {
      const kind = kindOf(device);
      return { id: row.id, ...(kind !== undefined && { kind }) };
    };
    switch (row.what) {
      case "event": {
        const { event } = row;
        const topic = this.#topics.event(event.device, event.name);
        return [this.#message(topic, JSON.stringify(event), { user: { ...user(event.device), id: event.id } })];
      }
      case "outcome": {
        const { command } = row;
        const topic = this.#topics.ofDevice(command.device, "outcome");
        return [this.#message(topic, JSON.stringify(command), { user: { ...user(command.device), id: command.id } })];
      }
      case "reply":
        return [this.reply(row, row.command, JSON_TYPE)];
      case "gone":
        return retained(row.device).map((topic) => this.removal(topic));
    }
  }

  /** [N8] */
  removal(topic: string): Publication {
    return { topic, payload: "", qos: 1, retain: true, user: { origin: this.#origin } };
  }

  /** [N13] */
  reply(to: { topic: string; correlation?: string }, body: unknown, contentType = JSON_TYPE): Publication {
    return {
      ...this.#message(to.topic, JSON.stringify(body), { contentType }),
      ...(to.correlation !== undefined && {
        correlation: Uint8Array.fromBase64(to.correlation, { alphabet: "base64url" }),
      }),
    };
  }

  /** [N14] */
  error(body: unknown): Publication {
    return { ...this.#message(this.#topics.error, JSON.stringify(body), {}), qos: 0 };
  }

  /** What another part made, such as discovery; ours all the same. */
  marked(topic: string, payload: string): Publication {
    return this.#message(topic, payload, { retain: true });
  }

  /** `{"temperature":"°C"}`, of those fields that have one. */
  #unitsIn(kind: string, doc: Doc): { units?: string } {
    const known = this.#units.get(kind);
    const units = Object.keys(doc).flatMap((field) => known?.has(field) ? [[field, known.get(field)]] : []);
    return units.length === 0 ? {} : { units: JSON.stringify(Object.fromEntries(units)) };
  }

  #message(topic: string, payload: string, { retain = false, contentType = JSON_TYPE, user = {} }: {
    retain?: boolean;
    contentType?: string;
    user?: Record<string, string>;
  }): Publication {
    return { topic, payload, qos: 1, retain, contentType, user: { origin: this.#origin, ...user } };
  }
}

function unitsOf(fields: Fields): Map<string, string> {
  return new Map(
    Object.entries(fields).flatMap(([field, schema]): [string, string][] => {
      const { unit } = annotationsOf(schema);
      return unit === undefined ? [] : [[field, unit]];
    }),
  );
}
