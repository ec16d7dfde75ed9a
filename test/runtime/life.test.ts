/** How the process lives on through faults, and ends: in order, with a word to everybody and nothing lost. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { connect as connectMqtt } from "mqtt";
import { describe, expect, test } from "vitest";
import { type Answer, bearer, device, operator, rest } from "../support/client.ts";
import { eventSource } from "../support/event_source.ts";
import { freePort } from "../support/port.ts";
import { handshake } from "../support/raw.ts";
import { denoHub, type Hub, sandbox, secret } from "./launch.ts";

const { folder, run } = sandbox();

async function withHub(act: (hub: Hub) => Promise<void>): Promise<void> {
  const hub = await denoHub();
  await act(hub).finally(() => hub.dispose());
}

async function enroll({ url, adminToken }: { url: string; adminToken: string }, id: string, kind = "relay") {
  const { status, body } = await rest(url, adminToken).post("/api/v1/devices", { id, kind });
  expect(status).toBe(201);
  return body.token as string;
}

/** Asks until the answer is the hoped one. */
async function until(ask: () => Promise<unknown>, hoped: unknown, withinMs: number): Promise<void> {
  const end = Date.now() + withinMs;
  let answer = await ask();
  while (JSON.stringify(answer) !== JSON.stringify(hoped) && Date.now() < end) {
    await delay(50);
    answer = await ask();
  }
  expect(answer).toEqual(hoped);
}

describe("the end", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    test(`[Z] ${signal} closes every socket with 1012 and ends with 0`, () =>
      withHub(async (hub) => {
        const sockets = [await device(hub.url, await enroll(hub, "lamp")), await operator(hub.url, hub.adminToken)];
        hub.child.signal(signal);
        for (const socket of sockets) {
          const { code, reason } = await socket.closed;
          expect(code).toBe(1012);
          expect(JSON.parse(reason)).toEqual({ retryAfter: expect.any(Number) });
        }
        expect(await hub.child.ended).toEqual({ code: 0, signal: null });
        expect(hub.child.err()).toBe("");
        expect(hub.child.out()).toMatch(/\{"event":"started",.+"build":.+\n(.*\n)*\{"event":"stopped",.+\}\n/);
      }));
  }

  test("[M12] SIGTERM says goodbye to a device over MQTT", () =>
    withHub(async (hub) => {
      const password = await enroll(hub, "lamp");
      const client = connectMqtt(hub.url.replace("http", "ws") + "/mqtt", {
        protocolVersion: 5,
        username: "lamp",
        password,
        reconnectPeriod: 0,
      });
      await new Promise((resolve) => client.once("connect", resolve));
      const said = new Promise((resolve) => client.once("disconnect", ({ reasonCode }) => resolve(reasonCode)));
      hub.child.signal("SIGTERM");
      expect(await said).toBe(0x8b);
      expect(await hub.child.ended).toEqual({ code: 0, signal: null });
      await client.endAsync(true);
    }));

  test("[R11] SIGTERM ends every event stream with 1012, and is not held by one that nobody reads", () =>
    withHub(async (hub) => {
      const stream = await eventSource(`${hub.url}/api/v1/stream?include=events`, bearer(hub.adminToken));
      const unread = await fetch(`${hub.url}/api/v1/stream`, { headers: bearer(hub.adminToken) });
      hub.child.signal("SIGTERM");
      const { data } = await stream.next(({ event }) => event === "end");
      expect(data).toEqual({ type: "end", code: 1012, name: "restarting", retryAfter: 1 });
      await stream.ended;
      expect(await hub.child.ended).toEqual({ code: 0, signal: null });
      await unread.body?.cancel();
    }));

  test("[T7, C7, C8] nothing is lost: samples of the last moment, commands in flight, evidence", () =>
    withHub(async (hub) => {
      const admin = rest(hub.url, hub.adminToken);
      const [lampToken, roofToken] = [await enroll(hub, "lamp"), await enroll(hub, "roof", "env-sensor")];
      const [lamp, roof] = [await device(hub.url, lampToken), await device(hub.url, roofToken)];
      const post = (name: string, params: unknown) =>
        admin.post("/api/v1/devices/lamp/commands", { name, params, ttl: 30 }).then(({ body }) => body.id as string);
      const flying = await post("toggle", {});
      await lamp.next("command");
      const waits = await post("set", { on: true });
      for (let at = 1; at <= 10; at++) roof.send({ type: "telemetry", data: { temperature: at } });
      await roof.none();
      hub.child.signal("SIGTERM");
      expect((await hub.child.ended).code).toBe(0);

      await hub.restart();
      const of = async (id: string) => (await admin.get(`/api/v1/commands/${id}`)).body.status;
      expect([await of(flying), await of(waits)]).toEqual(["unknown", "accepted"]);
      const { body } = await admin.get("/api/v1/devices/roof/telemetry?field=temperature&points=1");
      expect(body.points.reduce((sum: number, point: number[]) => sum + point[4], 0)).toBe(10);
      expect((await admin.get("/api/v1/devices/roof")).body).toMatchObject({
        presence: "offline",
        reason: "restarting",
        telemetry: { temperature: { value: 10 } },
      });
      const again = await device(hub.url, lampToken);
      expect(await again.next("command")).toMatchObject({ id: waits, name: "set" });
      again.terminate();
    }));

  test("[R4] a call that waits for a command hears how it stands", () =>
    withHub(async (hub) => {
      const lamp = await device(hub.url, await enroll(hub, "lamp"));
      const body = { name: "set", params: { on: true }, ttl: 30 };
      const call = rest(hub.url, hub.adminToken)
        .post("/api/v1/devices/lamp/commands", body, { Prefer: "wait=60" });
      await lamp.next("command");
      hub.child.signal("SIGTERM");
      const answer: Answer = await call;
      expect([answer.status, answer.body.status]).toEqual([202, "sent"]);
      expect((await hub.child.ended).code).toBe(0);
    }));

  test(
    "a peer that neither reads nor answers does not hold it, nor does a second signal hasten it",
    () =>
      withHub(async (hub) => {
        const token = await enroll(hub, "lamp");
        const stuck = await handshake(hub.url, "/device", { headers: bearer(token) });
        const half = connect(Number(new URL(hub.url).port), "127.0.0.1");
        half.on("error", () => {});
        half.write("POST /api/v1/devices HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
        await delay(100);
        hub.child.signal("SIGTERM");
        hub.child.signal("SIGTERM");
        expect(await hub.child.ended).toEqual({ code: 0, signal: null });
        half.destroy();
        stuck.end();
      }),
    15_000,
  );
});

describe("through faults", () => {
  test("[P] a client that is gone before its socket opened is offline, and harms nobody", () =>
    withHub(async (hub) => {
      const admin = rest(hub.url, hub.adminToken);
      const port = Number(new URL(hub.url).port);
      const leave: Record<string, (socket: Socket) => void> = {
        destroyed: (socket) => socket.destroy(),
        reset: (socket) => socket.resetAndDestroy(),
        ended: (socket) => socket.end(),
      };
      for (const [name, go] of Object.entries(leave)) {
        const lines = [
          "GET /device HTTP/1.1",
          "Host: localhost",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          `Authorization: Bearer ${await enroll(hub, name)}`,
        ];
        const socket = connect(port, "127.0.0.1");
        socket.on("error", () => {});
        await once(socket, "connect");
        await new Promise((resolve) => socket.write([...lines, "", ""].join("\r\n"), resolve));
        go(socket);
      }
      const standing = async (name: string) => (await admin.get(`/api/v1/devices/${name}`)).body;
      for (const name of Object.keys(leave)) {
        await until(async () => (await standing(name)).presence, "offline", 15_000);
        expect((await standing(name)).reason).toBe("connection_lost");
      }
    }), 30_000);

  test(
    "[C20, R4] whose caller is gone while it waits, that call may be made again at once",
    () =>
      withHub(async (hub) => {
        const lamp = await device(hub.url, await enroll(hub, "lamp"));
        const path = "/api/v1/devices/lamp/commands";
        const body = JSON.stringify({ name: "set", params: { on: true }, ttl: 60 });
        const key = { "Idempotency-Key": "one" };
        const headers = { ...bearer(hub.adminToken), ...key, Prefer: "wait=60" };
        const caller = new AbortController();
        const first = fetch(hub.url + path, { method: "POST", body, headers, signal: caller.signal });
        first.catch(() => {});
        const { id } = await lamp.next("command");
        const again = () => rest(hub.url, hub.adminToken).post(path, body, key);
        expect((await again()).status).toBe(409);
        caller.abort();
        await until(async () => (await again()).status, 202, 15_000);
        expect((await again()).body.id).toBe(id);
      }),
    30_000,
  );

  test("[H2, R2] a Host that is none is 400, and nothing for the log", () =>
    withHub(async (hub) => {
      const token = await enroll(hub, "lamp");
      for (const Host of ["a b", "%%%", "x/api/v1/me?", 'a"><b>', "a@b", "[::1", "a:b"]) {
        for (const path of ["/healthz", "/device", "/api/v1/me"]) {
          const { status, headers, body } = await handshake(hub.url, path, { headers: { Host, ...bearer(token) } });
          expect([status, JSON.parse(body).code], `${Host} ${path}`).toEqual([400, "bad_request"]);
          expect(headers.get("content-type")).toBe("application/problem+json");
        }
      }
      for (const Host of ["", "hub.example.org:8000", "[::1]:8000", "a_b"]) {
        const plain = { Host, Connection: "close", Upgrade: null };
        expect((await handshake(hub.url, "/healthz", { headers: plain })).status, Host).toBe(200);
      }
      expect(hub.child.err()).toBe("");
      expect(hub.child.out()).not.toMatch(/failed|fault/);
    }));

  test("[X] what nobody caught is logged, and every connection goes on", async () => {
    const env = { PORT: String(await freePort()), SIGNALBOX_DATA: await folder(), SIGNALBOX_ADMIN_TOKEN: secret() };
    const hub = { url: `http://127.0.0.1:${env.PORT}`, adminToken: env.SIGNALBOX_ADMIN_TOKEN };
    const child = run(env, "test/runtime/faulty.ts");
    await child.answers(`${hub.url}/healthz`);
    const lamp = await device(hub.url, await enroll(hub, "lamp"));
    await child.printed(
      /\{"event":"fault","at":"[^"]+","level":"error","error":"Error: an exception of ours","stack":".+"\}\n/,
    );
    await child.printed(
      /\{"event":"fault","at":"[^"]+","level":"error","error":"Error: a rejection of ours","stack":".+"\}\n/,
    );
    await lamp.none();

    child.deafen();
    await delay(300);
    lamp.send({ type: "telemetry", data: { power: 42 }, seq: 1 });
    await lamp.next("stored");
    child.signal("SIGTERM");
    expect((await child.ended).code).toBe(0);
  });
});
