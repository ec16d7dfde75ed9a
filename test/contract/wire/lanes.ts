/** Real-time lanes: an operator steers, the newest frame wins. */
import { expect } from "vitest";
import type { Json } from "../../support/client.ts";
import { type Device, expectProblem, type Operator, pause, section, type World } from "./world.ts";

const LANE = "drive";
const data = { linear: 0.5, angular: 0 };
/** Of the rover's lane. */
const DEADMAN_MS = 500;

interface Driven {
  rover: Device;
  ann: Operator;
  fence: number;
  drive(n: number, more?: Json): void;
}

/** A rover out of its dock, and who holds its lease [G1, K7]. */
async function driven(w: World): Promise<Driven> {
  const [rover, ann] = [await w.device("rover"), await w.operator()];
  rover.send({ type: "state", reported: { mode: "idle" } });
  await rover.none();
  ann.send({ type: "lease", id: "lease", device: rover.id, action: "take" });
  const { value: { fence } } = await ann.next("reply");
  const drive = (n: number, more: Json = {}) =>
    ann.send({ type: "stream", device: rover.id, name: LANE, data, n, fence, ...more });
  return { rover, ann, fence, drive };
}

export const lanes = section("lanes", (it) => {
  it("[L1, L3] a frame goes on as it is, and nothing is answered", async (w) => {
    const { rover, ann, fence, drive } = await driven(w);
    for (const n of [1, 2]) {
      drive(n);
      expect(await rover.next("stream")).toEqual({ type: "stream", name: LANE, data, n, fence });
    }
    rover.send({ type: "streamed", name: LANE, n: 2 });
    await rover.none();
    await ann.none();
  });

  const refused: Record<string, [more: Json, code: string, pointer?: string]> = {
    "a device that is not there": [{ device: "nowhere" }, "not_found"],
    "a name that is no lane": [{ name: "stop", data: {} }, "unknown_command", "#/name"],
    "a name that is nothing": [{ name: "fly" }, "unknown_command", "#/name"],
    "data out of range": [{ data: { linear: 99, angular: 0 } }, "invalid_params", "#/data/linear"],
    "data that is missing": [{ data: undefined }, "bad_frame", "#/data"],
    "an unknown key": [{ speed: 1 }, "bad_frame", "#/speed"],
  };
  for (const [what, [more, code, pointer]] of Object.entries(refused)) {
    it(`[L1] ${what} is refused, and the device hears nothing`, async (w) => {
      const { rover, ann, drive } = await driven(w);
      drive(1, more);
      const error = await ann.next("error");
      expect(error).toMatchObject({ code, of: "stream" });
      expect(error.pointer).toBe(pointer);
      await rover.none();
    });
  }

  it("[L2, G4] without the lease's fence a frame is refused", async (w) => {
    const { rover, ann, fence, drive } = await driven(w);
    drive(1, { fence: undefined });
    expect(await ann.next("error")).toMatchObject({ code: "lease_required", of: "stream" });
    // Of a second refusal within a second nobody hears.
    drive(2, { fence: fence + 1 });
    await rover.none();
  });

  it("[L7] a lane is driven, not commanded", async (w) => {
    const rover = await w.device("rover");
    expectProblem(await w.command(rover.id, LANE, data), 422, "unknown_command");
    await rover.none();
  });

  it("[L1, I5] a viewer does not drive", async (w) => {
    const rover = await w.device("rover");
    const vera = await w.operator((await w.newOperator("viewer")).token);
    vera.send({ type: "stream", device: rover.id, name: LANE, data, n: 1 });
    expect(await vera.next("error")).toMatchObject({ code: "forbidden", of: "stream" });
    await rover.none();
  });

  it("[L2] a device that is offline is told of at most once a second", async (w) => {
    const made = await w.make("rover");
    const ann = await w.operator();
    const begun = Date.now();
    for (let n = 1; n <= 50; n++) {
      ann.send({ type: "stream", device: made.id, name: LANE, data, n });
      await pause(20);
    }
    const errors = (await ann.drain()).filter(({ type }) => type === "error");
    expect(errors[0]).toMatchObject({ code: "offline", of: "stream" });
    expect(errors.length).toBeLessThanOrEqual(1 + Math.floor((Date.now() - begun) / 1_000));
  });

  it("[L3] an unanswered frame older than the dead-man time holds back all but the newest", async (w) => {
    const { rover, ann, drive } = await driven(w);
    drive(1);
    await rover.next("stream");
    await pause(DEADMAN_MS + 200);
    for (const n of [2, 3, 4]) drive(n);
    await ann.none();
    await rover.none();
    rover.send({ type: "streamed", name: LANE, n: 1 });
    await rover.drain().then((frames) => frames.forEach(({ n }) => expect(n).toBe(4)));
    // On a busy machine 4 may have waited too long; 5 goes in any case.
    drive(5);
    expect((await rover.next((frame) => frame.n !== 4)).n).toBe(5);
  });

  it("[L3, F9] fifty frames a second for three seconds all arrive, in order", async (w) => {
    const { rover, ann, drive } = await driven(w);
    let answered = 0;
    for (let n = 1; n <= 150; n++) {
      drive(n);
      await pause(20);
      const newest = rover.frames.findLast(({ type }) => type === "stream")?.n ?? 0;
      if (newest > answered) rover.send({ type: "streamed", name: LANE, n: answered = newest });
    }
    await ann.none();
    const frames = (await rover.drain()).filter(({ type }) => type === "stream").map(({ n }) => n);
    expect(frames[frames.length - 1]).toBe(150);
    expect(frames).toEqual([...frames].sort((one, other) => one - other));
    // A pause of a busy machine may let a newer frame take the place of some.
    expect(frames.length).toBeGreaterThan(100);
  });

  it("[L] that somebody drove is in the audit, once", async (w) => {
    const { rover, ann, drive } = await driven(w);
    for (let n = 1; n <= 5; n++) drive(n);
    await ann.none();
    await rover.drain();
    const audit = await w.admin.get("/api/v1/audit?limit=500");
    const deeds = audit.body.items.filter((entry: Json) => entry.what === LANE && entry.target === rover.id);
    expect(deeds).toMatchObject([{ outcome: "driven" }]);
  });
});
