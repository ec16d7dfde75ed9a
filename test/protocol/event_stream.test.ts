/** How a frame is written as a server-sent event, held against how the standard says that such a text is read. */
import { describe, expect, it } from "vitest";
import { CLOSE } from "../../src/protocol/close.ts";
import { endOf, serverSent, streamEnd } from "../../src/protocol/event_stream.ts";
import { TO_OPERATOR } from "../../src/protocol/outgoing.ts";
import { readEvents } from "../support/event_source.ts";

const text = `"a\n\r\nb" \u2028 data: x\n\nevent: y`;
const frames = [
  { type: "changes", watch: "stream", revision: 12, devices: { lamp: { name: text } } },
  { type: "event", id: "1", device: "lamp", name: "x", data: { text, type: "end", watch: "w", revision: 9 }, at: 1 },
  { type: "blob", device: "lamp", id: "b", mime: "image/png", size: 1, sha256: "0".repeat(64), at: 1 },
];

describe("an event of a stream [R7]", () => {
  it.each(frames)("$type is read as its type and itself, whatever is in it", (frame) => {
    const [event, ...more] = readEvents(serverSent(JSON.stringify(frame)));
    expect(more).toEqual([]);
    expect(event).toEqual({
      event: frame.type,
      data: frame,
      ...("revision" in frame && { id: String(frame.revision) }),
    });
    expect(TO_OPERATOR[frame.type as "event"].safeParse(frame).success).toBe(true);
  });

  it("[R11] the end says of every close what it is", () => {
    for (const [name, code] of Object.entries(CLOSE)) {
      const end = endOf(code, "");
      expect(end).toEqual({ type: "end", code, name });
      expect(streamEnd.safeParse(end).success).toBe(true);
    }
    expect(endOf(1012, '{"retryAfter":1}')).toEqual({ type: "end", code: 1012, name: "restarting", retryAfter: 1 });
  });
});
