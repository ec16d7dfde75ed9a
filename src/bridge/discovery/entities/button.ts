/** A command that asks for nothing as a button; for each channel that the device told, where it has channels. */
import type { Entity, Place } from "../entity.ts";
import { isBare, isPlain, type Seen, type SeenCommand } from "../seen.ts";

const CLASSES: Record<string, string> = { identify: "identify", reboot: "restart" };
const CATEGORIES: Record<string, string> = { identify: "diagnostic", get_diagnostics: "diagnostic", reboot: "config" };

export function buttonsOf(seen: Seen, command: SeenCommand, { base }: Place): Entity[] {
  if (!isBare(command)) return [];
  const { name, title, document, params } = command;
  const isChannelled = Object.hasOwn(params, "channel");
  const channels = isChannelled ? new Set([1, ...seen.fields.filter(seen.isTold).map(({ channel }) => channel)]) : [1];
  // Asked twice elsewhere, or with an answer that nobody hears there: whoever wants it switches it on.
  const isOffered = isPlain(command) && !(document.effect === "query" && document.result);
  return [...channels].map((channel) => ({
    key: channel === 1 ? `command-${name}` : `command-${name}-${channel}`,
    platform: "button",
    name: channel === 1 ? title : `${title} ${channel}`,
    options: {
      device_class: CLASSES[name],
      entity_category: CATEGORIES[name],
      enabled_by_default: isOffered ? undefined : false,
      command_topic: `${base}/command/${name}`,
      payload_press: JSON.stringify(channel === 1 ? {} : { channel }),
    },
  }));
}
