/** Whatever a device says, by WebSocket or in MQTT cut anyhow, the hub understands, answers and keeps the same [M4-M8]. */
import process from "node:process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Heard } from "../../src/hub/event.ts";
import { type Frame, type Peer, type Signalbox, signalbox } from "./signalbox.ts";
import { listener, type Speaker } from "./speaker.ts";

/** What happens; `of` is the how-manieth command that was sent, counted from the newest. */
type Step =
  | { do: "tell"; type: string; payload: unknown; qos: 0 | 1; cuts: number[] }
  | { do: "tell many"; payloads: unknown[]; qos: 0 | 1 }
  | { do: "answer"; type: string; of: number; more: object; qos: 0 | 1; cuts: number[] }
  | { do: "command"; name: string; params: Record<string, unknown>; ttl: number }
  | { do: "cancel" | "desire"; of: number }
  | { do: "pass"; ms: number }
  | { do: "sleep" | "crash" | "reconnect" | "take over" | "ping" };

const value = fc.constantFrom<unknown>(0, 4.5, 100, "warm", null, true);
const sample = fc.record({
  data: fc.dictionary(fc.constantFrom("power", "energy", "nothing"), value, { maxKeys: 2 }),
  ago: fc.constantFrom(undefined, 0, 3, 100_000_000),
  seq: fc.constantFrom(undefined, 1, 2, 3, 9),
});
const payloads: Record<string, fc.Arbitrary<unknown>> = {
  telemetry: fc.oneof(sample, fc.record({ samples: fc.array(sample, { minLength: 1, maxLength: 3 }) })),
  state: fc.record({
    reported: fc.dictionary(fc.constantFrom("on", "nothing"), value, { maxKeys: 1 }),
    full: fc.constantFrom(undefined, true),
    seq: fc.constantFrom(undefined, 2, 4),
    applied: fc.constantFrom(undefined, { version: 1, ok: true }),
  }),
  event: fc.record({ name: fc.constantFrom("started", "nothing") }),
  hello: fc.record({
    boot: fc.constantFrom(undefined, "a", "b"),
    firmware: fc.constantFrom(undefined, "1", "字"),
    maxFrame: fc.constantFrom(undefined, 10, 4_096),
  }),
  result: fc.record({ id: fc.constantFrom("nothing", "", "01k2z"), ok: fc.boolean() }),
};

const qos = fc.constantFrom(0 as const, 1 as const);
const cuts = fc.array(fc.nat(400), { maxLength: 3 });
const of = fc.nat(3);
const tell = fc.oneof(
  ...Object.entries(payloads).map(([type, payload]) =>
    fc.record({ do: fc.constant("tell" as const), type: fc.constant(type), payload, qos, cuts })
  ),
);
const broken = fc.record({
  do: fc.constant("tell" as const),
  type: fc.constantFrom("telemetry", "state"),
  payload: fc.constantFrom("{", "[1]", "3", '{"data":'),
  qos,
  cuts,
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: tell },
  { weight: 1, arbitrary: broken },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("tell many" as const),
      payloads: fc.array(fc.oneof(sample, fc.constant({ data: { power: 7 } })), { minLength: 1, maxLength: 6 }),
      qos,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("answer" as const),
      type: fc.constantFrom("result", "received", "progress"),
      of,
      more: fc.constantFrom({ ok: true }, { ok: false, error: { code: "busy", message: "x" } }, { ok: true, value: 3 }),
      qos,
      cuts,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("command" as const),
      name: fc.constantFrom("set", "toggle", "identify"),
      params: fc.constantFrom<Record<string, unknown>>({}, { on: true }, { on: false }),
      ttl: fc.constantFrom(1, 10),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("cancel" as const, "desire" as const), of }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(1, 400, 1_000, 12_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "sleep" as const,
        "crash" as const,
        "reconnect" as const,
        "take over" as const,
        "ping" as const,
      ),
    }),
  },
);

/** A hub with one device, by whichever door. */
abstract class Side {
  readonly box: Signalbox = signalbox({ window: 1_000, sequencedWindow: 1_000 });
  readonly commands: string[] = [];

  abstract come(): void;
  abstract drop(): void;
  abstract say(type: string, payload: unknown, qos: 0 | 1, cuts: number[]): void;
  /** Samples one after another, which may be decided in one go. */
  abstract sayAll(payloads: unknown[], qos: 0 | 1): void;
  abstract ping(): void;
  abstract frames(): Frame[];

  take(step: Step): void {
    const { box } = this;
    const at = (of: number) => this.commands.at(-1 - of) ?? "nothing";
    if (step.do === "tell") this.say(step.type, step.payload, step.qos, step.cuts);
    else if (step.do === "tell many") this.sayAll(step.payloads, step.qos);
    else if (step.do === "answer") this.say(step.type, { id: at(step.of), ...step.more }, step.qos, step.cuts);
    else if (step.do === "command") {
      const { name, params, ttl } = step;
      const sent = box.call("send_command", { device: "lamp", name, params, ttl });
      if (sent.ok) this.commands.push(sent.value.id);
    } else if (step.do === "cancel") box.call("cancel_command", { command: at(step.of) });
    else if (step.do === "desire") box.ask("desire", { device: "lamp", patch: { on: step.of % 2 === 0 } });
    else if (step.do === "pass") box.advance(step.ms);
    else if (step.do === "sleep") box.evict();
    else if (step.do === "ping") this.ping();
    else {
      if (step.do === "crash") box.crash();
      else if (step.do === "reconnect") this.drop();
      // Not so often that it would be a clone [P7].
      else box.advance(21_000);
      this.come();
    }
  }

  /** What was said to it since, and how things are: without what no two hubs share. */
  seen(): unknown {
    const { box } = this;
    const { seen: _, ...view } = box.view("lamp");
    const events = box.ask("list_events", { device: "lamp", limit: 100 }).items;
    const ledger = this.commands.map((id) => box.record(id));
    const points =
      box.ask("get_history", { device: "lamp", field: "power", from: box.now - 600_000, points: 50 }).points;
    // Of what has no form only MQTT knows the type, by its topic.
    const told = this.frames().map(({ of, ...frame }) =>
      of && !/^bad_(json|frame)$/.test(frame.code) ? { of, ...frame } : frame
    );
    const all = { told, view, events, ledger, points };
    const numbered = this.commands.reduce(
      (text, id, at) => text.replaceAll(id, `command ${at}`),
      JSON.stringify(all, (key, value) =>
        key === "heartbeat" || (key === "id" && value?.length > 20 &&
            !this.commands.includes(value))
          ? undefined
          : value),
    );
    return JSON.parse(numbered);
  }
}

class ByText extends Side {
  #peer: Peer;

  constructor() {
    super();
    this.#peer = this.box.device("lamp");
  }

  drop(): void {
    this.#peer.drop();
  }

  come(): void {
    this.#peer = this.box.device("lamp");
  }

  say(type: string, payload: unknown): void {
    const text = typeof payload === "string" ? payload : JSON.stringify({ ...payload as object, type });
    this.#peer.text(text);
  }

  sayAll(payloads: unknown[]): void {
    for (const payload of payloads) this.say("telemetry", payload);
  }

  ping(): void {
    this.#peer.text("ping");
    this.#peer.take("pong");
  }

  frames(): Frame[] {
    return this.#peer.frames.splice(0);
  }
}

class ByMqtt extends Side {
  #speaker: Speaker;
  readonly #version: 4 | 5;
  #owed = new Set<number>();

  constructor(version: 4 | 5) {
    super();
    this.#version = version;
    this.#speaker = this.#listen();
  }

  #listen(): Speaker {
    return listener(this.box, "lamp", { version: this.#version });
  }

  drop(): void {
    this.#speaker.drop();
  }

  come(): void {
    this.#owed = new Set();
    this.#speaker = this.#listen();
  }

  say(type: string, payload: unknown, qos: 0 | 1, cuts: number[]): void {
    const id = this.#speaker.publish(type, payload, qos, {}, (bytes) => {
      const places = [0, ...cuts.filter((at) => at < bytes.length).sort((one, other) => one - other), bytes.length];
      for (let at = 1; at < places.length; at++) {
        this.#speaker.bytes(bytes.slice(places[at - 1], places[at]));
        if (at < places.length - 1 && at % 2 === 1) this.box.evict();
      }
    });
    if (id > 0) this.#owed.add(id);
  }

  sayAll(payloads: unknown[], qos: 0 | 1): void {
    const { box } = this;
    let first: Heard | null = null;
    let last: Heard | null = null;
    for (const payload of payloads) {
      const id = this.#speaker.publish("telemetry", payload, qos, {}, (bytes) => {
        const heard: Heard = { connection: this.#speaker.id, text: "", bytes, at: box.now, next: null };
        if (last) last.next = heard;
        else first = heard;
        last = heard;
      });
      if (id > 0) this.#owed.add(id);
    }
    box.handle({ type: "texts", chains: [first!] });
  }

  ping(): void {
    this.#speaker.say({ cmd: "pingreq" });
    this.#speaker.take("pingresp");
  }

  frames(): Frame[] {
    for (const { messageId } of this.#speaker.all("puback")) {
      if (!this.#owed.delete(messageId)) throw new Error(`${messageId} was acknowledged twice, or never sent`);
    }
    return this.#speaker.allFrames();
  }

  /** Publishes that nobody acknowledged, though the connection is still there. */
  get owed(): number {
    return this.#speaker.closed ? 0 : this.#owed.size;
  }
}

describe("any device, by either door", () => {
  it.each([4, 5] as const)(
    "[M4, M5, M7] version %i says and hears the same, and each QoS 1 is acknowledged once",
    (version) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
          const [text, mqtt] = [new ByText(), new ByMqtt(version)];
          for (const [at, one] of [...steps, { do: "pass", ms: 5_000 } as const].entries()) {
            text.take(one);
            mqtt.take(one);
            expect(mqtt.seen(), `step ${at}: ${JSON.stringify(one)}`).toEqual(text.seen());
          }
          expect(mqtt.owed).toBe(0);
        }),
        { numRuns: Number(process.env.RUNS ?? 60) },
      );
    },
    120_000,
  );
});
