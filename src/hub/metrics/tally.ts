/** What a turn counts of itself where neither its writes nor its effects tell; it counts once the turn stands. */
import type { CloseName } from "../../protocol/close.ts";
import type { FaultCode } from "../../protocol/fault.ts";

/** Why a connection ended: by the hub's word, by its peer's, or without one. */
export type Ending = CloseName | "closed" | "connection_lost";

export class Tally {
  /** Samples that were accepted. */
  samples = 0;
  /** `stored` frames for samples and events. */
  stored = 0;
  /** Snapshots and merged changes, and those that a slow reader was not sent. */
  merged = 0;
  skipped = 0;
  takeovers = 0;
  isFlush = false;
  // Most turns have none of these.
  framesRefused: FaultCode[] | null = null;
  samplesRefused: FaultCode[] | null = null;
  ended: Ending[] | null = null;
  turnedAway: FaultCode[] | null = null;

  /** Sockets that were let in and turned out to be nobody's. */
  turnAway(code: FaultCode): void {
    (this.turnedAway ??= []).push(code);
  }

  refuseFrame(code: FaultCode): void {
    (this.framesRefused ??= []).push(code);
  }

  refuseSample(code: FaultCode): void {
    (this.samplesRefused ??= []).push(code);
  }

  end(reason: Ending): void {
    (this.ended ??= []).push(reason);
  }
}
