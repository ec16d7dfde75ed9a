/** What the hub counts of itself, as plain numbers: they outlive its memory, and begin anew with its program. */
import { CLOSE } from "../../protocol/close.ts";
import { type FaultCode, FAULTS, type Outcome } from "../../protocol/fault.ts";
import { bytesOf } from "../../protocol/frame.ts";
import { type CommandRecord, FINAL, type FinalStatus } from "../../protocol/record.ts";
import { Histogram } from "./histogram.ts";
import type { Heard, HubEvent } from "../event.ts";
import { Recent } from "./recent.ts";
import type { Ending } from "./tally.ts";
import type { Turn } from "../turn.ts";

/** A number for each word that there is, so that no label holds anything else. */
type Words<W extends string> = Record<W, number>;

const zeros = <W extends string>(words: readonly W[]): Words<W> =>
  Object.fromEntries(words.map((word) => [word, 0])) as Words<W>;

const CODES = Object.keys(FAULTS) as FaultCode[];
const ENDINGS = [...Object.keys(CLOSE), "closed", "connection_lost"] as Ending[];

const FAILURES: readonly FinalStatus[] = ["failed", "rejected", "expired", "unknown"];

export class Counts {
  /** When they began. */
  readonly since: number;
  /** Is there a clock for how long something took? */
  readonly isTimed: boolean;
  /** Without the pings that the runtime answers. */
  framesIn = 0;
  framesOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  samples = 0;
  stored = 0;
  merged = 0;
  skipped = 0;
  takeovers = 0;
  events = 0;
  audits = 0;
  readonly written = { full: 0, normal: 0 };
  flushes = 0;
  readonly wakes = { wake: 0, flush: 0 };
  /** Commits that the store refused, and since when it does so without a break. */
  writesRefused = 0;
  refusingSince: number | null = null;
  /** Sums of the words below, for the last minute. */
  refused = 0;
  failed = 0;
  faults = 0;
  readonly framesRefused = zeros(CODES);
  readonly samplesRefused = zeros(CODES);
  readonly connectsRefused = zeros(CODES);
  readonly calls = zeros(["ok", ...CODES]);
  readonly opened = zeros(["device", "operator", "mqtt", "stream"]);
  readonly ended = zeros(ENDINGS);
  readonly commands = zeros(FINAL);
  /** Events that nothing came of, since the store took no writes or the hub has a bug. */
  readonly eventsFailed = zeros(["storage_unavailable", "internal"]);
  /** From accepted to final. */
  readonly commandTime = new Histogram(0.1, 0.5, 1, 5, 10, 60, 600);
  readonly commitTime = new Histogram(0.0001, 0.0005, 0.001, 0.005, 0.025, 0.1, 1);
  readonly flushTime = new Histogram(0.001, 0.005, 0.025, 0.1, 0.5, 1, 5);
  readonly lateness = new Histogram(0.005, 0.025, 0.1, 0.5, 1, 5);
  readonly recent: Recent<ReturnType<Counts["totals"]>>;

  constructor(now: number, isTimed: boolean) {
    this.since = now;
    this.isTimed = isTimed;
    this.recent = new Recent(() => this.totals(), now);
  }

  /** What the last minute is asked for. */
  totals() {
    const { samples, framesIn, framesOut, refused, failed, faults } = this;
    return { samples, framesIn, framesOut, refused, failed, faults };
  }

  /**
   * Something happens, whatever comes of it. `due` is when a wake-up was asked for. Answers how many seconds late it
   * is.
   */
  happens(event: HubEvent, now: number, due: number | null): number {
    this.recent.pass(now);
    if (event.type === "text") {
      this.framesIn += 1;
      this.bytesIn += bytesOf(event.text);
    } else if (event.type === "binary") {
      this.framesIn += 1;
      this.bytesIn += event.bytes.length;
    } else if (event.type === "wake" || event.type === "flush") {
      this.wakes[event.type] += 1;
      return due === null ? 0 : this.#late(Math.max(0, now - due) / 1000);
    }
    return 0;
  }

  /** Its turn stands: what it wrote is durable, and what it decided follows. */
  stands(event: HubEvent, { tally, writes, effects }: Turn, outcome: Outcome<unknown>): void {
    this.samples += tally.samples;
    this.stored += tally.stored;
    this.merged += tally.merged;
    this.skipped += tally.skipped;
    this.takeovers += tally.takeovers;
    if (tally.isFlush) this.flushes += 1;
    tally.framesRefused?.forEach((code) => this.#refuse(code));
    tally.samplesRefused?.forEach((code) => this.samplesRefused[code] += 1);
    tally.ended?.forEach((reason) => this.ended[reason] += 1);
    tally.turnedAway?.forEach((code) => this.connectsRefused[code] += 1);
    for (const write of writes) {
      if (!("put" in write)) continue;
      if (write.put === "event") this.events += 1;
      else if (write.put === "audit") this.audits += 1;
    }
    for (const effect of effects) {
      if (effect.do === "send") {
        this.framesOut += 1;
        this.bytesOut += bytesOf(effect.text);
      } else if (effect.do === "send_bytes") {
        this.framesOut += 1;
        this.bytesOut += effect.bytes.length;
      } else if (effect.do === "settled") this.#ends(effect.command);
    }
    if (event.type === "texts") {
      for (const first of event.chains) {
        for (let heard: Heard | null = first; heard; heard = heard.next) {
          this.framesIn += 1;
          this.bytesIn += heard.bytes ? heard.bytes.length : bytesOf(heard.text);
        }
      }
    } else if (event.type === "connect" || event.type === "stream") {
      if (outcome.ok) this.opened[event.type === "stream" ? "stream" : event.path] += 1;
      else this.connectsRefused[outcome.fault.code] += 1;
      // Whoever is admitted calls right after it.
    } else if (event.type === "call" && !(event.name === "admit" && outcome.ok)) {
      this.calls[outcome.ok ? "ok" : outcome.fault.code] += 1;
    }
  }

  committed(durability: "full" | "normal"): void {
    this.written[durability] += 1;
    this.refusingSince = null;
  }

  refusesWrites(now: number): void {
    this.writesRefused += 1;
    this.refusingSince ??= now;
  }

  fails(code: "storage_unavailable" | "internal"): void {
    this.eventsFailed[code] += 1;
    if (code === "internal") this.faults += 1;
  }

  #refuse(code: FaultCode): void {
    this.framesRefused[code] += 1;
    this.refused += 1;
  }

  #ends({ status, createdAt, finishedAt }: CommandRecord): void {
    const final = status as FinalStatus;
    this.commands[final] += 1;
    if (FAILURES.includes(final)) this.failed += 1;
    // What was refused at the door was never accepted.
    if (final !== "rejected" && finishedAt !== undefined) this.commandTime.add((finishedAt - createdAt) / 1000);
  }

  #late(seconds: number): number {
    this.lateness.add(seconds);
    this.recent.late(seconds);
    return seconds;
  }
}
