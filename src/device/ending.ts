/** Why a connection ended or never began, and what follows from it [Z]. */
import { closeName, mayReconnect } from "../protocol/close.ts";

export interface Ending {
  /** The close code or the HTTP status of the refusal, where there was one. */
  code?: number;
  /** The protocol's word: `revoked`, `unauthenticated`, `restarting`; or `unreachable`, `no_pong`, `connection_lost`. */
  name: string;
  message: string;
  /** Only a person can change it. */
  isLasting: boolean;
  /** Seconds that the hub asked to stay away. */
  retryAfter?: number;
}

/** An ordinary mishap of the link. */
export const mishap = (name: string, message: string): Ending => ({ name, message, isLasting: false });

export function endingOfClose(code: number, reason: string): Ending {
  const name = closeName(code) ?? (code === 1000 ? "closed" : "connection_lost");
  return {
    code,
    name,
    message: name === "connection_lost"
      ? "the connection was lost"
      : `the hub ended the connection: ${name.replaceAll("_", " ")} (${code})`,
    isLasting: !mayReconnect(code),
    ...retryAfterOf(reason),
  };
}

/** 1012 and 1013 say when to come back. */
function retryAfterOf(reason: string): { retryAfter?: number } {
  try {
    const { retryAfter } = JSON.parse(reason);
    return Number.isFinite(retryAfter) && retryAfter >= 0 ? { retryAfter } : {};
  } catch {
    return {};
  }
}

/** 400, 401 and 403 do not pass by themselves; 429, 503 and everything else do. */
export function endingOfRefusal(status: number, problem: { code?: unknown; detail?: unknown }): Ending {
  const name = typeof problem.code === "string" ? problem.code : `http_${status}`;
  const detail = typeof problem.detail === "string" ? problem.detail : name;
  return {
    code: status,
    name,
    message: `the hub refused the connection: ${detail} (${status})`,
    isLasting: status === 400 || status === 401 || status === 403,
  };
}
