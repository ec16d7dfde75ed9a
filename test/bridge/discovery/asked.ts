/**
 * What Home Assistant would publish for a component, whatever its users could do there, by its platform's own rules; and
 * what the hub's door says to it.
 */
import { checkForm } from "../../../src/hub/commands/form.ts";
import type { AnyKind } from "../../../src/kind/kind.ts";
import { render } from "../../support/jinja.ts";
import type { Component } from "./discovered.ts";

export interface Asked {
  /** What somebody did there, for the name of a failure. */
  deed: string;
  topic: string;
  payload: string;
}

type Options = Record<string, unknown>;
type Scope = Record<string, unknown>;

/** How a template is evaluated: by our own reader, or by the real Jinja. */
export type Render = (template: string, scope: Scope) => string;

export function askedOf(component: Component, by: Render = render): Asked[] {
  const options: Options = component;
  const text = (key: string) => String(options[key]);
  /** Through a template where there is one, as `{prefix}_command_template` or a name of its own. */
  const send = (deed: string, topic: string, template: string, value: unknown, more: Scope = {}): Asked[] => {
    if (options[topic] === undefined) return [];
    const payload = options[template] === undefined ? String(value) : by(text(template), { value, ...more });
    return [{ deed: `${deed} ${JSON.stringify(value)}`, topic: text(topic), payload }];
  };
  const command = (deed: string, value: unknown, more?: Scope) =>
    value === null || value === undefined ? [] : send(deed, "command_topic", "command_template", value, more);
  const number = (key: string, otherwise: number) => Number(options[key] ?? otherwise);

  switch (component.platform) {
    case "button":
      return command("press", options.payload_press);
    case "switch":
      return [...command("on", options.payload_on), ...command("off", options.payload_off)];
    case "select":
      return (options.options as string[]).flatMap((option) => command("choose", option));
    case "text":
      return ["", "Hi <b>&'\"\\", "x".repeat(number("max", 255))]
        .filter(({ length }) => length >= number("min", 0)).flatMap((value) => command("write", value));
    case "number": {
      const [min, max, step] = [number("min", 0), number("max", 100), number("step", 1)];
      return [min, max, Number((min + step).toFixed(6))].flatMap((value) => command("set", value));
    }
    case "lock":
      return ["", "1234"].flatMap((code) =>
        [options.payload_lock, options.payload_unlock].flatMap((value) => command(`code ${code}`, value, { code }))
      );
    case "valve":
      return [options.payload_open, options.payload_close].flatMap((value) => command("turn", value));
    case "cover":
      return [
        ...[options.payload_open, options.payload_close, options.payload_stop].flatMap((value) =>
          command("move", value)
        ),
        ...[0, 37, 100].flatMap((position) =>
          send("position", "set_position_topic", "set_position_template", position, { position })
        ),
        ...[0, 100].flatMap((tilt_position) =>
          send("tilt", "tilt_command_topic", "tilt_command_template", tilt_position, { tilt_position })
        ),
      ];
    case "climate": {
      const [min, max] = [number("min_temp", 7), number("max_temp", 35)];
      return [
        ...(options.modes as string[]).flatMap((mode) =>
          send("mode", "mode_command_topic", "mode_command_template", mode)
        ),
        ...[min, max, Math.round((min + max) / 2)].flatMap((value) =>
          send("target", "temperature_command_topic", "temperature_command_template", value)
        ),
      ];
    }
    case "light":
      return [
        ...command("on", options.payload_on),
        ...command("off", options.payload_off),
        ...[1, number("brightness_scale", 255)].flatMap((value) =>
          send("dim", "brightness_command_topic", "brightness_command_template", value)
        ),
        ...[number("min_kelvin", 2000), number("max_kelvin", 6535)].flatMap((value) =>
          send("whiten", "color_temp_command_topic", "color_temp_command_template", value)
        ),
        ...send("colour", "hs_command_topic", "hs_command_template", "", { hue: 359.5, sat: 42.1 }),
        ...((options.effect_list ?? []) as string[]).flatMap((effect) =>
          send("effect", "effect_command_topic", "effect_command_template", effect)
        ),
      ];
    default:
      return [];
  }
}

/** What the hub would say to what came: the rules of the bridge's topics, and the door's own check [N30, N35]. */
export function taken(kind: AnyKind, topic: string, payload: string): unknown {
  const doc = JSON.parse(payload) as Options;
  const [, what] = topic.match(/^signalbox\/d1\/(.+)$/)!;
  if (what === "desired/set") return kind.check.desired({}, doc, []);
  const { name, params = {} } = what === "command" ? doc : { name: what.replace(/^command\//, ""), params: doc };
  if (!Object.hasOwn(kind.commands, name as string)) throw new Error(`${kind.name} has no ${name}`);
  return checkForm({ role: "operator" }, { kind } as never, { name: name as string, params: params as Options });
}
