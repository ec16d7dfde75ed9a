/** [A2.8] What is seen here, as a call that a shell takes as it is. The token has the name that the guides give it. */
import type { JobView } from "../../protocol/job.ts";
import type { CommandRecord } from "../../protocol/record.ts";
import { path } from "./rest.ts";

export const TOKEN = "$OPERATOR";
const CURL = `curl -H "Authorization: Bearer ${TOKEN}"`;

/** One that only reads: a path of the hub's. */
export const curlGet = (address: string): string => `${CURL} '${addressOf(address)}'`;

export const curlCommand = ({ device, name, params }: CommandRecord): string =>
  `${CURL} -H "Prefer: wait=10" --json ${quoted({ name, params })} '${addressOf(path.commands(device))}'`;

/** Started anew by a program it would be this; secrets are not known here. */
export function curlJob(job: JobView, devices: readonly string[]): string {
  const { query, name, params, rate, canary, stopAt, ttl } = job;
  // [J15] Whom it is for when they were named one by one, only its results say.
  const whom = query === "" ? { devices } : { query };
  return `${CURL} --json ${quoted({ ...whom, name, params, rate, canary, stopAt, ttl })} '${
    addressOf(path.allCommands)
  }'`;
}

const addressOf = (path: string): string => `${location.origin}${path}`.replaceAll("'", "%27");
const quoted = (body: unknown): string => `'${JSON.stringify(body).replaceAll("'", "'\\''")}'`;
