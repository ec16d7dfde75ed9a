import { describe, expect, it } from "vitest";
import { connect, rest } from "./world.ts";

describe("closing from the hub's side", () => {
  it("[I4] a revoked token cuts its socket with 4501", async () => {
    const { body: { token, tokenId } } = await rest("POST", "/devices", { id: "revoked", kind: "relay" });
    const relay = await connect("device", token);
    expect((await rest("DELETE", `/devices/revoked/token/${tokenId}`)).status).toBe(204);
    expect(await relay.closeCode()).toBe(4501);
  });
});
