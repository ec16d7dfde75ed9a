/** What a soak saw, of what there has to be: `judge.ts` decides about it. */
import type { Ended } from "../../test/support/process.ts";
import type { Look } from "./probe.ts";
import type { Kept } from "./rows.ts";

export interface SoakPlan {
  minutes: number;
  devices: number;
}

/** Samples that were surely accepted, and those that were on their way when a line was cut. */
export interface Told {
  sure: number;
  maybe: number;
}

export interface Outcome {
  plan: SoakPlan;
  /** Seconds for which they sent and came and went, also before the first look. */
  lived: number;
  looks: Look[];
  samples: Told & { counted: number };
  /** Of some devices, with what their history has. */
  histories: (Told & { id: string; kept: number })[];
  commands: { asked: number; counted: number; byStatus: Record<string, number>; open: number };
  /** Open at the hub once everybody is there again, and once everybody has gone. */
  connections: { devices: number; operators: number; online: number; left: number };
  /** Descriptors before anybody came, with everybody there at first and at last, and once everybody had gone. */
  descriptors: { empty: number; full: number; fullAgain: number; emptyAgain: number };
  ended: Ended & { seconds: number };
  /** Lines of the hub's log that tell of a fault of its own. */
  complaints: string[];
  refusedFrames: number;
  faults: { count: number; words: string[] };
  refused: Record<string, number>;
  reads: number;
  /** And how many bytes it had when the fleet was enrolled. */
  kept: Kept & { before: number };
}
