/** Devices of the library that were away, before a whole hub: what holds of them again at once. */
import { afterEach, describe, expect, it } from "vitest";
import rover from "../../devices/rover.ts";
import valve from "../../devices/valve.ts";
import { Bench } from "./bench.ts";

describe("a device that was away", () => {
  let bench: Bench;
  afterEach(() => bench.close());

  it("[D9, C24] has told what its interlocks go by, however long ago it last changed", async () => {
    bench = new Bench();
    await bench.device("garden", valve);
    await bench.pass(valve.stale + 60, 1);
    bench.cut();
    expect(bench.box.view("garden").presence).toBe("offline");
    expect(await bench.until(() => bench.box.view("garden").presence === "online", 120)).toBe(true);
    await bench.pass(0.2);
    const opened = bench.send("garden", "open", { seconds: 60 });
    expect(await bench.outcome(opened, 60)).toMatchObject({ status: "succeeded" });
  });

  it("[E2, E9, D6] stops when it is back, and takes what is desired once it is cleared", async () => {
    bench = new Bench();
    const { box } = bench;
    await bench.device("van", rover);
    expect(await bench.outcome(bench.send("van", "undock", {}), 60)).toMatchObject({ status: "succeeded" });
    const errand = bench.send("van", "goto", { x: 6, y: 0 });
    await bench.pass(2);
    bench.cut();
    box.ask("estop", { device: "van", action: "set", reason: "smoke" });
    expect(box.view("van")).toMatchObject({ reported: { moving: true }, estop: { confirmedAt: null } });
    expect(await bench.until(() => typeof box.view("van").estop?.confirmedAt === "number", 120)).toBe(true);
    await bench.pass(1);
    expect(box.view("van").reported).toMatchObject({ moving: false, mode: "idle" });
    expect(box.record(errand.id)).toMatchObject({ status: "unknown" });
    box.ask("estop", { device: "van", action: "clear" });
    await bench.pass(60, 1);
    expect(box.view("van").reported).toMatchObject({ moving: false, mode: "idle" });
    box.ask("lease", { device: "van", action: "take" });
    box.ask("desire", { device: "van", patch: { max_linear: 0.5 } });
    await bench.pass(1);
    expect(box.view("van").reported).toMatchObject({ max_linear: 0.5 });
  });
});
