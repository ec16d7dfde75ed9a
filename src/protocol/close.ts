/** Close codes [Z]. From 4500 on a program with a person before it stops and says why. */
export const CLOSE = {
  going_away: 1001,
  protocol_error: 1002,
  binary_not_expected: 1003,
  bad_text: 1007,
  refused: 1008,
  too_big: 1009,
  internal: 1011,
  restarting: 1012,
  overloaded: 1013,
  slow_consumer: 4002,
  heartbeat_lost: 4003,
  rate_limited: 4004,
  token_expired: 4005,
  resync: 4006,
  signed_out: 4500,
  revoked: 4501,
  taken_over: 4502,
  too_many_connections: 4504,
  too_many_bad_frames: 4505,
} as const;

export type CloseName = keyof typeof CLOSE;

const NAMES = new Map<number, CloseName>(
  Object.entries(CLOSE).map(([name, code]) => [code, name as CloseName]),
);

/** The protocol's word for a close code, or undefined where it has none. */
export const closeName = (code: number): CloseName | undefined => NAMES.get(code);

/** May a program come back after this code without a person [Z]? */
export const mayReconnect = (code: number): boolean => code < 4500;
