/** Whoever comes, goes, looks elsewhere or is cut off, in whatever order: who looks is who looks [O16]. */
import fc from "fast-check";
import { it } from "vitest";
import { LIVES, type Peer, type Signalbox, signalbox } from "./signalbox.ts";

const PEOPLE = ["Ann", "Bob", "Cem"] as const;
const DEVICES = ["lamp", "gate"] as const;
const RUNS = Number(process.env.RUNS ?? 150);

interface Window {
  who: string;
  peer: Peer;
  /** Device by the watch's id, of those that ask who looks. */
  looks: Map<string, string>;
  /** By the watch's id. */
  told: Map<string, string>;
}

class World {
  readonly windows: Window[] = [];
  readonly box: Signalbox;
  readonly #tokens: string[];

  constructor(isForgetful: boolean) {
    this.box = signalbox({ isForgetful });
    for (const id of DEVICES) this.box.enroll(id, "relay");
    this.#tokens = PEOPLE.map((name) => this.box.ask("create_token", { name, role: "viewer" }).token);
  }

  open(who: number): void {
    const peer = this.box.connect("operator", { sort: "token", token: this.#tokens[who] });
    this.windows.push({ who: PEOPLE[who], peer, looks: new Map(), told: new Map() });
  }

  hear(): void {
    for (const { peer, told } of this.windows) {
      for (const { watch, people } of peer.all("people")) told.set(watch, JSON.stringify(people.map(named)));
    }
  }

  /** What everybody who looks at it has to see. */
  at(device: string): string {
    const looking = this.windows.filter(({ looks }) => [...looks.values()].includes(device));
    const people = PEOPLE.map((name) => ({ name, windows: looking.filter(({ who }) => who === name).length }));
    return JSON.stringify(people.filter(({ windows }) => windows > 0).map(named));
  }
}

const named = ({ name, windows }: { name: string; windows: number }) => `${name} ${windows}`;

type Step = (world: World) => void;
const window = fc.nat(5);
const watch = fc.constantFrom("one", "two");

const within = (world: World, at: number, act: (window: Window) => void) => {
  const { windows } = world;
  if (windows.length > 0) act(windows[at % windows.length]);
};

const often = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });

const step = fc.oneof(
  often(2, fc.nat(2).map((who) => (world) => world.open(who))),
  often(
    6,
    fc.tuple(window, watch, fc.constantFrom(...DEVICES), fc.nat(3)).map(([at, id, device, chance]) => (world) =>
      within(world, at, ({ peer, looks, told }) => {
        const asks = chance > 0;
        peer.ask({ type: "watch", id, device, include: asks ? ["people"] : ["presence"] });
        told.delete(id);
        if (asks) looks.set(id, device);
        else looks.delete(id);
      })
    ),
  ),
  often(
    1,
    fc.tuple(window, watch).map(([at, id]) => (world) =>
      within(world, at, ({ peer, looks }) => {
        peer.ask({ type: "unwatch", id });
        looks.delete(id);
      })
    ),
  ),
  often(
    1,
    window.map((at) => (world) =>
      within(world, at, (gone) => {
        gone.peer.drop();
        world.windows.splice(world.windows.indexOf(gone), 1);
      })
    ),
  ),
  often(2, fc.nat(400).map((ms) => ({ box }) => box.advance(ms))),
  often(1, fc.constant(({ box }) => box.evict())),
);

it.each(LIVES)("[O16] in any order, $life", ({ isForgetful }) => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const world = new World(isForgetful);
      for (const act of steps) {
        act(world);
        world.hear();
      }
      // Something happens: a timer that was lost in a sleep is made up for.
      world.box.ask("me", {});
      world.box.advance(250);
      world.hear();
      for (const { who, looks, told } of world.windows) {
        for (const [id, device] of looks) {
          if (told.get(id) !== world.at(device)) {
            throw new Error(`${who} sees ${told.get(id)} at ${device}, where ${world.at(device)} look`);
          }
        }
      }
    }),
    { numRuns: RUNS },
  );
});
