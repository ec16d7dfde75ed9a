/** What leads back from a command, by its kind's document alone. */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { type KindDocument, kindDocument } from "../../src/kind/schema.ts";
import { oppositeOf } from "../../src/panel/form/opposite.ts";

const kinds = new Map(KINDS.map((kind) => [kind.name, kindDocument(kind)]));
const opposite = (kind: string, name: string, params: Record<string, unknown> = {}, before?: unknown) => {
  const found = oppositeOf(kinds.get(kind)!, { name, params, before, hadSecret: false });
  return found && { name: found.command.name, params: found.params, asks: found.asks };
};

describe("the opposite", () => {
  it("[K2] of a way is the other way, and is asked for once more where it is sent only once or is dangerous", () => {
    expect(opposite("lock", "lock")).toEqual({ name: "unlock", params: {}, asks: true });
    expect(opposite("lock", "unlock", { seconds: 5 })).toEqual({ name: "lock", params: {}, asks: false });
    expect(opposite("valve", "close")).toEqual({ name: "open", params: {}, asks: true });
    expect(opposite("valve", "open", { seconds: 60 })).toEqual({ name: "close", params: {}, asks: false });
    expect(opposite("cover", "open")).toEqual({ name: "close", params: {}, asks: true });
  });

  it("[K2] of a value is the one that was there before, of the same channel", () => {
    expect(opposite("relay", "set", { on: true, channel: 3 }, false)).toEqual({
      name: "set",
      params: { on: false, channel: 3 },
      asks: false,
    });
    expect(opposite("thermostat", "set_target", { target: 21 }, 19.5)).toMatchObject({ params: { target: 19.5 } });
    expect(opposite("light", "set_color", { color: { h: 9, s: 9 } }, { h: 0, s: 0 })).toMatchObject({
      params: { color: { h: 0, s: 0 } },
    });
  });

  it("is not there where nothing is known, nothing changed, or it could not be asked for", () => {
    expect(opposite("thermostat", "set_target", { target: 21 })).toBeNull();
    expect(opposite("thermostat", "set_target", { target: 21 }, 21)).toBeNull();
    expect(opposite("thermostat", "set_target", { target: 21 }, 99)).toBeNull();
    expect(opposite("relay", "toggle")).toBeNull();
    expect(opposite("rover", "dock")).toBeNull();
    expect(opposite("relay", "gone")).toBeNull();
  });

  it("of no command of any kind is a stop or goes without its confirmation", () => {
    let found = 0;
    for (const kind of kinds.values()) {
      for (const [name, { confirms }] of Object.entries((kind as KindDocument).commands)) {
        const params = confirms && "param" in confirms ? { [confirms.param]: 1 } : {};
        const back = oppositeOf(kind, { name, params, before: 2, hadSecret: false });
        if (!back) continue;
        found += 1;
        const { effect, danger, select } = back.command;
        expect(back.command.name).not.toBe("stop");
        if (effect === "once" || danger !== "none" || select) expect(back.asks, `${kind.kind} ${name}`).toBe(true);
      }
    }
    expect(found).toBeGreaterThan(8);
  });
});
