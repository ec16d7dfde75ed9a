/** A client of server-sent events, as the standard reads them; in tests each event's data is JSON. */
import type { Json } from "./client.ts";

export interface ServerSent {
  event: string;
  data: Json;
  id?: string;
}

/** The events of a text; what is not ended by an empty line is none yet. */
export const readEvents = (text: string): ServerSent[] =>
  text.split(/\r\n\r\n|\n\n|\r\r/).slice(0, -1).flatMap((block) => {
    const fields = block.split(/\r\n|\n|\r/).filter((line) => !line.startsWith(":")).map((line) => {
      const [, name, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
      return { name, value };
    });
    const of = (name: string) => fields.filter((field) => field.name === name).map(({ value }) => value);
    const data = of("data").join("\n");
    if (data === "") return [];
    const [id] = of("id");
    return [{ event: of("event").at(-1) ?? "message", data: JSON.parse(data), ...(id !== undefined && { id }) }];
  });

/** An open stream, with everything that it was sent. */
export interface Stream {
  response: Response;
  /** As it came. */
  readonly text: string;
  readonly events: ServerSent[];
  /** Takes the first event that matches and was not taken yet, or waits for it. */
  next(match: (event: ServerSent) => boolean, timeoutMs?: number): Promise<ServerSent>;
  /** Waits until all of it holds. */
  until(holds: (text: string) => boolean, timeoutMs?: number): Promise<void>;
  /** Ends when the hub, or the line, ends it. */
  ended: Promise<void>;
  leave(): void;
}

const PATIENCE_MS = 10_000;

export async function eventSource(url: string, headers: Record<string, string>): Promise<Stream> {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  if (!response.ok) throw new Error(`refused with ${response.status}: ${await response.text()}`);
  const taken = new Set<number>();
  const waiting = new Set<() => void>();
  let text = "";
  let hasEnded = false;
  const read = async () => {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body!) {
        text += decoder.decode(chunk, { stream: true });
        waiting.forEach((look) => look());
      }
    } catch { /* it broke off */ }
    hasEnded = true;
    waiting.forEach((look) => look());
  };
  const ended = read();
  const wait = <T>(find: () => T | undefined, timeoutMs = PATIENCE_MS) =>
    new Promise<T>((resolve, reject) => {
      const fail = (why: string) => {
        done();
        reject(new Error(`no such event: ${why}; seen: ${text.slice(-1_500)}`));
      };
      const look = () => {
        const found = find();
        if (found !== undefined) {
          done();
          resolve(found);
        } else if (hasEnded) fail("it ended");
      };
      const timer = setTimeout(() => fail(`waited ${timeoutMs} ms`), timeoutMs);
      const done = () => (waiting.delete(look), clearTimeout(timer));
      waiting.add(look);
      look();
    });
  return {
    response,
    get text() {
      return text;
    },
    get events() {
      return readEvents(text);
    },
    next: (match, timeoutMs) =>
      wait(() => {
        const events = readEvents(text);
        const at = events.findIndex((event, at) => !taken.has(at) && match(event));
        if (at < 0) return undefined;
        taken.add(at);
        return events[at];
      }, timeoutMs),
    until: async (holds, timeoutMs) => void await wait(() => holds(text) || undefined, timeoutMs),
    ended,
    leave: () => controller.abort(),
  };
}
