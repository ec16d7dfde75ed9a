/** What becomes of a kind's fields and commands, and what of them Home Assistant does not get. */
import { expect, it } from "vitest";
import { KINDS } from "../../../devices/mod.ts";
import lamp from "../../../devices/light.ts";
import cover from "../../../devices/cover.ts";
import energyMeter from "../../../devices/energy-meter.ts";
import lock from "../../../devices/lock.ts";
import relay from "../../../devices/relay.ts";
import rover from "../../../devices/rover.ts";
import valve from "../../../devices/valve.ts";
import { birthTopic, discoveryOf, removalOf } from "../../../src/bridge/discovery/discovery.ts";
import type { AnyKind } from "../../../src/kind/kind.ts";
import { kindDocument } from "../../../src/kind/schema.ts";
import { announced, componentsOf, KEPT, OPTIONS } from "./discovered.ts";
import { probe } from "./probe.ts";

/** Everything that a kind's components name: topics and templates as one text. */
const said = (kind: AnyKind) => JSON.stringify(componentsOf(kind));
const keysOf = (kind: AnyKind, told?: string[]) => Object.keys(componentsOf(kind, { told }));

it("[N31] a device stands under its id, and goes with an empty payload at the same place", () => {
  expect(announced(relay).topic).toBe("homeassistant/device/d1/config");
  expect(removalOf("d1", OPTIONS)).toEqual({ topic: "homeassistant/device/d1/config", payload: "" });
  expect(birthTopic("homeassistant")).toBe("homeassistant/status");
});

it("[N31] an id with a dot, which Home Assistant does not take, stands under a node of ours, and never for another", () => {
  const topicOf = (id: string) => removalOf(id, OPTIONS).topic;
  expect(topicOf("a.b")).toBe("homeassistant/device/signalbox/a_db/config");
  expect(topicOf("a_d.b")).toBe("homeassistant/device/signalbox/a__d_db/config");
  const ids = ["a.b", "a_db", "a.d.b", "a_d.b", "a._db", "a__db", "a.-", "a-.", "a..", "a_d_d"];
  expect(new Set(ids.map(topicOf)).size).toBe(ids.length);
  for (const id of ids) expect(topicOf(id)).toMatch(/^homeassistant\/device(\/[a-zA-Z0-9_-]+){1,2}\/config$/);
});

it("[N31] the device says what it is, and the hub who says so", () => {
  const { payload } = announced(relay, { name: "Pump", firmware: "2.1" });
  expect(payload).toMatchObject({
    device: {
      identifiers: ["signalbox_d1"],
      name: "Pump",
      model: "Relay",
      model_id: "relay",
      sw_version: "2.1",
      configuration_url: "https://hub.example/devices/d1",
    },
    origin: { name: "Signalbox", sw_version: "1.0.0", support_url: "https://hub.example/docs" },
  });
  const bare = discoveryOf(relay, { id: "d1", name: "" }, { ...OPTIONS, url: undefined }).payload;
  expect(bare.device).toEqual({ identifiers: ["signalbox_d1"], name: "d1", model: "Relay", model_id: "relay" });
  expect(bare.origin).toEqual({ name: "Signalbox", sw_version: "1.0.0" });
});

it("[N31] a kind and its document are announced alike", () => {
  for (const kind of KINDS) expect(announced(kindDocument(kind) as never)).toEqual(announced(kind));
});

it("[N32] no entity of a device has the `unique_id` of another's, whatever both are called", () => {
  const keys = new Set(KINDS.flatMap((kind) => keysOf(kind)));
  // Ids that end as a key begins: id and key together are the same letters.
  const begun = [...keys].flatMap((key) => [...key.matchAll(/_/g)].map(({ index }) => `d_${key.slice(0, index)}`));
  const owners = new Map<string, Set<string>>();
  for (const id of new Set(["d", "d_", "d__", ...begun])) {
    for (const [key, { unique_id }] of KINDS.flatMap((kind) => Object.entries(componentsOf(kind, { id })))) {
      owners.set(unique_id, (owners.get(unique_id) ?? new Set()).add(`${id} ${key}`));
    }
  }
  expect([...owners.values()].filter(({ size }) => size > 1)).toEqual([]);
  expect(componentsOf(relay, { id: "hall_lamp" }).on.unique_id).toBe("signalbox_hall__lamp_on");
});

it("[N33] what is only read is there once it was told; what can be set is there from the start, but for channels", () => {
  const settable = ["report_interval"];
  const withoutButtons = (keys: string[]) => keys.filter((key) => !/^(command|event|hub)-/.test(key));
  expect(withoutButtons(keysOf(energyMeter, []))).toEqual(settable);
  expect(withoutButtons(keysOf(energyMeter, ["power", "battery"]))).toEqual(["battery", "power", ...settable]);
  expect(keysOf(relay, []).filter((key) => /^on|toggle/.test(key))).toEqual(["on", "command-toggle"]);
  expect(keysOf(relay, ["on", "on_3", "energy_3"]).filter((key) => /^on|energy|toggle/.test(key)))
    .toEqual(["energy_3", "on", "on_3", "command-toggle", "command-toggle-3"]);
});

it("[N33] a lamp is a lamp from the start, and can what it told; a cover without slats does not tilt", () => {
  const optionsOf = (kind: AnyKind, key: string, told: string[]) => Object.keys(componentsOf(kind, { told })[key]);
  expect(componentsOf(lamp, { told: [] }).on.platform).toBe("light");
  expect(optionsOf(lamp, "on", []).filter((key) => /^(brightness|color|hs|effect)/.test(key))).toEqual([]);
  expect(optionsOf(lamp, "on", ["on", "brightness"])).toContain("brightness_command_topic");
  expect(keysOf(lamp, [])).not.toContain("color");
  expect(optionsOf(cover, "position", ["position"])).not.toContain("tilt_command_topic");
  expect(optionsOf(cover, "position", ["position", "tilt"])).toContain("tilt_command_topic");
});

it("[N34] a device is there while the hub and it are; late and asleep are there too, its presence as long as the hub", () => {
  const { payload } = announced(relay);
  expect(payload).toMatchObject({
    availability_mode: "all",
    availability: [{ topic: "signalbox/status" }, { topic: "signalbox/d1/presence" }],
  });
  const presence = componentsOf(relay)["hub-presence"];
  expect(presence.availability).toEqual([{ topic: "signalbox/status" }]);
  expect(presence.options).toEqual(["new", "online", "suspect", "sleeping", "offline"]);
});

it("[N35] a field is set by the command that it confirms, with its channel, and else as desired state", () => {
  const { on, on_3 } = componentsOf(relay);
  expect(on).toMatchObject({ command_topic: "signalbox/d1/command/set", payload_on: '{"on":true}' });
  expect(on_3).toMatchObject({ command_topic: "signalbox/d1/command/set", payload_off: '{"on":false,"channel":3}' });
  const { auto_relock } = componentsOf(lock);
  expect(auto_relock).toMatchObject({ command_topic: "signalbox/d1/desired/set", entity_category: "config" });
  const { level, dim_3, update } = componentsOf(probe);
  expect(level.command_template).toBe("{{ {'to': value} | tojson }}");
  expect(dim_3.command_template).toBe("{{ {'dim': value, 'channel': 3} | tojson }}");
  expect(update).toMatchObject({ platform: "number", min: -1e6, max: 1e6, step: 0.001 });
});

it("[N36] what is selected or typed first, needs a lease or an administrator, is not to be had there", () => {
  for (const name of ["secure", "keep", "wipe", "fire", "shake", "drive"]) {
    expect(said(probe), name).not.toContain(`command/${name}"`);
    expect(keysOf(probe)).not.toContain(`command-${name}`);
  }
  expect(componentsOf(valve).state).toMatchObject({
    platform: "valve",
    payload_open: null,
    payload_close: '{"name":"close"}',
  });
  expect(said(energyMeter)).not.toContain("reset_counter");
  const steered = Object.values(componentsOf(rover)).flatMap(({ command_topic }) => command_topic ?? []);
  expect(steered).toEqual(["signalbox/d1/command/stop"]);
});

it("[N36] what is asked twice for is a button that somebody has to switch on, and is not set behind its back", () => {
  const { "command-open_up": openUp, armed, secured, kept, mode } = componentsOf(probe);
  expect(openUp).toMatchObject({ platform: "button", enabled_by_default: false });
  expect([armed.platform, secured.platform, kept.platform]).toEqual(Array(3).fill("binary_sensor"));
  expect(mode.platform).toBe("select");
});

it("[N36] a lock asks for the code there, which may be empty where the kind lets it be left out", () => {
  expect(componentsOf(lock).state).toMatchObject({
    platform: "lock",
    code_format: "^.{0,16}$",
    command_topic: "signalbox/d1/command",
  });
});

it("[N37] every field has its place in an entity, but an object and a list", () => {
  const missing = [...KEPT, probe].flatMap((kind) => {
    const text = said(kind);
    return Object.keys({ ...kind.telemetry, ...kind.state }).filter((field) =>
      !text.includes(`value_json.get('${field}'`)
    )
      .map((field) => `${kind.name}.${field}`);
  });
  expect(missing).toEqual(["probe.place", "probe.list"]);
});

it("[N37] these commands have no entity, since they ask for what it has no place for, or are not to be had (N36)", () => {
  const names = KEPT.flatMap((kind) => {
    const text = said(kind);
    const isNamed = (name: string) =>
      text.includes(`command/${name}"`) || text.includes(`\\"name\\":\\"${name}\\"`) ||
      Object.values(componentsOf(kind)).some(({ payload_lock, payload_unlock }) =>
        [payload_lock, payload_unlock].includes(name)
      );
    return Object.keys(kind.commands).filter((name) => !isNamed(name)).map((name) => `${kind.name}.${name}`);
  });
  expect(names).toEqual([
    "camera.record",
    "camera.look",
    "energy-meter.reset_counter",
    "phone.vibrate",
    "phone.beep",
    "relay.pulse",
    ...["identify", "get_diagnostics", "reboot", "drive", "goto", "dock", "undock"].map((name) => `rover.${name}`),
    "tracker.beep",
    "tracker.set_geofence",
    "valve.open",
  ]);
});
