/** A list that has the events and commands of what its query finds, besides its devices [O14]. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { LIVES, type Peer, signalbox } from "./signalbox.ts";

const told = (peer: Peer) =>
  peer.frames.splice(0).filter(({ type }) => type !== "changes" && type !== "snapshot")
    .map(({ type, device, name, command }) =>
      `${type} ${command ? `${command.device} ${command.status}` : `${device} ${name}`}`
    );

const MOTION = { type: "event", name: "motion", data: { level: 14 } };
const EACH = { type: "watch", include: ["events", "commands"] };

describe.each(LIVES)("a list with what happens, $life", ({ isForgetful }) => {
  it("[O14] has events, blobs and each step of a command of what its query finds, and of nothing else", () => {
    const box = signalbox({ isForgetful });
    const [porch, gate] = [box.device("porch", "camera"), box.device("gate", "camera")];
    const lamp = box.device("lamp");
    const ann = box.operator("viewer");
    expect(ann.ask({ ...EACH, query: "id:porch,lamp" }).ok).toBe(true);
    for (const camera of [porch, gate]) camera.send(MOTION);
    expect(told(ann)).toEqual(["event porch motion"]);
    const { id } = box.ask("send_command", { device: "lamp", name: "toggle", params: {} });
    box.ask("send_command", { device: "gate", name: "identify", params: {} });
    lamp.send({ type: "received", id });
    lamp.send({ type: "result", id, ok: true });
    expect(told(ann)).toEqual(["accepted", "sent", "received", "succeeded"].map((step) => `command lamp ${step}`));
    const bytes = new TextEncoder().encode("a picture");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    for (const camera of [porch, gate]) {
      camera.send({ type: "blob", id: "b1", mime: "image/jpeg", size: bytes.length, sha256 });
      camera.binary(bytes);
    }
    expect(told(ann)).toEqual(["blob porch undefined"]);
  });

  it("[O14] one without a query has them of the whole fleet, in the window or not, and of one that is new", () => {
    const box = signalbox({ isForgetful });
    const gate = box.device("gate", "camera");
    box.enroll("attic", "relay");
    const ann = box.operator("viewer");
    ann.ask({ ...EACH, window: [0, 1] });
    expect(ann.take("snapshot").devices.map(({ id }: { id: string }) => id)).toEqual(["attic"]);
    gate.send(MOTION);
    box.device("hall", "camera").send(MOTION);
    box.call("send_command", { device: "attic", name: "toggle", params: {} });
    expect(told(ann)).toEqual(["event gate motion", "event hall motion", "command attic rejected"]);
  });

  it("[O14] shows of its devices what fields says, and changes as ever", () => {
    const box = signalbox({ isForgetful });
    const lamp = box.device("lamp");
    const [ann, bob] = [box.operator(), box.operator()];
    for (const [peer, include] of [[ann, ["events", "frames", "presence"]], [bob, undefined]] as const) {
      peer.ask({ type: "watch", fields: ["power"], include });
      expect(peer.take("snapshot").devices).toEqual([{ id: "lamp" }]);
    }
    lamp.send({ type: "telemetry", data: { power: 4 } });
    box.advance(250);
    for (const peer of [ann, bob]) {
      expect(JSON.stringify(peer.frames)).toContain('"power":{"value":4');
      expect(JSON.stringify(peer.frames)).not.toContain("presence");
      expect(peer.all("frame")).toEqual([]);
    }
  });

  it("[O14] says each thing once, and nothing of what was not asked for or is not watched any more", () => {
    const box = signalbox({ isForgetful });
    const gate = box.device("gate", "camera");
    const ann = box.operator("viewer");
    for (const id of ["one", "two"]) ann.ask({ type: "watch", id, include: ["events"] });
    ann.ask({ type: "watch", id: "three", device: "gate", include: ["events"] });
    ann.ask({ type: "watch", id: "four", query: "kind:camera" });
    gate.send(MOTION);
    box.ask("send_command", { device: "gate", name: "identify", params: {} });
    expect(told(ann)).toEqual(["event gate motion"]);
    for (const id of ["one", "three"]) ann.ask({ type: "unwatch", id });
    gate.send(MOTION);
    expect(told(ann)).toEqual(["event gate motion"]);
    // In the place of the one that asked.
    ann.ask({ type: "watch", id: "two", query: "kind:camera" });
    gate.send(MOTION);
    expect(told(ann)).toEqual([]);
  });

  it("[O14, O7] who sent the command hears of each step once", () => {
    const box = signalbox({ isForgetful });
    const lamp = box.device("lamp");
    const ann = box.operator();
    ann.ask(EACH);
    const { value } = ann.ask({ type: "command", id: "c", device: "lamp", name: "toggle" });
    lamp.send({ type: "result", id: value.id, ok: true });
    expect(told(ann)).toEqual(["command lamp sent", "command lamp succeeded"]);
  });
});
