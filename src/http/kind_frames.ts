/** A kind's examples as frames, as they go over the wire in both directions. */
import type { CommandDocument, KindDocument } from "../kind/schema.ts";

export interface ExampleFrame {
  direction: ">" | "<";
  text: string;
}

type Doc = Record<string, unknown>;
const said = (frame: Doc): ExampleFrame => ({ direction: ">", text: JSON.stringify(frame) });
const heard = (frame: Doc): ExampleFrame => ({ direction: "<", text: JSON.stringify(frame) });

/** Some id, and some time of the hub's. */
const ID = "01k2z";
const NOW = 1_786_000_000_000;

export const telemetryFrames = ({ properties }: KindDocument): ExampleFrame[] =>
  (properties.telemetry.examples ?? []).map((data) => said({ type: "telemetry", data }));

/** What it reports, and what it hears when somebody desires what it reports here. */
export function stateFrames({ properties: { state } }: KindDocument): ExampleFrame[] {
  const fields = (state.properties ?? {}) as Record<string, Doc>;
  const reports = (state.examples ?? []).map((reported) => said({ type: "state", reported }));
  const wanted = Object.entries(state.examples?.[0] ?? {}).filter(([name]) => fields[name]?.desirable === true);
  if (wanted.length === 0) return reports;
  return [
    ...reports,
    heard({ type: "desired", version: 1, state: Object.fromEntries(wanted) }),
    said({ type: "state", reported: Object.fromEntries(wanted), applied: { version: 1, ok: true } }),
  ];
}

export const eventFrames = (name: string, event: Doc): ExampleFrame[] =>
  ((event.examples ?? []) as Doc[]).map((data) => said({ type: "event", name, data }));

/** With the fence of a lease, where the kind asks for one [G4]. */
export function commandFrames(name: string, command: CommandDocument, { lease }: KindDocument): ExampleFrame[] {
  const { effect, ttl, examples = [{ params: {} }] } = command;
  const fence = lease && name !== "stop" ? { fence: 5 } : {};
  if (effect === "stream") {
    const lane = examples.map(({ params }, at) => heard({ type: "stream", name, data: params, n: at + 1, ...fence }));
    return [...lane, said({ type: "streamed", name, n: examples.length })];
  }
  const expires = NOW + ttl.default * 1000;
  const [{ params, result }] = examples;
  return [
    heard({ type: "command", id: ID, name, params, ttl: ttl.default, expires, ...fence }),
    said({ type: "result", id: ID, ok: true, ...(result !== undefined && { value: result }) }),
    heard({ type: "stored", id: ID }),
  ];
}

/** Its own first way to fail. */
export function failureFrames({ errors }: CommandDocument): ExampleFrame[] {
  if (errors.length === 0) return [];
  const [code] = errors;
  return [said({ type: "result", id: ID, ok: false, error: { code, message: "Why, for people to read." } })];
}
