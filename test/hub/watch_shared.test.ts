/** Watches that share a beat, a listing or what was written for another one [O3]: each is told its own truth. */
import { describe, expect, it } from "vitest";
import { projectionOf } from "../../src/hub/watching/projection.ts";
import { Sights } from "../../src/hub/watching/sights.ts";
import type { Turn } from "../../src/hub/turn.ts";
import { type Definition, Screen } from "./screen.ts";
import { signalbox } from "./signalbox.ts";

function people(...definitions: Definition[]) {
  const box = signalbox();
  const [roof, hall] = ["roof", "hall"].map((id) => box.device(id, "env-sensor"));
  const watch = (definition: Definition) => {
    const screen = new Screen(box, false);
    screen.watch(definition);
    return screen;
  };
  const screens = definitions.map(watch);
  const settle = () => {
    box.advance(250);
    for (const screen of screens) screen.isTrue();
  };
  return { box, roof, hall, watch, screens, settle };
}

describe("watches that share", () => {
  it("[O3] fifty who watch the same hear the same, each under its own id and revision", () => {
    const { roof, screens, settle } = people(...Array.from({ length: 50 }, (_, at) => ({ id: `w${at}` })));
    roof.send({ type: "telemetry", data: { temperature: 20 } });
    settle();
    const frames = screens.map(({ peer }) => peer.take("changes"));
    expect(frames.map(({ watch }) => watch)).toEqual(screens.map((_, at) => `w${at}`));
    expect(new Set(frames.map((frame) => JSON.stringify({ ...frame, watch: "" }))).size).toBe(1);
  });

  it("[O3] two empty lists are not the same list", () => {
    const { roof, settle } = people({ id: "w", query: "temperature>19", fields: ["name"] }, {
      id: "w",
      query: "temperature>18",
    });
    roof.send({ type: "telemetry", data: { temperature: 20 } });
    settle();
  });

  it("[O3] who comes between two beats has what is, and who was there hears it with the next", () => {
    const { box, watch, screens, settle } = people({ id: "w" });
    box.ask("delete_device", { device: "roof" });
    const bob = watch({ id: "w" });
    bob.isTrue();
    screens.push(bob);
    settle();
  });

  it("[O3] what one saw by asking anew, who sees another part of the same list is told", () => {
    const { box, hall, watch, screens, settle } = people({ id: "w", sort: "-seen", window: [0, 1] });
    box.advance(500);
    // The runtime answers a ping by itself, and wakes nobody.
    hall.pingedAt = box.now;
    const bob = watch({ id: "w", sort: "-seen", window: [0, 2] });
    bob.isTrue();
    screens.push(bob);
    settle();
  });

  it("[O3] a device that is watched alone waits for no list's beat", () => {
    const { box, roof, hall, watch } = people({ id: "w" });
    const alone = watch({ id: "w", device: "roof" });
    box.advance(1_000);
    hall.send({ type: "telemetry", data: { temperature: 20 } });
    box.advance(1);
    roof.send({ type: "telemetry", data: { temperature: 21 } });
    box.advance(1);
    alone.isTrue();
  });

  it("[O3] a change is written once only for those who come from the same to the same", () => {
    const [sights, all] = [new Sights({} as Turn), projectionOf({})];
    const [before, one, other] = [{ seen: 1 }, { seen: 2 }, { seen: 3 }];
    expect(sights.patch(all, before, one)).toBe('{"seen":2}');
    expect(sights.patch(all, before, other)).toBe('{"seen":3}');
    expect(sights.patch(all, before, { seen: 1 })).toBeUndefined();
  });
});
