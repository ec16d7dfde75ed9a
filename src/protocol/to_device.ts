/** What the hub says to a device. */
import type { FaultCode } from "./fault.ts";

export type ToDevice =
  | {
    type: "welcome";
    protocol: 1;
    device: string;
    time: number;
    heartbeat: number;
    limits: { maxFrame: number; rate: number; burst: number; maxBlob: number };
    desired: { version: number; state?: Record<string, unknown> };
  }
  | {
    type: "command";
    id: string;
    name: string;
    params: Record<string, unknown>;
    ttl: number;
    expires: number;
    attempt?: number;
    fence?: number;
  }
  | { type: "cancel"; id: string }
  | { type: "desired"; version: number; state: Record<string, unknown> }
  | { type: "stream"; name: string; data: Record<string, unknown>; n: number; fence?: number }
  | { type: "stored"; seq: number }
  | { type: "stored"; id: string }
  | { type: "stored"; blob: string }
  | ErrorFrame;

/** A refused frame [F10]. */
export interface ErrorFrame {
  type: "error";
  code: FaultCode;
  message: string;
  of?: string;
  seq?: number;
  id?: string;
  pointer?: string;
  more?: number;
}
