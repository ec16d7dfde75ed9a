/** What is checked of every message, whatever else is being tried: a device that only talks is judged by this alone. */
import type { AnyKind } from "../../kind/kind.ts";
import type { Outcome } from "../../protocol/fault.ts";
import { type FrameOf, readSample } from "../../protocol/from_device.ts";
import { MAX_FRAME } from "../../protocol/words.ts";
import type { Findings } from "./findings.ts";
import type { CheckName } from "./checks.ts";
import type { Side } from "./side.ts";
import { Sequence } from "./sequence.ts";
import type { Said, Transcript } from "./transcript.ts";

type Doc = Record<string, unknown>;

/** [T3] How far ahead a device's clock may be, in ms. */
const MOST_AHEAD = 60_000;
/** [F9] Frames a second, and in a burst. */
const RATE = 100;
const BURST = 500;
/** [P3] Heartbeats of silence that end a connection. */
export const LOST_AFTER = 1.5;

export class Watching {
  /** What the device reported so far. */
  reported: Doc;
  readonly #kind: AnyKind;
  readonly #findings: Findings;
  readonly #transcript: Transcript;
  readonly #sequence = new Sequence();
  readonly #seen: Partial<Record<CheckName, number>> = {};
  readonly stop: () => void;

  constructor(kind: AnyKind, findings: Findings, { transcript, reported }: Side) {
    this.reported = reported;
    this.#kind = kind;
    this.#findings = findings;
    this.#transcript = transcript;
    for (const said of transcript.said) this.#hear(said);
    this.stop = transcript.listen((said) => this.#hear(said));
  }

  /** Does it speak samples, and nothing else? Such a device owes no answer to anything [T1]. */
  get isLevel0(): boolean {
    return this.#transcript.said.every(({ what }) => what.sort !== "frame" || what.frame.type === "telemetry");
  }

  #hear(said: Said): void {
    this.#count("size");
    if (said.bytes > MAX_FRAME) this.#findings.red("size", `one of ${said.bytes} bytes`);
    const { what } = said;
    if (what.sort === "ping") return;
    this.#count("frames");
    if (what.sort === "bad") return this.#bad(what.fault);
    if (what.sort === "binary") return this.#binary(said);
    const { frame } = what;
    switch (frame.type) {
      case "telemetry":
        this.#telemetry(frame);
        break;
      case "state":
        this.#state(frame);
        break;
      case "event":
        this.#judge("events", this.#kind.check.event(frame.name, frame.data ?? {}));
        break;
      case "hello":
        return this.#sequence.hello(said.connection, frame.boot);
      default:
        return;
    }
    this.#time(frame);
    if (frame.seq === undefined) return;
    this.#count("seq");
    const fault = this.#sequence.next(said.connection, frame.seq, frame);
    if (fault) this.#findings.red("seq", fault);
  }

  #bad({ message, pointer }: { message: string; pointer?: string }): void {
    this.#findings.red("frames", pointer ? `${pointer}: ${message}` : message);
  }

  #binary({ connection }: Said): void {
    const isAnnounced = this.#transcript.said.some((said) =>
      said.connection === connection && said.what.sort === "frame" && said.what.frame.type === "blob"
    );
    if (!isAnnounced) this.#findings.red("frames", "a binary frame that no blob announced");
  }

  #telemetry({ data, samples }: FrameOf<"telemetry">): void {
    if (data) this.#judge("telemetry", this.#kind.check.telemetry(data, ["data"]));
    for (const [index, sample] of (samples ?? []).entries()) {
      const read = readSample(sample, index);
      if (!read.ok) this.#judge("telemetry", read);
      else {
        this.#judge("telemetry", this.#kind.check.telemetry(read.value.data, ["samples", index, "data"]));
        this.#time(read.value);
      }
    }
  }

  #state({ reported, full }: FrameOf<"state">): void {
    const next = this.#kind.check.reported(full ? {} : this.reported, reported);
    this.#judge("state", next);
    if (next.ok) this.reported = next.value;
  }

  #judge(check: CheckName, outcome: Outcome<unknown>): void {
    this.#count(check);
    if (outcome.ok) return;
    const { pointer, message } = outcome.fault;
    this.#findings.red(check, pointer ? `${pointer}: ${message}` : message);
  }

  #time({ at }: { at?: number }): void {
    if (at === undefined) return;
    this.#count("clock");
    const ahead = at - Date.now();
    if (ahead > MOST_AHEAD) this.#findings.red("clock", `one ${Math.round(ahead / 1000)} s ahead`);
  }

  #count(check: CheckName): void {
    this.#seen[check] = (this.#seen[check] ?? 0) + 1;
  }

  /** What was never wrong is right, where there was any of it. */
  conclude(): void {
    this.stop();
    this.#rate();
    this.#heartbeat();
    const nothing: [CheckName, string, string][] = [
      ["size", "messages", "it said nothing"],
      ["frames", "frames", "it said nothing"],
      ["telemetry", "samples", "it sent no samples"],
      ["state", "reports", "it reported no state"],
      ["events", "events", "it sent no events"],
      ["clock", "times", "it gives no times of its own, which is fine"],
      ["seq", "numbers", "it numbers nothing, so nothing is confirmed to it"],
    ];
    for (const [check, noun, why] of nothing) {
      const seen = this.#seen[check];
      if (seen) this.#findings.green(check, `${seen} ${noun}`);
      else this.#findings.unseen(check, why);
    }
  }

  #rate(): void {
    const { said } = this.#transcript;
    if (said.length === 0) return this.#findings.unseen("rate", "it said nothing");
    let tokens = BURST;
    let before = said[0];
    for (const one of said) {
      tokens = one.connection === before.connection
        ? Math.min(BURST, tokens + (one.at - before.at) / 1000 * RATE) - 1
        : BURST - 1;
      before = one;
      if (tokens < 0) return this.#findings.red("rate", "it was over");
    }
    this.#findings.green("rate");
  }

  /** Only between two messages of a connection: a cut of ours is no silence of the device's. */
  #heartbeat(): void {
    const { heartbeat } = this.#kind;
    let pinged: Said | undefined;
    let before: Said | undefined;
    let longest = -1;
    for (const one of this.#transcript.said) {
      if (one.connection !== before?.connection) pinged = undefined;
      if (pinged && before && one.at - before.at > heartbeat * LOST_AFTER * 1000) {
        this.#findings.red("heartbeat", `silent for ${Math.round((one.at - before.at) / 1000)} s`);
      }
      if (one.what.sort === "ping") pinged ??= one;
      if (pinged) longest = Math.max(longest, one.at - pinged.at);
      before = one;
    }
    if (longest < 0) this.#findings.unseen("heartbeat", "no ping was seen, and without one nothing is promised");
    else if (longest > heartbeat * 1000) this.#findings.green("heartbeat");
    else {
      this.#findings.unseen(
        "heartbeat",
        `no connection stood for its heartbeat of ${heartbeat} s; --timeout gives more`,
      );
    }
  }
}
