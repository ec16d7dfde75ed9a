/** One entry for each call: from it come the handler and its description. */
import type { z } from "zod";
import type { Credential } from "../protocol/credential.ts";
import type { Outcome } from "../protocol/fault.ts";
import type { CommandRecord } from "../protocol/record.ts";
import type { Path } from "../protocol/handshake.ts";
import type { Refusal } from "../protocol/refusal.ts";
import { auditView, blobView, commandRecord, desiredDocument, deviceView, eventView } from "../protocol/shown.ts";
import { facets } from "../protocol/facets.ts";
import { savedView } from "../protocol/saved_view.ts";
import { hubView } from "../protocol/hub_view.ts";
import { jobResult, jobTrial, jobView } from "../protocol/job.ts";
import { estopView, leaseView, selectionView } from "../protocol/shown.ts";
import type { StreamQuery } from "../protocol/event_stream.ts";
import type { ArgsOf, CallName, ValueOf } from "../hub/call.ts";

/** What the app asks of the hub. */
export interface HubPort {
  call<N extends CallName>(
    name: N,
    args: ArgsOf<N>,
    caller: Credential,
    options?: { key?: string },
  ): Promise<Outcome<ValueOf<N>>>;
  /**
   * The command's newest record, as soon as it is final, after so many seconds, or when `gone` says that nobody waits
   * any more; null where it went with its device.
   */
  settled(command: string, seconds: number, gone: AbortSignal): Promise<CommandRecord | null>;
  /** Is there a call that waits for it so? */
  isAwaited(command: string): boolean;
  /** Decides a socket; on ok it is the upgraded response. */
  connect(
    path: Path,
    caller: Credential,
    request: Request,
    protocol: string | null,
  ): Promise<Outcome<Response>>;
  /** Opens a stream of server-sent events, which is open until its body is cancelled [R7]. */
  stream(ask: StreamQuery, caller: Credential): Promise<Outcome<ReadableStream<Uint8Array>>>;
  ready(): Promise<Readiness>;
  /** Somebody who says to be this device was turned away [H6]. */
  refused(refusal: Refusal): void;
}

/** Does the store answer? Then also why the bridge to a broker is degraded, where it is [N50]. */
export type Readiness = { ok: true; degraded?: string } | { ok: false };

/** What answers are made of, by the names that the descriptions have for it. */
export const SHOWN = {
  Device: deviceView,
  Command: commandRecord,
  Desired: desiredDocument,
  Selection: selectionView,
  Lease: leaseView,
  EmergencyStop: estopView,
  Event: eventView,
  Blob: blobView,
  Decision: auditView,
  Job: jobView,
  JobResult: jobResult,
  JobTrial: jobTrial,
  Hub: hubView,
  Facets: facets,
  View: savedView,
};
export type Shown = keyof typeof SHOWN;

/** A request after its form was checked. */
export interface Asked {
  request: Request;
  params: Record<string, string>;
  // deno-lint-ignore no-explicit-any
  query: any;
  // deno-lint-ignore no-explicit-any
  body: any;
  caller: Credential;
  hub: HubPort;
  key: string | undefined;
  isSecure: boolean;
  /** Of this hub, as the caller sees it. */
  origin: string;
  now: number;
}

/** What a handler answers: a value with its status and headers, or a refusal. */
export type Answer = Outcome<unknown> & { status?: number; headers?: Record<string, string> };

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Route {
  method: Method;
  /** With `{name}` for what varies. */
  path: string;
  summary: string;
  tag: string;
  who: "anybody" | "device" | "viewer" | "operator" | "admin";
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Of the ordinary answer. */
  status: number;
  answer: string;
  /** What the answer shows, or shows a list of, where the descriptions have a schema of it. */
  shows?: Shown;
  lists?: Shown;
  /** Is it a list that nobody counts [R15], or not where only some of it is asked for [A9]? */
  isUncounted?: "always" | "filtered";
  /** What it shows with 200 where the call is only tried [J11]. */
  tries?: Shown;
  /** Its media type, where it is not plain JSON. */
  type?: string;
  /** Does it look at `Prefer: wait` [R4], or at `If-Match` [D4]? */
  waits?: true;
  matches?: true;
  run(asked: Asked): Promise<Answer> | Answer;
}
