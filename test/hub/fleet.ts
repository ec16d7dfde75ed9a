/** Many devices on one hub in memory, each of which answers its commands as it is told to: what jobs are tried on. */
import type { ArgsOf } from "../../src/hub/call.ts";
import type { JobCounts, JobView, TargetStatus } from "../../src/protocol/job.ts";
import { type Frame, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

/** What a device makes of a command; null leaves it unanswered. */
export type Answer = "ok" | "fail" | null;

export class Fleet {
  readonly peers = new Map<string, Peer>();
  /** Every command that reached a device, in the order in which they came. */
  readonly got: { device: string; frame: Frame; at: number }[] = [];
  readonly #box: Signalbox;
  #answer: (device: string, frame: Frame) => Answer;

  constructor(box: Signalbox, ids: readonly string[], answer: (device: string, frame: Frame) => Answer = () => "ok") {
    this.#box = box;
    this.#answer = answer;
    this.connect(ids);
  }

  connect(ids: readonly string[], kind = "relay"): void {
    for (const id of ids) this.peers.set(id, this.#box.device(id, kind));
  }

  answers(answer: (device: string, frame: Frame) => Answer): void {
    this.#answer = answer;
  }

  /** Time passes, and whoever got a command answers it. */
  live(ms: number, step = 50): void {
    for (let passed = 0; passed < ms; passed += step) {
      this.#box.advance(step);
      this.settle();
    }
  }

  settle(): void {
    for (const [device, peer] of this.peers) {
      for (const frame of peer.all("command")) {
        this.got.push({ device, frame, at: this.#box.now });
        const answer = this.#answer(device, frame);
        if (answer === "ok") peer.send({ type: "result", id: frame.id, ok: true });
        if (answer === "fail") {
          peer.send({ type: "result", id: frame.id, ok: false, error: { code: "jammed", message: "It is stuck." } });
        }
      }
    }
  }

  /** The devices that got a command, as often as they did. */
  get reached(): string[] {
    return this.got.map(({ device }) => device);
  }
}

/** Which devices there are, and what they answer. */
export type Devices = ConstructorParameters<typeof Fleet> extends [unknown, ...infer Rest] ? Rest : never;

export function fleetOf(
  options: Parameters<typeof signalbox>[0],
  ...devices: Devices
): { box: Signalbox; fleet: Fleet } {
  const box = signalbox(options);
  return { box, fleet: new Fleet(box, ...devices) };
}

export const names = (count: number, prefix = "r"): string[] =>
  Array.from({ length: count }, (_, at) => prefix + String(at).padStart(4, "0"));

type Given = Partial<ArgsOf<"start_job">>;

export const jobOf = (given: Given = {}): ArgsOf<"start_job"> => ({
  query: "kind:relay",
  name: "set",
  params: { on: true },
  rate: 10,
  stopAt: 0.5,
  ...given,
});

export const start = (box: Signalbox, given: Given = {}, by?: string): JobView =>
  box.ask("start_job", jobOf(given), by);

export const look = (box: Signalbox, job: { id: string }): JobView => box.ask("get_job", { job: job.id });

/** Every result, page by page. */
export function resultsOf(box: Signalbox, job: { id: string }, limit = 100, status?: TargetStatus[]) {
  const results = [];
  let cursor: string | undefined;
  do {
    const page = box.ask("list_job_results", { job: job.id, limit, cursor, status });
    results.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return results;
}

/** The counts that are not zero. */
export const told = ({ counts }: { counts: JobCounts }) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

/** The status at each device. */
export const standing = (results: { device: string; status: string }[]) =>
  Object.fromEntries(results.map(({ device, status }) => [device, status]));
