/** What the routes share: addresses, and the ways to ask the hub. */
import type { ArgsOf, CallName } from "../hub/call.ts";
import { ok, refuse } from "../protocol/fault.ts";
import { isFinal } from "../protocol/record.ts";
import { readWait } from "./conditions.ts";
import type { Answer, Asked } from "./route.ts";

export const API = "/api/v1";
export const DEVICE = `${API}/devices/{id}`;

/** The device that the address names. */
export const of = ({ params }: Asked) => ({ device: params.id });

/** A call with the caller and the key of this request. */
export const ask = <N extends CallName>({ hub, caller, key }: Asked, name: N, args: ArgsOf<N>) =>
  hub.call(name, args, caller, { key });

/** [R4] The record at once, or the outcome where the caller prefers to wait. */
export async function sendCommand(asked: Asked, command: Omit<ArgsOf<"send_command">, "device">): Promise<Answer> {
  const sent = await ask(asked, "send_command", { ...of(asked), ...command });
  if (!sent.ok) return sent;
  const { id } = sent.value;
  if (asked.key !== undefined && asked.hub.isAwaited(id)) return stillRunning(id);
  const headers = { Location: `${API}/commands/${id}` };
  const seconds = readWait(asked.request.headers);
  if (seconds === undefined) return { ...sent, headers };
  const record = await asked.hub.settled(id, seconds, asked.request.signal);
  if (record === null) return refuse("not_found", "The command went with its device, which was deleted meanwhile");
  const applied = { ...headers, "Preference-Applied": `wait=${seconds}` };
  return isFinal(record.status) ? { ...ok(record), status: 200, headers: applied } : { ...ok(record), headers };
}

/** [C20] */
const stillRunning = (command: string) =>
  refuse("conflict", "The first call with this key is not answered yet: it waits for the outcome", { command });

/** With the version of the document that it answers. */
export const tagged = (answer: Answer): Answer =>
  answer.ok ? { ...answer, headers: { ETag: `"${(answer.value as { version: number }).version}"` } } : answer;
