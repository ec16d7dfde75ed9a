/** A process whose disk is full lives on, promises nothing that it cannot keep, and goes on when there is room [X1]. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { device, operator, rest } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { DENO, start } from "../support/process.ts";
import { ROOT, sandbox, secret } from "./launch.ts";

const { folder, keep } = sandbox();

/**
 * Files that may not grow over 1 MiB fail as on a full disk, for nobody but this process; in blocks of 512 bytes. The
 * signal that goes with it would end the process, and no disk sends it.
 */
const LIMITED = `trap "" XFSZ; ulimit -S -f 2048; exec "$0" run -A src/platform/deno.ts`;
const hasPrlimit = await promisify(execFile)("prlimit", ["--version"]).then(() => true, () => false);

test("[C2, C12, X1] the real process", async (context) => {
  if (!hasPrlimit) context.skip("this machine has no prlimit, with which a running process gets room again");
  const env = { PORT: String(await freePort()), SIGNALBOX_DATA: await folder(), SIGNALBOX_ADMIN_TOKEN: secret() };
  const url = `http://127.0.0.1:${env.PORT}`;
  const child = keep(start("sh", ["-c", LIMITED, DENO], { cwd: ROOT, env }));
  await child.answers(`${url}/healthz`);
  const admin = rest(url, env.SIGNALBOX_ADMIN_TOKEN);
  const make = (id: string) => admin.post("/api/v1/devices", { id, kind: "relay", name: "N".repeat(100) });
  const command = (name: string, key: string) =>
    admin.post("/api/v1/devices/lamp/commands", { name, ttl: 60 }, { "Idempotency-Key": key });
  const [lampToken, doorToken] = [(await make("lamp")).body.token, (await make("door")).body.token];
  const lamp = await device(url, lampToken);
  const ann = await operator(url, env.SIGNALBOX_ADMIN_TOKEN);
  const { body: { id: flying } } = await command("toggle", "k1");
  await lamp.next("command");

  let made = 2;
  let answer = await make(`d${made}`);
  while (answer.status === 201 && made < 1_000) answer = await make(`d${++made}`);
  expect([answer.status, answer.body.code]).toEqual([503, "storage_unavailable"]);
  expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(made).toBeGreaterThan(5);

  // Small ones may find a little room yet.
  const isFull = () => lamp.frames.some(({ type }) => type === "error");
  for (let seq = 1; !isFull() && seq < 1_000; seq++) {
    lamp.send({ type: "state", seq, reported: { on: seq % 2 === 0 } });
    await lamp.drain();
  }
  expect(lamp.frames.at(-2)).toMatchObject({ type: "error", code: "storage_unavailable", of: "state" });

  // Nothing is accepted, counted or let in, and who asked hears so.
  expect((await command("toggle", "k2")).status).toBe(503);
  ann.send({ type: "command", id: "1", device: "lamp", name: "toggle", params: {}, key: "k3" });
  expect(await ann.next("reply")).toMatchObject({ ok: false, error: { code: "storage_unavailable", retryable: true } });
  lamp.send({ type: "result", id: flying, ok: true });
  expect(await lamp.next("error")).toMatchObject({ code: "storage_unavailable", of: "result", id: flying });
  await expect(device(url, doorToken)).rejects.toThrow("refused with 503");
  await lamp.none((frame) => frame.type === "command" || frame.type === "stored");
  // What only reads is answered.
  expect((await admin.get("/api/v1/devices?limit=500")).body.total).toBe(made);
  expect((await admin.get(`/api/v1/commands/${flying}`)).body.status).toBe("sent");
  for (const path of ["/healthz", "/readyz"]) expect((await rest(url).get(path)).status, path).toBe(200);

  await promisify(execFile)("prlimit", ["--pid", String(child.pid), "--fsize=unlimited"]);
  lamp.send({ type: "result", id: flying, ok: true });
  expect(await lamp.next("stored")).toEqual({ type: "stored", id: flying });
  const { status, body } = await command("toggle", "k2");
  expect([status, (await lamp.next("command")).id]).toEqual([202, body.id]);
  expect((await admin.get(`/api/v1/commands/${flying}`)).body.status).toBe("succeeded");
  const door = await device(url, doorToken);
  for (const peer of [lamp, door, ann]) peer.terminate();
  expect(child.out()).toContain('"event":"event_failed"');
}, 60_000);
