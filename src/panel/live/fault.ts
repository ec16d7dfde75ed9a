/** Why a request did not do what was asked, by socket or by REST, as one error [O1, R2]. */

export interface HubFault {
  code: string;
  message: string;
  retryable: boolean;
  /** Id of the rejected record, where the refusal left one [C1]. */
  command?: string;
  pointer?: string;
  errors?: { pointer: string; detail: string }[];
}

/** Nothing was sent: there is no connection to send it on. */
export const NOT_CONNECTED = "not_connected";
/** It was sent, and the connection ended before the answer: it may have been accepted. */
export const NO_ANSWER = "no_answer";

export class HubError extends Error {
  readonly fault: HubFault;

  constructor(fault: HubFault) {
    super(fault.message);
    this.name = "HubError";
    this.fault = fault;
  }
}

export const faultOf = (thrown: unknown): HubFault =>
  thrown instanceof HubError ? thrown.fault : { code: "internal", message: String(thrown), retryable: true };
