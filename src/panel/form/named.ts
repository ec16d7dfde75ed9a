/**
 * What an event or a command of the fleet is in words. Which kind its device is of a list of the fleet does not know; a
 * name is told in the words of the kinds that have it, where they all say the same of it. Pure.
 */
import type { KindDocument } from "../../kind/schema.ts";
import { type FieldModel, fieldOf, fieldsOf, propertiesOf, sentence } from "./field.ts";

interface Named {
  title: string;
  fields: readonly FieldModel[];
}

export function eventNamed(kinds: Iterable<KindDocument>, name: string): Named {
  return agreed(name, kinds, ({ properties: { events } }) => {
    const schema = propertiesOf(events);
    if (!Object.hasOwn(schema, name)) return null;
    return { title: fieldOf(name, schema[name]).title, fields: fieldsOf(schema[name]) };
  });
}

export function commandNamed(kinds: Iterable<KindDocument>, name: string): Named {
  return agreed(name, kinds, ({ commands }) => {
    if (!Object.hasOwn(commands, name)) return null;
    const { title, params } = commands[name];
    return { title: title ?? sentence(name), fields: fieldsOf(params) };
  });
}

/** Nobody's words where two kinds mean something else by it. */
function agreed(name: string, kinds: Iterable<KindDocument>, of: (kind: KindDocument) => Named | null): Named {
  let all: Named | null = null;
  for (const kind of kinds) {
    const one = of(kind);
    if (one === null) continue;
    if (all !== null && JSON.stringify(all) !== JSON.stringify(one)) return { title: sentence(name), fields: [] };
    all = one;
  }
  return all ?? { title: sentence(name), fields: [] };
}
