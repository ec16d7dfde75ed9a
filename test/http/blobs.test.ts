/** [B9] What a device sent must not act as a page of the hub. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { defineKind } from "../../src/kind/kind.ts";
import { ok } from "../../src/protocol/fault.ts";
import { ADMIN, signalbox } from "../hub/signalbox.ts";

const anything = defineKind({
  ...{ name: "anything", version: 1, title: "Anything", telemetry: {}, state: {}, commands: {} },
  blobs: ["image/jpeg", "image/png", "image/svg+xml", "text/html", "application/pdf"],
});

/** What a browser would get, had the device sent a page under this type. */
async function fetched(mime: string): Promise<Response> {
  const box = signalbox({ kinds: [anything] });
  const app = createApp({
    hub: {
      call: (name, args, caller) => Promise.resolve(box.call(name, args, caller)),
      settled: (id) => Promise.resolve(box.record(id)),
      isAwaited: () => false,
      connect: () => Promise.resolve(ok(new Response())),
      stream: () => Promise.reject(new Error("nobody asks for it")),
      ready: () => Promise.resolve({ ok: true }),
      refused: () => {},
    },
    ...{ kinds: [anything], build: "test", origins: [], trustProxy: false, now: () => box.now, log: () => {} },
  });
  const page = new TextEncoder().encode("<script>alert(document.cookie)</script>");
  const sha256 = createHash("sha256").update(page).digest("hex");
  const device = box.device("one", "anything");
  device.send({ type: "blob", id: "page.1", mime, size: page.length, sha256 });
  device.binary(page);
  expect(device.take("stored").blob).toBe("page.1");
  const address = "http://hub.test/api/v1/devices/one/blobs/page.1";
  const answer = await app.fetch(new Request(address, { headers: { Authorization: `Bearer ${ADMIN}` } }));
  expect([answer.status, new Uint8Array(await answer.clone().arrayBuffer())]).toEqual([200, page]);
  return answer;
}

describe("blobs", () => {
  it.each(["text/html", "image/svg+xml", "application/pdf"])("[B9] %s is a file, in a sandbox", async (mime) => {
    const { headers } = await fetched(mime);
    expect(headers.get("content-disposition")).toBe('attachment; filename="page.1"');
    expect(headers.get("content-type")).toBe(mime);
    expect(headers.get("content-security-policy")).toBe("sandbox");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it.each(["image/jpeg", "image/png"])("[B9] %s is shown in its place, in a sandbox", async (mime) => {
    const { headers } = await fetched(mime);
    expect(headers.get("content-disposition")).toBe('inline; filename="page.1"');
    expect(headers.get("content-type")).toBe(mime);
    expect(headers.get("content-security-policy")).toBe("sandbox");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});
