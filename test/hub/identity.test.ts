import { describe, expect, it } from "vitest";
import { ADMIN, LIVES, signalbox } from "./signalbox.ts";

describe.each(LIVES)("identity, $life", ({ isForgetful }) => {
  it("[I3, I10] a credential opens its own sort of socket only", () => {
    const box = signalbox({ isForgetful });
    const device = box.enroll("lamp", "relay");
    const codeOf = (path: "device" | "operator", token: string, user?: string) => {
      const { outcome } = box.tryConnect(path, { sort: "token", token, user });
      return outcome.ok ? "open" : outcome.fault.code;
    };
    expect([codeOf("device", device), codeOf("device", device, "lamp"), codeOf("operator", ADMIN)]).toEqual([
      "open",
      "open",
      "open",
    ]);
    expect([
      codeOf("device", ADMIN),
      codeOf("operator", device),
      codeOf("device", device, "other"),
      codeOf("device", "lamp.wrong"),
      codeOf("device", "nobody.secret"),
      codeOf("operator", "op~x~y"),
      codeOf("operator", "."),
    ]).toEqual(Array(7).fill("unauthenticated"));
  });

  it("[I3] a device's token makes and ends no operator's way in", () => {
    const box = signalbox({ isForgetful });
    const device = { sort: "token", token: box.enroll("lamp", "relay") } as const;
    const refused = [
      box.call("open_session", { token: ADMIN }, device),
      box.call("close_session", {}, device),
      box.call("claim", { code: "x" }, device),
      box.call("create_ticket", {}, device),
      box.call("get_metrics", {}, device),
    ];
    for (const outcome of refused) expect(outcome).toMatchObject({ ok: false, fault: { code: "forbidden" } });
  });

  it("[H5] who am I", () => {
    const box = signalbox({ isForgetful });
    const device = box.enroll("lamp", "relay");
    expect(box.ask("me", {})).toEqual({ type: "operator", id: "admin", name: "Administrator", role: "admin" });
    expect(box.ask("me", {}, device)).toEqual({ type: "device", id: "lamp", name: "lamp" });
    expect(box.call("me", {}, { sort: "none" })).toMatchObject({ ok: false, fault: { code: "unauthenticated" } });
  });

  it("[I1] no secret is in the store", () => {
    const box = signalbox({ isForgetful });
    const device = box.enroll("lamp", "relay");
    const { token } = box.ask("create_token", { name: "Ann", role: "admin" });
    const { ticket } = box.ask("create_ticket", {}, token);
    const { session } = box.ask("open_session", { token });
    const tables = ["device_token", "operator_token", "ticket", "session", "audit"] as const;
    const stored = JSON.stringify(tables.map((table) => box.store.list(table)));
    for (const secret of [device, token, ticket, session.secret].map((text) => text.split(/[.~]/).at(-1)!)) {
      expect(secret.length).toBeGreaterThanOrEqual(32);
      expect(stored).not.toContain(secret);
    }
  });

  it("[I4] two tokens side by side, a third is a conflict, revoking one cuts its socket", () => {
    const box = signalbox({ isForgetful });
    const first = box.device("lamp");
    const { token, tokenId } = box.ask("create_device_token", { device: "lamp" });
    expect(box.call("create_device_token", { device: "lamp" })).toMatchObject({
      ok: false,
      fault: { code: "conflict" },
    });
    const [old] = box.ask("list_device_tokens", { device: "lamp" }).items;
    box.ask("delete_device_token", { device: "lamp", token: old.tokenId });
    expect(first.closed?.code).toBe(4501);
    const second = box.connect("device", { sort: "token", token });
    expect(box.ask("list_device_tokens", { device: "lamp" }).items).toEqual([{
      tokenId,
      createdAt: box.now,
      lastUsedAt: box.now,
    }]);
    expect(second.closed).toBeNull();
  });

  it("[I6] a ticket opens one socket, within 30 seconds, while its credential lives", () => {
    const box = signalbox({ isForgetful });
    const { id, token } = box.ask("create_token", { name: "Ann", role: "viewer" });
    const ticket = () => ({ sort: "ticket", ticket: box.ask("create_ticket", {}, token).ticket }) as const;
    const opens = (credential: ReturnType<typeof ticket>) => box.tryConnect("operator", credential).outcome.ok;
    const once = ticket();
    const late = ticket();
    expect([opens(once), opens(once)]).toEqual([true, false]);
    box.advance(30_000);
    expect(opens(late)).toBe(false);
    const orphan = ticket();
    box.ask("delete_token", { token: id });
    expect(opens(orphan)).toBe(false);
  });

  it("[I6, I7] a ticket of a session, and the socket that it opened, end with the session", () => {
    const box = signalbox({ isForgetful });
    const { token } = box.ask("create_token", { name: "Ann", role: "viewer" });
    const cookie = { sort: "cookie", secret: box.ask("open_session", { token }).session.secret } as const;
    const ticket = () => {
      const made = box.call("create_ticket", {}, cookie);
      return { sort: "ticket", ticket: made.ok ? made.value.ticket : "" } as const;
    };
    const panel = box.connect("operator", ticket());
    const unused = ticket();
    box.call("close_session", {}, cookie);
    expect(panel.closed?.code).toBe(4500);
    expect(box.tryConnect("operator", unused).outcome).toMatchObject({ fault: { code: "unauthenticated" } });
  });

  it("[I7] a session lasts 30 days, ends with its token, and signing out closes its sockets", () => {
    const box = signalbox({ isForgetful });
    const { id, token } = box.ask("create_token", { name: "Ann", role: "viewer" });
    const cookie = () => ({ sort: "cookie", secret: box.ask("open_session", { token }).session.secret }) as const;
    const isIn = (credential: ReturnType<typeof cookie>) => box.call("me", {}, credential).ok;
    const [out, old] = [cookie(), cookie()];
    const panel = box.connect("operator", out);
    box.call("close_session", {}, out);
    expect([panel.closed?.code, isIn(out), isIn(old)]).toEqual([4500, false, true]);
    const late = box.connect("operator", old);
    box.advance(30 * 86_400_000);
    expect(isIn(old)).toBe(false);
    late.send({ type: "watch", id: "w" });
    expect([late.closed?.code, late.frames]).toEqual([4005, []]);
    const last = cookie();
    box.ask("delete_token", { token: id });
    expect(isIn(last)).toBe(false);
  });

  it("[I9] the claim code makes the first administrator, once; wrong codes are slowed down", () => {
    const box = signalbox({ isForgetful: false, adminDigest: null });
    const { code } = box.logs.find(({ event }) => event === "claim_code")!.fields as { code: string };
    const claim = (code: string) => box.call("claim", { code }, { sort: "none" });
    expect(claim("wrong")).toMatchObject({ ok: false, fault: { code: "unauthenticated" } });
    const claimed = claim(code);
    expect(claimed).toMatchObject({ ok: true, value: { role: "admin", token: expect.any(String) } });
    expect(
      box.call("create_device", { id: "lamp", kind: "relay" }, (claimed as { value: { token: string } }).value.token)
        .ok,
    ).toBe(true);
    expect(claim(code)).toMatchObject({ ok: false, fault: { code: "unauthenticated" } });
    for (let tried = 0; tried < 10; tried++) claim("wrong");
    expect(claim("wrong")).toMatchObject({
      ok: false,
      fault: { code: "rate_limited", retryAfter: expect.any(Number) },
    });
    box.logs.length = 0;
    box.crash();
    expect(box.logs).toEqual([]);
  });

  it("[R] every change is in the audit, with who did it", () => {
    const box = signalbox({ isForgetful });
    box.device("lamp");
    box.ask("change_device", { device: "lamp", patch: { name: "Lamp", tags: ["hall"] } });
    box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    box.ask("delete_device", { device: "lamp" });
    const rows = box.ask("list_audit", {}).items.map(({ who, what, target }) => [who.id, what, target]);
    expect(rows).toEqual([["admin", "delete_device", "lamp"], ["admin", "toggle", "lamp"], [
      "admin",
      "change_device",
      "lamp",
    ], ["admin", "create_device", "lamp"]]);
    expect(box.call("list_audit", {}, box.ask("create_token", { name: "o", role: "operator" }).token)).toMatchObject({
      ok: false,
      fault: { code: "forbidden" },
    });
  });
});
