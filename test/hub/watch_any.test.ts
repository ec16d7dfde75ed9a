/** Whatever happens to a fleet and to those who watch it: what they see is what REST answers, in the same order. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import process from "node:process";
import { type Definition, Screen } from "./screen.ts";
import { LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const DEVICES = ["a", "b", "c", "d", "e", "f", "g"];
const KINDS = ["env-sensor", "relay", "thermostat"];
const SLOW = 300 * 1024;

class World {
  readonly box: Signalbox;
  readonly sockets = new Map<string, Peer>();
  screens: Screen[];
  readonly #begun: number;

  constructor(isForgetful: boolean) {
    this.box = signalbox({ isForgetful });
    this.#begun = this.box.now;
    for (const [at, id] of DEVICES.slice(0, 5).entries()) this.enter(id, KINDS[at % KINDS.length]);
    this.screens = [new Screen(this.box, false), new Screen(this.box, false), new Screen(this.box, true)];
  }

  /** It connects, or takes over, unless it did that too often [P7]. */
  enter(id: string, kind: string): void {
    if (!this.box.tokens.has(id)) this.box.enroll(id, kind);
    const { peer, outcome } = this.box.tryConnect("device", { sort: "token", token: this.box.tokens.get(id)! });
    if (outcome.ok) this.sockets.set(id, peer);
  }

  /** Everybody reads what there is, and the next beats come. */
  settle(): void {
    this.reopen();
    for (const { peer } of this.screens) peer.backlog = 0;
    // Time alone moves presence, which is told within ten seconds [P5].
    const isYoung = this.box.now - this.#begun < 200_000;
    this.#wait(...(isYoung ? [2_000, 1_000] : [11_000, 2_000, 1_000]));
    // It may have moved just now.
    for (let again = 0; again < 2 && !isYoung && !this.#isTrue(); again++) this.#wait(11_000);
    for (const screen of this.screens) {
      screen.isTrue();
      expect(screen.peer.closed).toBeNull();
    }
  }

  #wait(...times: number[]): void {
    for (const time of times) {
      for (const screen of this.screens) screen.confirm();
      this.box.advance(time);
    }
  }

  #isTrue(): boolean {
    try {
      for (const screen of this.screens) screen.isTrue();
      return true;
    } catch {
      return false;
    }
  }

  /** Who did not read for too long is out, and comes back. */
  reopen(): void {
    this.screens = this.screens.map((screen, at) => {
      screen.isWell();
      if (!screen.peer.closed) return screen;
      expect(screen.peer.closed.code, "[O8]").toBe(4002);
      return new Screen(this.box, at === 2);
    });
  }
}

interface Act {
  (world: World): void;
  [fc.toStringMethod]?: () => string;
}

/** A step that a failure can name. */
const step = <V>(name: string, given: fc.Arbitrary<V>, act: (world: World, given: V) => void): fc.Arbitrary<Act> =>
  given.map((value) =>
    Object.assign((world: World) => act(world, value), {
      [fc.toStringMethod]: () => `${name} ${JSON.stringify(value)}`,
    })
  );

const device = fc.constantFrom(...DEVICES);
const screen = fc.nat(2);
const value = fc.constantFrom(18, 19.5, 20, 20, 21, 25, 30);

const measure = step(
  "measure",
  fc.tuple(device, value, fc.constantFrom(0, 0, 30)),
  ({ sockets }, [id, temperature, ago]) =>
    sockets.get(id)?.send({ type: "telemetry", ago, data: { temperature, battery: Math.round(temperature) } }),
);
const power = step(
  "power",
  fc.tuple(device, value),
  ({ sockets }, [id, power]) => sockets.get(id)?.send({ type: "telemetry", data: { power } }),
);
const report = step(
  "report",
  fc.tuple(device, fc.boolean(), fc.boolean()),
  ({ sockets }, [id, on, full]) => sockets.get(id)?.send({ type: "state", reported: { on }, ...(full && { full }) }),
);
const target = step("target", fc.tuple(device, fc.constantFrom(19, 22)), ({ box, sockets }, [id, target]) => {
  box.call("desire", { device: id, patch: { target } });
  sockets.get(id)?.send({ type: "state", reported: { target } });
});
const command = step(
  "command",
  device,
  ({ box }, id) => void box.call("send_command", { device: id, name: "identify", params: {} }),
);
const rename = step(
  "rename",
  fc.tuple(device, fc.constantFrom("One", "two", "Two", "two 10", "Two 9", null)),
  ({ box }, [id, name]) =>
    void box.call("change_device", { device: id, patch: { name, tags: name === "two" ? ["hall"] : [] } }),
);
const drop = step("drop", device, ({ sockets }, id) => {
  sockets.get(id)?.drop();
  sockets.delete(id);
});
const connect = step(
  "connect",
  fc.tuple(device, fc.constantFrom(...KINDS)),
  (world, [id, kind]) => world.enter(id, kind),
);
const remove = step("remove", device, ({ box, sockets }, id) => {
  box.call("delete_device", { device: id });
  box.tokens.delete(id);
  sockets.delete(id);
});

const list = fc.record({
  id: fc.constantFrom("x", "y"),
  query: fc.constantFrom(
    "",
    "",
    "temperature>19",
    "status:online",
    "kind:relay,thermostat",
    "tag:hall",
    "-power=*",
    "on=true",
  ),
  window: fc.constantFrom<[number, number][]>([0, 100], [0, 2], [1, 3], [6, 5]),
  sort: fc.constantFrom(
    "id",
    "name",
    "-name",
    "temperature",
    "-temperature",
    "power",
    "presence",
    "-seen",
    "on",
    "kind",
  ),
  fields: fc.constantFrom(undefined, undefined, ["name", "temperature", "on"], ["presence", "seen", "power"]),
  rate: fc.constantFrom(1, 4, 4, 20),
}) as fc.Arbitrary<Definition>;
const single = fc.record({ id: fc.constantFrom("x", "z"), device, rate: fc.constantFrom(1, 4, 20) });
const watch = step(
  "watch",
  fc.tuple(
    screen,
    fc.oneof({ weight: 3, arbitrary: list }, { weight: 1, arbitrary: single as fc.Arbitrary<Definition> }),
  ),
  // Who does not read asks nothing either.
  ({ screens }, [at, definition]) => screens[at].peer.backlog === 0 && screens[at].watch(definition),
);
const unwatch = step(
  "unwatch",
  fc.tuple(screen, fc.constantFrom("x", "y", "z")),
  ({ screens }, [at, id]) => screens[at].watches.has(id) && screens[at].peer.backlog === 0 && screens[at].unwatch(id),
);
const confirm = step("confirm", screen, ({ screens }, at) => screens[at].confirm());
const slow = step("slow", screen, ({ screens }, at) => void (screens[at].peer.backlog = SLOW));
const fast = step("fast", screen, ({ screens }, at) => void (screens[at].peer.backlog = 0));
const evict = step("evict", fc.constant(0), ({ box }) => box.evict());
const pass = step("pass", fc.constantFrom(10, 40, 100, 250, 400, 1_000, 5_000, 70_000), (world, ms) => {
  world.box.advance(ms);
  world.reopen();
});
/** More than who confirms may have unseen. */
const bustle = step("bustle", device, ({ box, sockets }, id) => {
  for (let n = 0; n < 12; n++) {
    sockets.get(id)?.send({ type: "telemetry", data: { power: n, temperature: n } });
    box.advance(1_000);
  }
});
const settle = step("settle", fc.constant(0), (world) => world.settle());

const act = fc.oneof(
  { weight: 8, arbitrary: measure },
  { weight: 3, arbitrary: power },
  { weight: 3, arbitrary: report },
  { weight: 2, arbitrary: target },
  { weight: 1, arbitrary: command },
  { weight: 2, arbitrary: rename },
  { weight: 2, arbitrary: drop },
  { weight: 3, arbitrary: connect },
  { weight: 1, arbitrary: remove },
  { weight: 5, arbitrary: watch },
  { weight: 1, arbitrary: unwatch },
  { weight: 1, arbitrary: confirm },
  { weight: 1, arbitrary: slow },
  { weight: 1, arbitrary: fast },
  { weight: 1, arbitrary: evict },
  { weight: 8, arbitrary: pass },
  { weight: 1, arbitrary: bustle },
  { weight: 2, arbitrary: settle },
);

const RUNS = Number(process.env.RUNS ?? 40);

describe.each(LIVES)("any watch, $life", ({ isForgetful }) => {
  it("[O3, O6, O8, O11] whoever merges what comes has what REST shows, in the same order", () => {
    let frames = 0;
    fc.assert(
      fc.property(fc.array(act, { minLength: 20, maxLength: 80, size: "max" }), (acts) => {
        const world = new World(isForgetful);
        for (const act of [...acts, (world: World) => world.settle()]) act(world);
        for (const screen of world.screens) frames += screen.frames;
      }),
      { numRuns: RUNS, ...(process.env.SEED !== undefined && { seed: Number(process.env.SEED) }) },
    );
    expect(frames).toBeGreaterThan(RUNS);
  }, 120_000);
});
