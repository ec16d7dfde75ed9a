/**
 * A bolt that two commands lock and unlock. Where unlocking needs a second thought there is a lock only if it takes a
 * code: then Home Assistant asks for that before it sends anything, an empty one where the code may be left out [N36].
 */
import { type Composite, type Place, topicOf } from "../entity.ts";
import { isBare, isPlain, type Seen, type SeenCommand } from "../seen.ts";
import { json, object, quoted, toldOrNothing } from "../templates.ts";

/** Home Assistant's states, and the words for them. */
const STATES = ["locked", "unlocked", "jammed", "locking", "unlocking"];

export function lockIn(seen: Seen, place: Place): Composite | null {
  const command = (name: string) => seen.commands.find((one) => one.name === name && isBare(one));
  const [lock, unlock] = [command("lock"), command("unlock")];
  if (!lock || !isPlain(lock) || !unlock) return null;
  const bolt = seen.fields.find(({ part, schema }) =>
    part === "state" && ["locked", "unlocked"].every((word) => schema.enum?.includes(word))
  );
  const code = codeOf(unlock);
  if (!bolt || (!isPlain(unlock) && !code)) return null;
  const states = STATES.filter((state) => bolt.schema.enum!.includes(state)).map((state) => [`state_${state}`, state]);
  return {
    entity: {
      key: bolt.name,
      platform: "lock",
      name: null,
      options: {
        state_topic: topicOf(place, bolt),
        value_template: toldOrNothing(bolt.name),
        ...Object.fromEntries(states),
        command_topic: `${place.base}/command`,
        payload_lock: lock.name,
        payload_unlock: unlock.name,
        command_template: json(object({ name: "value", ...(code && { params: codeParams(code.name, unlock.name) }) })),
        code_format: code?.format,
      },
    },
    fields: [bolt],
    commands: [lock.name, unlock.name],
  };
}

/** The one secret text that it takes, and what it must look like. */
function codeOf({ params }: SeenCommand): { name: string; format: string } | null {
  const secrets = Object.entries(params).filter(([, { secret, type }]) => secret === true && type === "string");
  if (secrets.length !== 1) return null;
  const [[name, { maxLength = 64 }]] = secrets;
  // It may be left out: `isBare` has looked at that.
  return { name, format: `^.{0,${maxLength}}$` };
}

const codeParams = (param: string, unlock: string): string =>
  `${object({ [param]: "code" })} if value == ${quoted(unlock)} and code | default('') else {}`;
