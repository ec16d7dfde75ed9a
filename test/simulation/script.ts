/** A run as data: who takes part and what is done to them, when. A seed's run is one, and what once failed is kept as one. */
import type { CallName } from "../../src/hub/call.ts";
import type { Role } from "../../src/protocol/words.ts";

export interface Script {
  /** What is not said here is drawn from streams of this name: delays, latencies, ids. */
  seed: string;
  world: WorldPlan;
  /** In the order of their times. */
  actions: Action[];
  /** When nothing more is broken, in ms like the actions; where it is not said, with the last of them. */
  ends?: number;
}

export interface WorldPlan {
  /** A process loses its sockets with its memory; an object sleeps, and its sockets stay. */
  life: "process" | "object";
  /** An object that loses its memory after every event. */
  forgetful?: boolean;
  store: "memory" | "sqlite";
  /** Ms that a frame is under way, at least and at most. */
  delay: [number, number];
  machines: MachinePlan[];
  operators: OperatorPlan[];
  /** There is a bridge to a broker. */
  bridge?: true;
  /** The machines speak MQTT. */
  overMqtt?: true;
}

/** A machine, and what it can and does. Two with one `device` are clones. */
export interface MachinePlan {
  name: string;
  device: string;
  kind: string;
  /** What survives its reboots: the ids that it knows with their outcomes, its boot and what it has not got rid of yet. */
  memory: "kept" | "lost";
  /** Sends a `hello`, so many ms after its welcome; never where null. */
  hello: number | null;
  /** In it: a boot id, what it works on, a larger frame. */
  boot: boolean;
  works: boolean;
  maxFrame: number | null;
  /** Says `received`, and `progress` while it works. */
  receives: boolean;
  progresses: boolean;
  /** Refuses what comes after its `expires`. */
  expires: boolean;
  pings: boolean;
  /** Its samples and events carry a `seq`, and are sent again until they are stored. */
  sequences: boolean;
  /** Ms for a command, at least and at most. */
  latency: [number, number];
  /** How often it fails, and how often it never answers. */
  fails: number;
  silent: number;
  /** Ms by which its clock is ahead; what it says `at` is by that clock. */
  skew: number;
  /** Ms from sample to sample. */
  samples: number;
}

export interface OperatorPlan {
  name: string;
  role: Role;
  /** Uses a socket where it has one. */
  socket: boolean;
  /** Bytes a second that it reads; null is as fast as they come. */
  reads: number | null;
}

/** A value that is known only when the time has come. What cannot be found is not done. */
export type Ref =
  /** The id that the answer to that ask named: a command, a token. */
  | { of: string }
  /** The version of the device's desired document that this world's operators last read. */
  | { versionOf: string }
  /** The fence of the device that whoever asks, or somebody else, was last given. */
  | { fenceOf: string; by?: string }
  /** The selection that this ask made. */
  | { selectOf: string }
  /** The token that this operator or machine uses. */
  | { tokenOf: string };

export type Action = { at: number } & Deed;

export type Deed =
  /** `retries`: asked again with the same key, if it has one, while no answer comes. */
  | {
    do: "ask";
    ask: string;
    operator: string;
    call: CallName;
    args: Record<string, unknown>;
    key?: string;
    retries?: number;
  }
  | { do: "watch"; operator: string; frame: Record<string, unknown>; confirms?: boolean }
  | { do: "connect" | "leave"; operator: string }
  /** Drives a lane for so long, over its socket, with the fence that it was last given. */
  | { do: "steer"; operator: string; device: string; name: string; for: number }
  /** Machines. */
  | { do: "start" | "reboot" | "hang_up" | "sample" | "event" | "report"; machine: string }
  | { do: "halt" | "mute"; machine: string; for: number }
  | { do: "lie"; machine: string; lie: Lie; of?: string }
  /** It, or the operator, gets the token that this ask made. */
  | { do: "provision"; machine: string; of: string }
  | { do: "enlist"; operator: string; of: string }
  /** The net. `who` are machines and operators. */
  | { do: "cut"; who: string; heard: "both" | "hub" | "peer" | "none" }
  | { do: "stall"; who: string[]; for: number }
  /** The hub. */
  | { do: "crash"; power: boolean; down: number; when?: CrashPoint }
  | { do: "restart"; down: number }
  | { do: "evict" | "wake" }
  | { do: "full" | "slow"; for: number };

/** The crash comes with the commit after so many others, before it or after it, or once so many effects were performed. */
export interface CrashPoint {
  commits: number;
  point: "before" | "after" | number;
}

export const LIES = [
  "unknown_id",
  "others_id",
  "conflict",
  "repeat",
  "received_late",
  "nonsense",
  "bad_telemetry",
  "old_applied",
  "hello_again",
] as const;
export type Lie = typeof LIES[number];
