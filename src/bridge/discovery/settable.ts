/** How a field is set from outside: by the command that it confirms, or else as desired state [N35]. */
import type { Confirms } from "../../kind/kind.ts";
import { roleOpens } from "../../protocol/words.ts";
import { json, object } from "./templates.ts";
import { isPlain, type Seen, type SeenCommand, type SeenField } from "./seen.ts";

export interface Setter {
  topic: string;
  /** The payload, where `value` is an expression of the template. */
  template(value?: string): string;
  /** The payload for one value. */
  payload(value: unknown): string;
  /** Is it a setting of the device, rather than what it is there for? */
  isSetting: boolean;
}

/** Null where nobody may set it, or not without being asked twice. */
export function setterOf(seen: Seen, field: SeenField, base: string): Setter | null {
  const { kind } = seen;
  if (kind.lease || field.part !== "state") return null;
  const confirming = Object.values(kind.commands).filter(({ confirms }) => confirms?.field === field.plain);
  const by = seen.commands.find((command) => isPlain(command) && setsOnly(command, field));
  if (by) {
    const { param } = by.document.confirms as Confirms & { param: string };
    return setter(`${base}/command/${by.name}`, param, channelOf(by, field), false);
  }
  // What a command asks twice for, or keeps for others, is not set behind its back.
  const isGuarded = confirming.some(({ danger, select, role }) =>
    danger !== "none" || select || !roleOpens("operator", role)
  );
  if (field.schema.desirable !== true || isGuarded) return null;
  return setter(`${base}/desired/set`, field.name, {}, true);
}

/** Does it need this one value and no other? */
function setsOnly({ document: { confirms }, params, required }: SeenCommand, { plain, channel }: SeenField): boolean {
  if (!confirms || !("param" in confirms) || confirms.field !== plain) return false;
  const isChannelled = channel === 1 || Object.hasOwn(params, "channel");
  return isChannelled && required.every((param) => param === confirms.param || param === "channel");
}

const channelOf = ({ required }: SeenCommand, { channel }: SeenField): { channel?: number } =>
  channel > 1 || required.includes("channel") ? { channel } : {};

function setter(topic: string, param: string, rest: { channel?: number }, isSetting: boolean): Setter {
  const more = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  return {
    topic,
    template: (value = "value") => json(object({ [param]: value, ...more })),
    payload: (value) => JSON.stringify({ [param]: value, ...rest }),
    isSetting,
  };
}
