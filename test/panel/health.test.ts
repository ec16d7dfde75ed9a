/** How the hub is, as the panel says it; and that it asks only while somebody looks. */
import { describe, expect, it } from "vitest";
import { whileSeen } from "../../src/panel/live/health.ts";
import { alarmsOf, signsOf } from "../../src/panel/words/health.ts";
import { bridgeInWords } from "../../src/panel/words/bridge.ts";
import { factsOf } from "../../src/panel/words/home.ts";
import type { BridgeView, HubView } from "../../src/protocol/hub_view.ts";
import { FakeClock, settle } from "../device/fake.ts";

const WELL: HubView = {
  build: "0.1.0",
  runtime: "deno 2.9.6",
  startedAt: 1_786_000_000_000,
  time: 1_786_000_100_000,
  devices: { new: 0, online: 1_204, suspect: 0, sleeping: 0, offline: 3 },
  connections: { device: 1_204, operator: 2, stream: 1 },
  open: { commands: 0, jobs: 0, watches: 2 },
  perSecond: { samples: 812.4, framesIn: 815, framesOut: 12 },
  lately: { seconds: 60, refused: 0, failed: 0, faults: 0, lag: 0.003 },
  store: { state: "ok", waiting: 1, size: 12_400_000, free: 81e9 },
  bridge: null,
  map: null,
};
const with_ = (change: { [K in keyof HubView]?: Partial<HubView[K]> }): HubView =>
  Object.fromEntries(
    Object.entries(WELL).map(([key, value]) => [
      key,
      key in change ? { ...(value as object), ...(change[key as keyof HubView] as object) } : value,
    ]),
  ) as HubView;

const said = (view: HubView) =>
  signsOf(view).map(({ value, word, isWordFirst }) => isWordFirst ? `${word} ${value}` : `${value} ${word}`);

describe("how the hub is", () => {
  it("[R14] is a few numbers while all is well, each with a sentence", () => {
    expect(said(WELL)).toEqual(["1,204 connected", "812 samples/s", "lag 3 ms", "0 refused", "store 12.4 MB"]);
    expect(signsOf(WELL).every(({ level }) => level === "well")).toBe(true);
    expect(alarmsOf(WELL)).toEqual([]);
    for (const { title } of signsOf(WELL)) expect(title).toMatch(/^[A-Z\d][^_]*\.$/);
    expect(signsOf(WELL)[0].title)
      .toBe("1,204 devices are connected, and 3 windows or programs look at them.");
    expect(signsOf(WELL)[4].title)
      .toBe("The store has 12.4 MB. Its disk has 81.0 GB left. 1 sample waits to be written.");
  });

  it("[R14] one sample a minute is not none; what is not known is not said", () => {
    const quiet = with_({
      perSecond: { samples: 0.1 },
      lately: { lag: null },
      store: { size: undefined, free: undefined, waiting: 0 },
    });
    expect(said(quiet).slice(1)).toEqual(["0.1 samples/s", "lag –", "0 refused", "store ok"]);
    expect(signsOf(quiet)[4].title).toBe("The store takes writes. 0 samples wait to be written.");
    expect(said(with_({ perSecond: { samples: 0 } }))[1]).toBe("0 samples/s");
  });

  it.each(
    [
      [
        "a store that takes no writes",
        { store: { state: "refusing", since: 1 } },
        "store",
        "wrong",
        /takes no writes since/,
      ],
      ["bugs", { lately: { faults: 2 } }, null, "wrong", /failed at something .+ Its log says why\.$/],
      ["a late hub", { lately: { lag: 2.4 } }, "lag", "careful", /more than a second late/],
      ["a disk that fills up", { store: { free: 312e6 } }, "store", "careful", /less than 500\.0 MB left/],
      ["a flood of refusals", { lately: { refused: 1_340 } }, "refused", "careful", /^Many frames were refused/],
    ] as const,
  )("[R14] %s is loud, and nothing else is", (_, change, sign, level, text) => {
    const view = with_(change as never);
    expect(alarmsOf(view)).toEqual([{ level, text: expect.stringMatching(text) }]);
    expect(alarmsOf(view)[0].text).toMatch(/^[A-Z\d][^_]*\.$/);
    expect(signsOf(view).filter((one) => one.level !== "well").map((one) => [one.name, one.level]))
      .toEqual(sign === null ? [] : [[sign, level]]);
  });

  it("[R14] what is as bad is said together, the worst first, and in the same words as long as it is so", () => {
    const bad = (refused: number) =>
      alarmsOf(
        with_({ store: { state: "refusing", since: 1 }, lately: { refused, lag: 1 + refused, faults: refused } }),
      );
    expect(bad(60).map(({ level }) => level)).toEqual(["wrong", "careful"]);
    expect(bad(60)[0].text).toMatch(/^The store .+ The hub failed /);
    expect(bad(61)).toEqual(bad(60));
  });

  it("[R14] what is not much yet is not loud", () => {
    expect(alarmsOf(with_({ lately: { refused: 59, lag: 0.99, failed: 12 }, store: { free: 501e6 } }))).toEqual([]);
  });
});

describe("how the bridge is", () => {
  const NOON = Date.UTC(2026, 10, 26, 12);
  const BRIDGE: BridgeView = {
    state: "connected",
    since: NOON,
    waiting: 0,
    dropped: 0,
    published: 812,
    received: 3,
    refused: 0,
  };
  const DEGRADED: BridgeView = { ...BRIDGE, state: "degraded", reason: "The broker does not answer", waiting: 1_204 };
  const view = (bridge: BridgeView | null): HubView => ({ ...WELL, time: NOON + 60_000, bridge });
  const factOf = (bridge: BridgeView) => factsOf(view(bridge)).find(({ name }) => name === "MQTT bridge")?.value;

  it("[N50] is not said where there is none, and quiet while it is connected", () => {
    expect([signsOf(WELL).length, factsOf(WELL).some(({ name }) => /MQTT/.test(name))]).toEqual([5, false]);
    const sign = signsOf(view(BRIDGE))[5];
    expect([sign.word, sign.value, sign.level, factOf(BRIDGE)]).toEqual(["MQTT", "ok", "well", "connected"]);
    expect(sign.title).toMatch(/^The MQTT bridge has been connected to its broker since \d\d:00:00\. 0 messages wait/);
    expect(alarmsOf(view(BRIDGE))).toEqual([]);
    // Somebody may have meant it so.
    const deaf = view({
      ...BRIDGE,
      reason: "The broker does not let the bridge hear signalbox/+/command/+ (not authorized)",
    });
    expect([alarmsOf(deaf), signsOf(deaf)[5].level]).toEqual([[], "well"]);
    expect(signsOf(deaf)[5].title).toMatch(
      /since \d\d:00:00: The broker does not let .+ \(not authorized\)\. 0 messages wait/,
    );
  });

  it("[N50] a degraded one is one line that has since when, why and what waits", () => {
    const [alarm] = alarmsOf(view(DEGRADED));
    expect(alarm).toMatchObject({ level: "careful" });
    expect(alarm.text).toMatch(
      /^The MQTT bridge has been degraded since \d\d:00:00: The broker does not answer\. What it has to tell waits\.$/,
    );
    const sign = signsOf(view(DEGRADED))[5];
    expect([sign.value, sign.level]).toEqual(["degraded", "careful"]);
    expect(sign.title).toMatch(/does not answer\. 1,204 messages wait for the broker\.$/);
    expect(factOf(DEGRADED)).toBe("degraded, 1,204 messages wait");
    // Read out once, however much more waits.
    expect(alarmsOf(view({ ...DEGRADED, waiting: 9_000 }))).toEqual([alarm]);
  });

  it("[N50] what was too much to keep is not kept a secret; a day that is over is named", () => {
    expect(bridgeInWords({ ...DEGRADED, waiting: 10_000, dropped: 1 }, NOON))
      .toMatch(/10,000 messages wait for the broker\. 1 older one was dropped, as too many waited\.$/);
    expect(bridgeInWords({ ...DEGRADED, reason: undefined }, NOON + 48 * 3_600_000))
      .toMatch(/degraded since (26 Nov|Nov 26), \d\d:00:00\. /);
  });
});

describe("asking how it is", () => {
  const start = () => {
    const clock = new FakeClock();
    const listeners = new Set<() => void>();
    const page = {
      hidden: false,
      addEventListener: (_: string, told: () => void) => void listeners.add(told),
      removeEventListener: (_: string, told: () => void) => void listeners.delete(told),
    };
    const asked: PromiseWithResolvers<number>[] = [];
    const told: (number | null)[] = [];
    const ask = () => {
      const question = Promise.withResolvers<number>();
      asked.push(question);
      return question.promise;
    };
    const stop = whileSeen({ ask, told: (answer) => void told.push(answer), page: page as never, clock });
    const show = (isShown: boolean) => {
      page.hidden = !isShown;
      listeners.forEach((told) => told());
    };
    return { clock, asked, told, show, stop, listeners };
  };

  it("[R14] goes on every ten seconds, one question at a time, whatever the answer is", async () => {
    const { clock, asked, told } = start();
    await clock.advance(60);
    expect(asked).toHaveLength(1);
    asked[0].resolve(1);
    await clock.advance(9.999);
    expect([asked.length, told]).toEqual([1, [1]]);
    await clock.advance(0.001);
    asked[1].reject(new Error("away"));
    await clock.advance(10);
    expect([asked.length, told]).toEqual([3, [1, null]]);
  });

  it("[R14] of a hidden page asks nothing, and at once when it is seen again", async () => {
    const { clock, asked, told, show } = start();
    asked[0].resolve(1);
    await settle();
    show(false);
    await clock.advance(600);
    expect(asked).toHaveLength(1);
    show(true);
    expect(asked).toHaveLength(2);
    // An answer that came too late says nothing, and does not ask twice.
    show(false);
    asked[1].resolve(2);
    await clock.advance(600);
    expect([asked.length, told]).toEqual([2, [1]]);
  });

  it("[R14] ends with its screen", async () => {
    const { clock, asked, told, stop, listeners } = start();
    stop();
    asked[0].resolve(1);
    await clock.advance(600);
    expect([asked.length, told, listeners.size]).toEqual([1, [], 0]);
  });
});
