/** A refusal as a problem, for whoever asked over the broker [N13, N14]. */
import { type Fault, FAULTS, isFaultCode, statusOf } from "../protocol/fault.ts";

export type Refused = Pick<Fault, "code" | "message" | "pointer" | "command">;

/** As R2 has it, but for the pages about codes: those have an address on the hub, and the broker has none. */
export function problemOf({ code, message, pointer, command }: Refused): Record<string, unknown> {
  const known = isFaultCode(code) ? code : "internal";
  return {
    title: FAULTS[known].title,
    status: statusOf({ code: known, message }),
    detail: message,
    code,
    retryable: FAULTS[known].retryable,
    ...(command !== undefined && { command }),
    ...(pointer !== undefined && { errors: [{ pointer, detail: message }] }),
  };
}
