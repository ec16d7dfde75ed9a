/** Events and commands of the fleet in the words of kinds [K4], whichever device they are of. */
import { describe, expect, it } from "vitest";
import { KINDS } from "../../devices/mod.ts";
import { kindDocument } from "../../src/kind/schema.ts";
import { commandNamed, eventNamed } from "../../src/panel/form/named.ts";
import { paramsInWords } from "../../src/panel/words/params.ts";

const documentOf = (name: string) => kindDocument(KINDS.find((kind) => kind.name === name)!);
const [charger, relay, light, lock] = ["ev-charger", "relay", "light", "lock"].map(documentOf);

describe("[K4] what the fleet tells", () => {
  it("is in the words of the one kind that has it, with its units", () => {
    const { title, fields } = eventNamed([relay, charger, lock], "session_ended");
    expect(title).toBe("Session ended");
    expect(paramsInWords({ reason: "vehicle", energy: 0.867, seconds: 285 }, fields)).toBe(
      "Reason: Vehicle, Energy: 0.867 kWh, Took: 4 min",
    );
    const pulse = commandNamed([relay, charger], "pulse");
    expect([pulse.title, paramsInWords({ seconds: 2 }, pulse.fields)]).toEqual([
      "Pulse",
      expect.stringMatching(/^For: 2\.0\ss$/),
    ]);
  });

  it("is in the words of several where they say the same, and in its own where they do not or nobody has it", () => {
    expect(commandNamed([relay, light, charger], "identify")).toEqual(commandNamed([relay], "identify"));
    expect(JSON.stringify(relay.commands.set)).not.toBe(JSON.stringify(light.commands.set));
    expect(commandNamed([relay, light], "set")).toEqual({ title: "Set", fields: [] });
    expect(eventNamed([relay], "gone_long_ago")).toEqual({ title: "Gone long ago", fields: [] });
  });
});
