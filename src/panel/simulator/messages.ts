/** What page and worker tell each other. */
import type { KindDocument } from "../../kind/schema.ts";
import type { Fault } from "./faults.ts";

export interface Enrolled {
  id: string;
  token: string;
  kind: KindDocument;
}

export type ToWorker =
  | { do: "start"; url: string; machine: Enrolled }
  | { do: "break"; id: string; fault: Fault; isOn: boolean }
  | { do: "stop" };

/** The client library's own view of its connection. */
export type Standing =
  | { state: "connecting" | "online" | "closed" }
  | { state: "waiting"; seconds: number; why: string }
  | { state: "stopped"; why: string }
  | { state: "rebooting" };

export interface FromWorker {
  id: string;
  standing: Standing;
}
