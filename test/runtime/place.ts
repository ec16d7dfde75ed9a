/** Where a hub believes it is: its public origins, and what a proxy says of the caller [S1, I7, I8]. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, bearer, dial, isPeer, rest, wsUrl } from "../support/client.ts";
import type { Hub, Launch } from "./launch.ts";

const PUBLIC = "https://hub.example.org";
const FORWARDED = {
  "X-Forwarded-Proto": "https",
  "X-Forwarded-Host": "hub.example.org",
  "X-Forwarded-For": "192.0.2.7",
};

/** The session's cookie by its name, what it allows, and what `me` says of it. */
async function signIn(hub: Hub, headers: Record<string, string>) {
  const { status, headers: answered } = await rest(hub.url).post("/api/v1/session", { token: hub.adminToken }, headers);
  expect(status).toBe(201);
  const [pair, ...attributes] = answered.get("set-cookie")!.split("; ");
  const Cookie = pair;
  const me = await rest(hub.url).get("/api/v1/me", { ...headers, Cookie });
  return { name: pair.split("=")[0], isSecure: attributes.includes("Secure"), me: me.body, Cookie };
}

/** What a page of this origin may do with that cookie: a call that changes something, and the socket. */
async function mayAct(hub: Hub, headers: Record<string, string>): Promise<[call: number, socket: number]> {
  const call = await rest(hub.url).post("/api/v1/tickets", {}, headers);
  const peer = await dial(wsUrl(hub.url, "/operator"), { headers });
  if (!isPeer(peer)) return [call.status, peer.status];
  peer.terminate();
  return [call.status, 101];
}

const typeOf = (answer: Answer) => answer.body.type;

export function place(name: string, launch: Launch): void {
  describe(`place: ${name}`, () => {
    const hubs: Record<string, Hub> = {};
    beforeAll(async () => {
      hubs.plain = await launch();
      hubs.named = await launch({ SIGNALBOX_URL: `${PUBLIC}, https://other.example.org` });
      hubs.behind = await launch({ SIGNALBOX_TRUST_PROXY: "1" });
    }, 180_000);
    afterAll(() => Promise.all(Object.values(hubs).map((hub) => hub.dispose())));

    test("[S1, I8] without a setting the request's own host is the origin, whatever a proxy claims", async () => {
      const hub = hubs.plain;
      const session = await signIn(hub, FORWARDED);
      expect(session).toMatchObject({ name: "signalbox", isSecure: false, me: { insecure: true } });
      const { Cookie } = session;
      expect(await mayAct(hub, { Cookie, Origin: hub.url })).toEqual([201, 101]);
      // Not the same host by https: the proxy of wrangler dev makes one of both. `test/workerd` tests it.
      for (const Origin of [PUBLIC, "http://127.0.0.1", "null"]) {
        expect(await mayAct(hub, { Cookie, Origin, ...FORWARDED }), Origin).toEqual([403, 403]);
      }
      expect(await mayAct(hub, { Cookie })).toEqual([403, 403]);
      expect(typeOf(await rest(hub.url).get("/api/v1/nothing", FORWARDED))).toBe(`${hub.url}/docs/errors/not_found`);
    });

    test("[S1, I8] with SIGNALBOX_URL its origins count and the request's own does not", async () => {
      const hub = hubs.named;
      const { Cookie } = await signIn(hub, {});
      for (const Origin of [PUBLIC, "https://other.example.org"]) {
        expect(await mayAct(hub, { Cookie, Origin }), Origin).toEqual([201, 101]);
      }
      for (const Origin of [hub.url, "http://hub.example.org", `${PUBLIC}:444`, `${PUBLIC}.evil.example`]) {
        expect(await mayAct(hub, { Cookie, Origin }), Origin).toEqual([403, 403]);
      }
      // A token of one's own needs no page.
      expect((await rest(hub.url, hub.adminToken).post("/api/v1/tickets", {})).status).toBe(201);
    });

    test("[S1, I7] with SIGNALBOX_TRUST_PROXY the proxy says where the caller is", async () => {
      const hub = hubs.behind;
      const session = await signIn(hub, FORWARDED);
      expect(session).toMatchObject({ name: "__Host-signalbox", isSecure: true });
      expect(session.me.insecure).toBeUndefined();
      const { Cookie } = session;
      expect(await mayAct(hub, { Cookie, Origin: PUBLIC, ...FORWARDED })).toEqual([201, 101]);
      expect(await mayAct(hub, { Cookie, Origin: hub.url, ...FORWARDED })).toEqual([403, 403]);
      expect(typeOf(await rest(hub.url).get("/api/v1/nothing", FORWARDED))).toBe(`${PUBLIC}/docs/errors/not_found`);
      // Several proxies: the first one met the caller.
      const chain = { "X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "hub.example.org, inner" };
      expect(await mayAct(hub, { Cookie, Origin: PUBLIC, ...chain })).toEqual([201, 101]);
      // Reached past the proxy it is where it was asked.
      expect(await signIn(hub, {})).toMatchObject({ name: "signalbox", isSecure: false, me: { insecure: true } });
    });

    test("[I8] a token in a header needs no origin, wherever the hub is", async () => {
      for (const hub of Object.values(hubs)) {
        const peer = await dial(wsUrl(hub.url, "/operator"), {
          headers: { ...bearer(hub.adminToken), Origin: "https://evil.example" },
        });
        expect(isPeer(peer)).toBe(true);
        if (isPeer(peer)) peer.terminate();
      }
    });
  });
}
