/** Whose a refused connection says it is, and what is said of it [H6]. */
import { describe, expect, it } from "vitest";
import { refuse } from "../../src/protocol/fault.ts";
import { type Door, refusalOf } from "../../src/protocol/refusal.ts";

const NOT_KNOWN = refuse("unauthenticated", "This credential is not known, or was revoked");
const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;

const told = (headers: Record<string, string>, over: Door = "device", { fault } = NOT_KNOWN) =>
  refusalOf(new Headers(headers), over, fault);

describe("[H6] a refused connection", () => {
  it.each([
    ["Bearer", { Authorization: "Bearer lamp.s3cret" }],
    ["a subprotocol", { "Sec-WebSocket-Protocol": "signalbox.v1, signalbox.token.lamp.s3cret" }],
    ["a subprotocol without the version", { "Sec-WebSocket-Protocol": "signalbox.token.lamp.s3cret" }],
    ["HTTP Basic", { Authorization: basic("lamp", "lamp.s3cret") }],
    ["a token without Bearer", { Authorization: "lamp.s3cret" }],
    ["quotes", { Authorization: 'Bearer "lamp.s3cret"' }],
    ["brackets", { Authorization: "Bearer <lamp.s3cret>" }],
  ])("names its device by %s", (_, headers) => {
    const refusal = told(headers);
    expect(refusal).toMatchObject({ device: "lamp", over: "device", code: "unauthenticated" });
    expect(refusal!.message).toMatch(/secret is not one of this device's/);
    expect(JSON.stringify(refusal)).not.toContain("s3cret");
  });

  it("may have dots in its device's id", () => {
    expect(told({ Authorization: "Bearer hall.lamp.2.s3cret" })).toMatchObject({ device: "hall.lamp.2" });
  });

  it("says what is wrong with it", () => {
    const headers = { Authorization: "Bearer lamp.s3cret" };
    expect(told(headers, "operator")!.message).toMatch(/\/operator/);
    expect(told({ Authorization: basic("lamp", "gate.s3cret") })).toMatchObject({
      device: "lamp",
      message: expect.stringMatching(/not one of its own/),
    });
    expect(told({ Authorization: basic("lamp", "op~1~s3cret") })!.message).toMatch(/not one of its own/);
    const other = refuse("bad_request", "This address speaks WebSocket");
    expect(told(headers, "device", other)).toMatchObject({ code: "bad_request", message: other.fault.message });
  });

  it.each([
    ["nothing", {}],
    ["an operator's token", { Authorization: "Bearer op~1~s3cret" }],
    ["a session", { Cookie: "signalbox=1~lamp.s3cret" }],
    ["a ticket", { "Sec-WebSocket-Protocol": "signalbox.v1, signalbox.ticket.ticket~1~s3cret" }],
    ["what is no token", { Authorization: "Bearer .s3cret" }],
    ["a broken Basic", { Authorization: "Basic %" }],
  ])("of %s names no device", (_, headers) => {
    expect(told(headers as Record<string, string>)).toBeNull();
  });

  it("of a hub that failed says nothing of the device", () => {
    expect(told({ Authorization: "Bearer lamp.s3cret" }, "device", refuse("storage_unavailable", "Full"))).toBeNull();
  });
});
