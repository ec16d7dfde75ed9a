/** All entities of a kind: what several fields make together first, then each that is left. */
import type { KindDocument } from "../../kind/schema.ts";
import { climateIn } from "./entities/climate.ts";
import { coverIn } from "./entities/cover.ts";
import { lightIn } from "./entities/light.ts";
import { lockIn } from "./entities/lock.ts";
import { trackerIn } from "./entities/tracker.ts";
import { valveIn } from "./entities/valve.ts";
import { buttonsOf } from "./entities/button.ts";
import { eventsOf } from "./entities/event.ts";
import { fieldEntity } from "./entities/field.ts";
import type { Composite, Entity, Place } from "./entity.ts";
import { seenOf } from "./seen.ts";

export function entitiesOf(kind: KindDocument, told: readonly string[] | undefined, place: Place): Entity[] {
  const seen = seenOf(kind, told);
  const composites = [climateIn, lightIn, coverIn, lockIn, valveIn, trackerIn]
    .map((find) => find(seen, place)).filter((found): found is Composite => found !== null);
  const takenFields = new Set(composites.flatMap(({ fields }) => fields));
  const takenCommands = new Set(composites.flatMap(({ commands }) => commands));
  // A command that sets a field has that field's entity.
  const setsField = (name: string) => "param" in (kind.commands[name].confirms ?? {});
  return [
    ...composites.map(({ entity }) => entity),
    ...seen.fields.filter((field) => !takenFields.has(field)).flatMap((field) => fieldEntity(seen, field, place) ?? []),
    ...seen.commands.filter(({ name }) => !takenCommands.has(name) && !setsField(name))
      .flatMap((command) => buttonsOf(seen, command, place)),
    ...eventsOf(kind, place),
  ];
}
