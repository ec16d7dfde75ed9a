/** A command's form, and whether its caller may send it: what is refused here leaves no record [C1]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { type Role, roleOpens } from "../../protocol/words.ts";
import type { Command } from "../../kind/kind.ts";
import type { Device } from "../devices/device.ts";
import type { Doc } from "../../history/sample.ts";

/** What was checked: the params that everybody may see, and those that only the device does [C19]. */
export interface Form {
  spec: Command;
  shown: Doc;
  secrets: Doc;
  ttl: number;
}

export function checkForm(
  by: { role: Role },
  device: Device,
  args: { name: string; params: Doc; ttl?: number },
): Outcome<Form> {
  const { commands, check, name: kind } = device.kind;
  if (!Object.hasOwn(commands, args.name)) {
    return refuse("unknown_command", `${kind} has no command ${args.name}`, { pointer: "#/name" });
  }
  const spec: Command = commands[args.name];
  if (spec.effect === "stream") {
    return refuse("unknown_command", `${args.name} is a lane, which is driven by stream`, { pointer: "#/name" });
  }
  if (!roleOpens(by.role, spec.role)) return refuse("forbidden", `${args.name} needs the role ${spec.role}`);
  const params = check.params(args.name, args.params);
  if (!params.ok) return params;
  const ttl = args.ttl ?? spec.ttl.default;
  if (ttl > spec.ttl.max) {
    return refuse("invalid_params", `ttl: at most ${spec.ttl.max} s for ${args.name}`, { pointer: "#/ttl" });
  }
  const entries = Object.entries(params.value);
  const isSecret = ([name]: [string, unknown]) => spec.secrets.includes(name);
  return ok({
    spec,
    ttl,
    shown: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    secrets: Object.fromEntries(entries.filter(isSecret)),
  });
}
