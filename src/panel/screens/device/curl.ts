/** [A2.8] What is seen here, as a call that a program can make. */
import type { CommandRecord } from "../../../protocol/record.ts";
import { path } from "../../live/rest.ts";

const CURL = 'curl -H "Authorization: Bearer $TOKEN"';

/** One that only reads: a path of the hub's. */
export const curlGet = (address: string): string => `${CURL} '${location.origin}${address}'`;

export function curlCommand({ device, name, params }: CommandRecord): string {
  const body = JSON.stringify({ name, params }).replaceAll("'", "'\\''");
  return `${CURL} -H "Prefer: wait=10" --json '${body}' ${location.origin}${path.commands(device)}`;
}
