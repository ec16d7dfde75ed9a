import { describe, expect, it } from "vitest";
import { z } from "zod";
import { KINDS } from "../../devices/mod.ts";
import { desirable, type Fields, flag, oneOf, text } from "../../src/kind/field.ts";
import { celsius } from "../../src/kind/quantities.ts";
import { type AnyKind, type CommandSpecs, defineKind } from "../../src/kind/kind.ts";
import { type KindDocument, kindDocument } from "../../src/kind/schema.ts";
import { isReachable, type Situation, whyNot } from "../../src/panel/control/permit.ts";
import {
  commandsOf,
  type Control,
  controlsOf,
  forDevice,
  headlineOf,
  isUpkeep,
  reportedOnly,
} from "../../src/panel/form/controls.ts";
import { ANN } from "./fake.ts";

/** As the panel gets it: by way of JSON. */
const documentOf = (kind: AnyKind): KindDocument => JSON.parse(JSON.stringify(kindDocument(kind)));
const document = (name: string) => documentOf(KINDS.find((kind) => kind.name === name)!);
const controls = (name: string) => controlsOf(document(name));

/** A control in a line: what it is of, and the commands that it sends. */
function inShort(control: Control): string {
  switch (control.sort) {
    case "field":
      return [
        `${control.field.sort} ${control.field.name} by ${control.by?.command.name ?? "desire"}`,
        ...control.to.map(({ command, value }) => `${value} by ${command.name}`),
      ].join(", ");
    case "reach":
      return `${control.field.name} to ${control.to.map(({ command, value }) => `${value} by ${command.name}`)}`;
    case "command":
      return `${control.command.name}(${control.command.params.map(({ name }) => name)})`;
  }
}

/** [K3] */
const UPKEEP = ["identify(seconds)", "get_diagnostics()", "reboot(delay)"];

describe("[K4] the controls of a kind follow from its document", () => {
  it.each([
    ["relay", [
      ...["toggle on by set", ...[2, 3, 4, 5, 6, 7, 8].map((channel) => `toggle on_${channel} by set`)],
      ...["toggle(channel)", "pulse(seconds,channel)", ...UPKEEP],
    ]],
    ["lock", ["state to locked by lock", "number auto_relock by desire", "unlock(pin,seconds)", ...UPKEEP]],
    [
      "thermostat",
      ["number target by set_target", "choice mode by set_mode", ...UPKEEP],
    ],
    ["env-sensor", ["number report_interval by desire", "read_now()", ...UPKEEP]],
    [
      "light",
      [
        "toggle on by set",
        "number brightness by set_brightness",
        "number color_temp by set_color_temp",
        "group color by set_color",
        "choice effect by effect",
        ...UPKEEP,
      ],
    ],
    [
      "cover",
      [
        ...["number position by go_to, 100 by open, 0 by close", "number tilt by tilt_to"],
        ...["moving to stopped by stop", "calibrate()", ...UPKEEP],
      ],
    ],
    ["valve", ["state to closed by close", "number max_open by desire", "open(seconds,level)", ...UPKEEP]],
    ["energy-meter", ["number report_interval by desire", "reset_counter(name)", ...UPKEEP]],
  ])("%s", (name, expected) => expect(controls(name).map(inShort)).toEqual(expected));

  it("every kind is looked at, and each of its commands is in exactly one control", () => {
    expect(KINDS.length).toBeGreaterThanOrEqual(8);
    for (const kind of KINDS) {
      const commands = forDevice(controlsOf(documentOf(kind))).flatMap(commandsOf);
      const pressed = Object.entries(kind.commands).filter(([, command]) => command.effect !== "stream");
      expect(commands.toSorted(), kind.name).toEqual(pressed.map(([name]) => name).toSorted());
    }
  });

  it("[L] a lane is driven and not pressed: it has no button", () => {
    expect(document("rover").commands.drive.effect).toBe("stream");
    expect(controls("rover").flatMap(commandsOf)).not.toContain("drive");
    expect(controls("rover").flatMap(commandsOf)).toContain("stop");
  });

  it("[K3] what every kind has stands last", () => {
    for (const kind of KINDS) {
      const upkeep = controlsOf(documentOf(kind)).map(isUpkeep);
      expect(upkeep, kind.name).toEqual(upkeep.toSorted((one, other) => Number(one) - Number(other)));
      expect(upkeep.filter(Boolean)).toHaveLength(UPKEEP.length);
    }
  });

  it("state that nobody can ask for is shown all the same, where it is reported", () => {
    const shown = (name: string, reported: Record<string, unknown>) =>
      reportedOnly(document(name), controls(name), reported).map(({ name }) => name);
    expect(shown("valve", { state: "open", leak: false, level: 40, max_open: 60 })).toEqual(["level", "leak"]);
    expect(shown("cover", { position: 1, obstruction: true })).toEqual(["obstruction"]);
    expect(shown("cover", { position: 1 })).toEqual([]);
    expect(shown("relay", { on: true, on_2: true })).toEqual([]);
  });

  it("[K2] a command carries what its button has to know", () => {
    const unlock = controls("lock").find((control) => inShort(control).startsWith("unlock"));
    expect(unlock).toMatchObject({
      command: {
        title: "Unlock",
        effect: "once",
        danger: "confirm",
        role: "operator",
        mayQueue: false,
        timeout: 10,
        params: [{ name: "pin", title: "PIN", sort: "text", isSecret: true, isOptional: true, maxLength: 16 }, {
          name: "seconds",
          unit: "s",
          isSecret: false,
        }],
      },
    });
  });

  it("[K6] a device has the controls of the channels that it reports, and is asked which only where there are more", () => {
    const of = (reported: Record<string, unknown>) => forDevice(controls("relay"), reported);
    const own = (reported: Record<string, unknown>) => of(reported).filter((one) => !isUpkeep(one)).map(inShort);
    expect(own({ on: true })).toEqual(["toggle on by set", "toggle()", "pulse(seconds)"]);
    expect(own({})).toEqual(own({ on: true }));
    expect(own({ on: true, on_2: false })).toEqual([
      "toggle on by set",
      "toggle on_2 by set",
      "toggle(channel)",
      "pulse(seconds,channel)",
    ]);
    const toggle = of({ on: true, on_2: false }).find((one) => inShort(one) === "toggle(channel)");
    expect(toggle).toMatchObject({ command: { params: [{ name: "channel", min: 1, max: 2 }] } });
  });

  it("the value goes to the param that the command confirms", () => {
    expect(controls("thermostat")[0]).toMatchObject({ by: { param: "target", command: { name: "set_target" } } });
  });
});

describe("kinds that nobody has written yet", () => {
  const kind = (state: Fields, commands: CommandSpecs = {}) =>
    documentOf(defineKind({ name: "test", version: 1, title: "Test", telemetry: {}, state, commands }));
  const inOrder = (...given: Parameters<typeof kind>) =>
    controlsOf(kind(...given)).filter((control) => !isUpkeep(control)).map(inShort);

  const target = celsius();
  const confirms = { field: "target", param: "target" };
  const valve = oneOf(["open", "closed"]);

  it("a command that needs more than the field's value has a form of its own", () => {
    const set = (more: Fields) =>
      inOrder({ target }, { set: { effect: "set", params: z.object({ target, ...more }), confirms } });
    expect(set({ fast: flag().optional() })).toEqual(["number target by set"]);
    expect(set({ why: text() })).toEqual(["set(target,why)"]);
  });

  it("of several commands that confirm a field the one that can stand alone is its control", () => {
    const commands: CommandSpecs = {
      ramp: { effect: "set", params: z.object({ target, over: text() }), confirms },
      set: { effect: "set", params: z.object({ target }), confirms },
    };
    expect(inOrder({ target: desirable(target) }, commands)).toEqual(["number target by set", "ramp(target,over)"]);
  });

  it("[K2] a dangerous command is never sent by touching the field, nor had as a wish", () => {
    const commands: CommandSpecs = {
      open: { effect: "set", danger: "confirm", confirms: { field: "valve", value: "open" } },
      close: { effect: "set", confirms: { field: "valve", value: "closed" } },
    };
    expect(inOrder({ valve }, commands)).toEqual(["valve to closed by close", "open()"]);
    for (const danger of ["confirm", "type"] as const) {
      const move: CommandSpecs = {
        move: { effect: "set", danger, params: z.object({ to: valve }), confirms: { field: "valve", param: "to" } },
      };
      expect(inOrder({ valve }, move)).toEqual(["move(to)"]);
      expect(inOrder({ valve: desirable(valve) }, move)).toEqual(["move(to)"]);
    }
  });

  it("a command that reaches a value, and needs a param for it, is not sent without", () => {
    const open = (params: z.ZodObject): CommandSpecs => ({
      open: { effect: "set", params, confirms: { field: "valve", value: "open" } },
    });
    expect(inOrder({ valve }, open(z.object({ by: text() })))).toEqual(["open(by)"]);
    expect(inOrder({ valve }, open(z.object({ by: text().optional() })))).toEqual(["valve to open by open"]);
  });

  it("a field that nothing leads to is no control", () => expect(inOrder({ valve })).toEqual([]));

  it("without telemetry of its own the headline is the battery", () => {
    expect(headlineOf(kind({})).map(({ field }) => field.name)).toEqual(["battery"]);
  });
});

describe("the values that tell most", () => {
  it.each([
    ["relay", ["reported on", "telemetry power", "telemetry energy"]],
    ["lock", ["reported state", "telemetry door", "telemetry battery"]],
    ["thermostat", ["telemetry temperature", "reported target", "telemetry humidity"]],
    ["env-sensor", ["telemetry temperature", "telemetry humidity", "telemetry pressure"]],
    ["light", ["reported on", "telemetry output", "telemetry power"]],
    ["cover", ["reported position", "telemetry power", "telemetry battery"]],
    ["valve", ["reported state", "telemetry flow", "telemetry volume"]],
    ["energy-meter", ["telemetry power", "telemetry energy_import", "telemetry energy_export"]],
  ])("of %s", (name, expected) => {
    expect(headlineOf(document(name)).map(({ part, field }) => `${part} ${field.name}`)).toEqual(expected);
  });
});

describe("[A2.6] why a command cannot be sent is said before anybody presses", () => {
  const situation = (more: Partial<Situation> = {}): Situation => ({
    isConnected: true,
    me: ANN,
    presence: "online",
    isStopped: false,
    driver: null,
    interlocked: () => null,
    ...more,
  });
  const set = { role: "operator", effect: "set", mayQueue: false } as const;
  const once = { ...set, effect: "once" } as const;

  it("it can", () => expect(whyNot(situation(), set)).toBeNull());

  it("[A2.2] the panel is cut off: that comes before everything else", () => {
    const nothing = situation({ isConnected: false, me: { ...ANN, role: "viewer" }, presence: "offline" });
    expect(whyNot(nothing, set)).toBe("Not connected to the hub.");
  });

  it("[I5] the role does not open it", () => {
    const viewer = situation({ me: { ...ANN, role: "viewer" } });
    expect(whyNot(viewer, set)).toBe("This needs the role operator; yours is viewer.");
    expect(whyNot(situation(), { ...set, role: "admin" })).toContain("admin");
    expect(whyNot(situation({ me: { ...ANN, role: "admin" } }), set)).toBeNull();
  });

  it("[E4] the emergency stop lets through what only asks, and a stop", () => {
    const stopped = situation({ isStopped: true });
    expect(whyNot(stopped, set)).toBe("The emergency stop is latched. Clear it first.");
    expect(whyNot(stopped, { ...set, name: "set" })).toBe(whyNot(stopped, set));
    expect(whyNot(stopped, { ...set, name: "stop" })).toBeNull();
    expect(whyNot(stopped, { ...set, effect: "query" })).toBeNull();
    // As the hub would: before the device's being away.
    expect(whyNot(situation({ isStopped: true, presence: "offline" }), set)).toBe(whyNot(stopped, set));
  });

  it("[G4] who does not drive may stop and nothing else", () => {
    const other = situation({ driver: { state: "other", name: "Ann", since: 0 } });
    expect(whyNot(other, set)).toBe("Ann drives it. Take over first.");
    expect(whyNot(other, { ...set, effect: "query" })).toBe(whyNot(other, set));
    expect(whyNot(other, { ...set, name: "stop" })).toBeNull();
    expect(whyNot(situation({ driver: { state: "nobody" } }), set)).toBe("Nobody drives it. Take control first.");
    expect(whyNot(situation({ driver: { state: "elsewhere", since: 0 } }), set)).toContain("another window");
    expect(whyNot(situation({ driver: { state: "you", since: 0 } }), set)).toBeNull();
  });

  it("[C4] the device is away, unless the command may wait for it", () => {
    for (const presence of ["new", "sleeping", "offline"] as const) {
      expect(isReachable(presence)).toBe(false);
      expect(whyNot(situation({ presence }), set)).toContain("not connected");
      expect(whyNot(situation({ presence }), { ...set, mayQueue: true })).toBeNull();
    }
  });

  it("[C4] a once is not sent into a suspect connection, the rest is", () => {
    expect(whyNot(situation({ presence: "suspect" }), once)).toContain("suspect");
    expect(whyNot(situation({ presence: "suspect" }), set)).toBeNull();
  });
});
