/** Makes a script that fails shorter, as long as it fails in the same way: what is left is what matters. */
import { SIMULATED } from "./kinds.ts";
import { Checker } from "./checks/check.ts";
import { playScript } from "./play.ts";
import type { Action, Script } from "./script.ts";
import type { Violation } from "./trace.ts";

/** Tries to leave out half of the actions, then a quarter …, and last each single one; then whole machines. */
export function minimise(script: Script, violation: Violation): Script {
  const fails = (tried: Script) => {
    try {
      return playScript(tried, new Checker({ kinds: SIMULATED }).see).violation?.invariant === violation.invariant;
    } catch {
      return false;
    }
  };
  let least = script;
  const shrink = <T>(parts: (script: Script) => T[], put: (script: Script, kept: T[]) => Script) => {
    for (let size = Math.ceil(parts(least).length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = parts(least).length - size; from > -size; from -= size) {
        const kept = parts(least).toSpliced(Math.max(0, from), size + Math.min(0, from));
        const tried = put(least, kept);
        if (kept.length < parts(least).length && fails(tried)) least = tried;
      }
    }
  };
  const actions = () => shrink<Action>((of) => of.actions, (of, actions) => ({ ...of, actions }));
  actions();
  shrink((of) => of.world.machines, (of, machines) => ({ ...of, world: { ...of.world, machines } }));
  shrink((of) => of.world.operators, (of, operators) => ({ ...of, world: { ...of.world, operators } }));
  actions();
  return least;
}
