/** A device that is deleted takes its history along; one that is made anew under its id begins without. */
import { describe, expect, it } from "vitest";
import { type Signalbox, signalbox } from "../hub/signalbox.ts";
import { Asking } from "./asking.ts";
import { MADE_FIELDS, madeKind, madeRecord } from "./made.ts";
import { play } from "./player.ts";

const START = Date.UTC(2027, 1, 27, 21);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const KINDS = [madeKind("made"), madeKind("other")];

/** Everything that history has of the device, in any resolution. */
const countOf = (box: Signalbox, device: string) =>
  [HOUR, DAY - HOUR, 20 * DAY, 400 * DAY].map((length) => {
    const { points } = box.ask("get_history", {
      device,
      field: "level",
      from: box.now - length,
      to: box.now,
      points: 300,
    });
    return points.reduce((sum, [, , , , count]) => sum + Number(count), 0);
  });
const NONE = [0, 0, 0, 0];

describe.each(KINDS)("made anew as $name", ({ name: kind }) => {
  it.each([0, 2, 10, 40])("[Q7] it has no history of %i days ago, nor has it again after a start", (days) => {
    const box = signalbox({ kinds: KINDS, now: START - 1_000 });
    const tracks = ["mae", "made", "mode"].map((device) => ({
      device,
      kind: "made",
      record: madeRecord(`${device}${days}`, START, 300),
    }));
    play({ box, seed: "anew", tracks, evictions: 0.02, crashes: 0.01 });
    box.advance(days * DAY);
    // What is on its way into history when it is deleted goes as well.
    const peer = box.device("made", kind);
    peer.send({ type: "telemetry", data: { level: 1 } });
    peer.send({ type: "telemetry", seq: 1, samples: [{ ago: 3_600, data: { level: 2 } }] });
    expect(countOf(box, "made").at(-1)).toBeGreaterThan(0);
    box.ask("delete_device", { device: "made" });
    box.tokens.delete("made");
    if (days === 10) box.advance(90_000);

    box.enroll("made", kind);
    expect(countOf(box, "made")).toEqual(NONE);
    box.evict();
    expect(countOf(box, "made")).toEqual(NONE);
    box.crash();
    box.advance(60_000);
    expect(countOf(box, "made")).toEqual(NONE);
    // Its own samples are older than itself: it was measuring before anybody enrolled it.
    box.device("made").send({
      type: "telemetry",
      samples: [{ ago: 7_200, data: { level: 1 } }, { data: { level: 2 } }],
    });
    box.advance(2_000);
    expect(countOf(box, "made")).toEqual([1, 2, 2, 2]);
    box.advance(3 * DAY);
    expect(countOf(box, "made")).toEqual([0, 0, 2, 2]);
    const asking = new Asking({ box, seed: "anew", fields: { mae: MADE_FIELDS, mode: MADE_FIELDS } });
    asking.ask(20, (device) => tracks.find((track) => track.device === device)!.record);
  });
});
