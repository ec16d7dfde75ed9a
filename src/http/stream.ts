/** The fleet as server-sent events [R7]. */
import { ok } from "../protocol/fault.ts";
import { streamQuery } from "../protocol/event_stream.ts";
import { parseQuery } from "../protocol/query.ts";
import { API } from "./asking.ts";
import type { Answer, Asked, Route } from "./route.ts";

export const stream: Route[] = [
  {
    method: "GET",
    path: `${API}/stream`,
    tag: "Devices",
    who: "viewer",
    summary: "The devices that a query finds as server-sent events: what they are, then what changes",
    query: streamQuery,
    status: 200,
    answer: "events, one JSON in a line each, until somebody ends it",
    type: "text/event-stream",
    run: openStream,
  },
];

/** Nothing on the way may hold it back to make more of it, nor keep it [R10]. */
const HEADERS = { "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no" };

async function openStream({ request, query, hub, caller }: Asked): Promise<Answer> {
  const read = parseQuery(query.q);
  if (!read.ok) return read;
  // Nobody would ever read it, nor cancel it.
  const opened = request.method === "HEAD" ? ok(EMPTY()) : await hub.stream(query, caller);
  return opened.ok ? { ...opened, headers: HEADERS } : opened;
}

const EMPTY = () => new ReadableStream({ start: (body) => body.close() });
