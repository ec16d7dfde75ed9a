/** Plays a script, or a seed: all that is done, then calm, then everything is read once more. */
import { createHash } from "node:crypto";
import { generate, planWorld } from "./generate.ts";
import type { Action, Script, WorldPlan } from "./script.ts";
import { type TraceEvent, Violation } from "./trace.ts";
import { World } from "./world.ts";

export interface Played {
  /** What was done, as far as it came. */
  script: Script;
  steps: number;
  events: readonly TraceEvent[];
  violation: Violation | null;
}

/** How long after the last fault whatever can end has ended: the longest ttl, and then the longest answer [I15]. */
const CALM = 130_000;
const HUSH = 15_000;
const REST = 5_000;
/** Looked for in steps that fall in with no heartbeat. */
const STEP = 1_000;
const MOST_TRIES = 60;
/** A world that does not come to rest is a fault too. */
const MOST_STEPS = 50_000;

export type Reader = (event: TraceEvent) => void;

export const playScript = (script: Script, read: Reader): Played =>
  play(script, script.actions[Symbol.iterator](), Infinity, read);

/** The seed's run is over after so many steps; what was done until then is the script that it leaves. */
export function playSeed(seed: number, steps: number, read: Reader, more: Partial<WorldPlan> = {}): Played {
  const name = String(seed);
  const world = { ...planWorld(name), ...more };
  return play({ seed: name, world, actions: [] }, generate(name, world), steps, read);
}

function play(script: Script, actions: Iterator<Action>, most: number, read: Reader): Played {
  const done: Action[] = [];
  const ends = script.ends ?? script.actions.at(-1)?.at ?? Infinity;
  let world: World | null = null;
  let ended: number | undefined = script.ends;
  const outcome = (violation: Violation | null): Played => ({
    script: { ...script, actions: done, ends: ended },
    steps: world?.clock.steps ?? 0,
    events: world?.trace.events ?? [],
    violation,
  });
  let isCaught = false;
  try {
    world = new World(script, (event) => isCaught || read(event));
    const { clock } = world;
    const begun = clock.now;
    let next = actions.next();
    const mostInAll = (most === Infinity ? 0 : most) + MOST_STEPS;
    // A moment is never left half done, so that the script of a seed's run is that run.
    while (clock.steps < most || clock.next === clock.now) {
      const at = next.done ? Infinity : begun + next.value.at;
      if (Math.min(at, clock.next) > begun + ends) break;
      if (at <= clock.next) {
        clock.now = Math.max(clock.now, at);
        done.push(next.value);
        world.perform(structuredClone(next.value));
        next = actions.next();
      } else {
        clock.step();
        if (clock.steps > mostInAll) restless(world);
      }
    }
    ended = clock.now - begun;
    world.calm();
    pass(world, CALM);
    world.hush();
    pass(world, HUSH);
    // Somebody may have come back just now: what follows from it is told within seconds.
    for (let tries = 0; tries < MOST_TRIES && isMoving(world); tries++) pass(world, STEP);
    world.read();
    return outcome(null);
  } catch (error) {
    isCaught = true;
    if (error instanceof Violation) return outcome(error);
    throw error;
  }
}

/** Did anything happen lately, or before the broker was told all? */
function isMoving(world: World): boolean {
  const last = world.trace.events.findLast(isMove)?.at ?? 0;
  return last > world.clock.now - REST || !world.isTold(last);
}

/** What screens are shown, and say that they saw, follows from the rest and may go on for ever, as pings do. */
const isMove = (event: TraceEvent): boolean =>
  event.type !== "shown" && !("frame" in event && ["ping", "pong", "seen"].includes(event.frame.type));

function pass(world: World, ms: number): void {
  const { clock } = world;
  const until = clock.now + ms;
  const most = clock.steps + MOST_STEPS;
  while (clock.next <= until) {
    clock.step();
    if (clock.steps > most) restless(world);
  }
  clock.now = until;
}

function restless({ trace }: World): never {
  throw new Violation("I15", "the world comes to rest", trace.events.slice(-10));
}

/** The whole log, in one number: a run that is the same has the same. */
export function digestOf(events: readonly TraceEvent[]): string {
  const hash = createHash("sha256");
  for (const event of events) hash.update(JSON.stringify(event) + "\n");
  return hash.digest("hex");
}
