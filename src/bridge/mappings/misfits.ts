/** Where a mapping speaks of what its kind does not have: a slip of the pen, told before any device is. */
import type { AnyKind } from "../../kind/kind.ts";
import { annotationsOf, type Field } from "../../kind/field.ts";
import type { Mapping } from "./mapping.ts";

export function misfits(mapping: Mapping, kind: AnyKind): string[] {
  const wrong: string[] = [];
  const expect = (known: object, names: string[], what: string) => {
    for (const name of names) if (!Object.hasOwn(known, name)) wrong.push(`${kind.name} has no ${what} ${name}`);
  };
  if (mapping.kind !== kind.name) wrong.push(`it is for ${mapping.kind}`);
  const fields = { ...kind.telemetry, ...kind.state };
  for (const { state = {}, telemetry = {}, event } of mapping.hears) {
    expect(kind.state, Object.keys(state), "state");
    expect(kind.telemetry, Object.keys(telemetry), "telemetry");
    if (event) expect(kind.events, [event.name], "event");
  }
  expect(kind.commands, Object.keys(mapping.tells), "command");
  for (const [command, ways] of Object.entries(mapping.tells)) {
    if (!Object.hasOwn(kind.commands, command)) continue;
    for (const { params, proves, received = [], progress } of [ways].flat()) {
      expect(kind.commands[command].params.shape, Object.keys(params), `param of ${command},`);
      expect(fields, [...[...proves, ...received].flatMap(({ field }) => field ?? []), ...progress], "field");
    }
  }
  for (const field of Object.keys(mapping.desires)) {
    const isDesirable = Object.hasOwn(kind.state, field) && annotationsOf(kind.state[field] as Field).desirable;
    if (!isDesirable) wrong.push(`${kind.name} has no ${field} that can be desired`);
  }
  return wrong;
}
