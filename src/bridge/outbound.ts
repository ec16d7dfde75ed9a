/** What the hub has, as messages for the broker [N4-N8]. */
import type { AnyKind } from "../kind/kind.ts";
import { annotationsOf, type Fields } from "../kind/field.ts";
import type { BridgeState, OutboxRow } from "../protocol/outbox.ts";
import type { Publication } from "./broker.ts";
import type { Topics } from "./topics.ts";

const JSON_TYPE = "application/json";
export const PROBLEM_TYPE = "application/problem+json";
const WORD = "text/plain";

/** By name, as the hub has them. */
export type Kinds = ReadonlyMap<string, AnyKind>;

export class Outbound {
  readonly #topics: Topics;
  readonly #origin: string;
  readonly #units: ReadonlyMap<string, { telemetry: string | undefined; state: string | undefined }>;

  constructor(topics: Topics, origin: string, kinds: Kinds) {
    this.#topics = topics;
    this.#origin = origin;
    this.#units = new Map(
      [...kinds].map(([name, kind]) => [name, { telemetry: unitsOf(kind.telemetry), state: unitsOf(kind.state) }]),
    );
  }

  status(word: "online" | "offline"): Publication {
    return this.#message(this.#topics.status, word, { retain: true, contentType: WORD });
  }

  /** What is retained of a device; a document that holds nothing comes as null. */
  stateOf({ id, kind, telemetry, reported, desired, presence }: BridgeState) {
    const units = this.#units.get(kind);
    const values = Object.fromEntries(Object.entries(telemetry).map(([field, { value }]) => [field, value]));
    const retained = (
      what: "telemetry" | "reported" | "desired",
      doc: Record<string, unknown>,
      user: Record<string, string>,
    ) => ({
      ...this.#message(this.#topics.ofDevice(id, what), JSON.stringify(doc), { retain: true, user: { kind, ...user } }),
      isEmpty: Object.keys(doc).length === 0,
    });
    const inUnits = (units: string | undefined): Record<string, string> => units === undefined ? {} : { units };
    return {
      telemetry: { ...retained("telemetry", values, inUnits(units?.telemetry)), qos: 0 as const },
      reported: retained("reported", reported, inUnits(units?.state)),
      desired: retained("desired", desired.state, { ...inUnits(units?.state), version: String(desired.version) }),
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

  #message(topic: string, payload: string, { retain = false, contentType = JSON_TYPE, user = {} }: {
    retain?: boolean;
    contentType?: string;
    user?: Record<string, string>;
  }): Publication {
    return { topic, payload, qos: 1, retain, contentType, user: { origin: this.#origin, ...user } };
  }
}

/** `{"temperature":"°C"}`; undefined where no field has a unit. */
function unitsOf(fields: Fields): string | undefined {
  const units = Object.entries(fields).flatMap(([field, schema]) => {
    const { unit } = annotationsOf(schema);
    return unit === undefined ? [] : [[field, unit]];
  });
  return units.length === 0 ? undefined : JSON.stringify(Object.fromEntries(units));
}
