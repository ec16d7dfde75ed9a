/** What all programs to paste are made of. Pure. */
import type { Sample } from "../form/sample.ts";

export interface Credentials {
  /** Where the panel came from, and so where the hub is. */
  origin: string;
  id: string;
  kind: string;
  token: string;
  /** The kind's, in seconds. */
  heartbeat: number;
  sample: Sample;
}

export const isSecure = ({ origin }: Credentials): boolean => origin.startsWith("https:");
export const socketOf = ({ origin }: Credentials, door: "device" | "mqtt" = "device"): string =>
  `${origin.replace(/^http/, "ws")}/${door}`;
export const frameOf = ({ sample }: Credentials): string => JSON.stringify({ type: "telemetry", data: sample });

/** Fields are lower_snake_case [F8], so they need no quotes. */
export const javascriptOf = (sample: Sample): string =>
  `{ ${Object.entries(sample).map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ")} }`;

/** A board that loses its power says no goodbye, and its socket stands for minutes [P3]. */
export const promiseOf = ({ heartbeat }: Credentials): string =>
  `Who has said ping is missed after ${1.5 * heartbeat} s of silence: say both more often than that.`;

export const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);

/** Another machine would look for the hub on itself. */
export function reachHint({ origin }: Credentials): string {
  const { hostname } = new URL(origin);
  return isLoopback(hostname)
    ? ` ${hostname} is this computer: write the address under which the board reaches it.`
    : "";
}
