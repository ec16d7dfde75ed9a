/** What a browser has around the panel, as far as the panel's one connection and REST need it. */
import { vi } from "vitest";
import { ANN, FakeSocket, type Frame } from "./fake.ts";

export interface Request {
  method: string;
  path: string;
  body?: unknown;
  headers: Record<string, string>;
}

export interface Page {
  readonly sockets: { url: string; protocols: string[]; socket: FakeSocket }[];
  readonly requests: Request[];
  /** What REST answers next; without one the hub does not answer. */
  answer: ((request: Request) => Response | Promise<Response>) | null;
}

/** Puts the page into the globals; `vi.unstubAllGlobals` takes it away. */
export function openPage(address = "http://hub.test:8000/"): Page {
  const page: Page = { sockets: [], requests: [], answer: null };
  class PageSocket extends FakeSocket {
    constructor(url: string, protocols: string[]) {
      super();
      page.sockets.push({ url, protocols, socket: this });
    }
  }
  vi.stubGlobal("WebSocket", PageSocket);
  vi.stubGlobal("location", new URL(address));
  vi.stubGlobal("fetch", async (path: string, { method, body, headers = {} }: RequestInit = {}) => {
    const request = {
      method: method!,
      path,
      headers: headers as Record<string, string>,
      ...(body !== undefined && { body: JSON.parse(String(body)) }),
    };
    page.requests.push(request);
    if (!page.answer) throw new TypeError("Failed to fetch");
    return await page.answer(request);
  });
  return page;
}

export const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

export const welcome = (time: number): Frame => ({ type: "welcome", protocol: 1, operator: ANN, time, build: "0.1.0" });
