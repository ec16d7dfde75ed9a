/** A watcher that stops reading its socket: it is closed after half a minute, and meanwhile costs the process nothing. */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { bearer, device, operator, rest } from "../support/client.ts";
import { frame, handshake, TEXT } from "../support/raw.ts";
import { denoHub } from "./launch.ts";

const MIB = 1024 * 1024;
const WATCHES = 32;
/** Shown as it is in each watch of its frames [O5]. */
const LONG = `{"type":"telemetry","data":{"power":1}}${" ".repeat(4_000)}`;

const residentOf = (pid: number) =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024;

describe("on Deno", () => {
  it("[O8] who stops reading is closed with 4002, its memory stays bounded, and nobody else notices", async () => {
    const hub = await denoHub();
    try {
      const admin = rest(hub.url, hub.adminToken);
      const { body } = await admin.post("/api/v1/devices", { id: "lamp", kind: "relay" });
      const lamp = await device(hub.url, body.token);
      const other = await operator(hub.url, hub.adminToken);
      other.send({ type: "watch", id: "w" });
      const frozen = await handshake(hub.url, "/operator", { headers: bearer(hub.adminToken) });
      expect(frozen.status).toBe(101);
      for (let n = 0; n < WATCHES; n++) {
        frozen.send(frame(TEXT, JSON.stringify({ type: "watch", id: `w${n}`, device: "lamp", include: ["frames"] })));
      }
      // A process that just began grows by itself.
      for (let n = 0; n < 40; n++) lamp.send(LONG);
      await delay(1_000);
      frozen.freeze();
      const closed = async () => /reason="slow_consumer"\} 1$/m.test((await admin.get("/metrics")).text);
      const before = residentOf(hub.child.pid);
      let offered = 0;
      for (let n = 0; n < 1_800 && !(n % 20 === 0 && await closed()); n++) {
        lamp.send(LONG);
        offered += WATCHES * LONG.length;
        await delay(25);
      }
      expect(await closed()).toBe(true);
      expect(offered).toBeGreaterThan(64 * MIB);
      expect(residentOf(hub.child.pid) - before).toBeLessThan(48 * MIB);
      lamp.send({ type: "telemetry", data: { power: 7 } });
      await other.next(({ devices }) => devices?.lamp?.telemetry?.power?.value === 7);
      frozen.end();
    } finally {
      await hub.dispose();
    }
  });
});
