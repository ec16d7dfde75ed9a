/** Whether what a kind names is there, when it is defined. */
import { annotationsOf, type Fields } from "./field.ts";
import { fieldsOf, type Interlock } from "./interlock.ts";
import type { CommandSpecs } from "./kind.ts";

/** What names a field or a command names one that there is: a slip of the pen is found where it is made. */
export function checkReferences(
  { name: kind, state, interlocks = [] }: { name: string; state: Fields; interlocks?: readonly Interlock[] },
  commands: CommandSpecs,
): void {
  const expect = (known: object, name: string, where: string) => {
    if (!Object.hasOwn(known, name)) throw new Error(`kind ${kind}: ${where} names ${name}, which it does not have`);
  };
  for (const [name, { confirms, params, select }] of Object.entries(commands)) {
    if (!confirms) continue;
    expect(state, confirms.field, `${name} confirms`);
    if (select && annotationsOf(state[confirms.field]).desirable) {
      throw new Error(`kind ${kind}: ${name} has to be selected, and ${confirms.field} could be desired without that`);
    }
    if ("param" in confirms) expect(params?.shape ?? {}, confirms.param, `${name} confirms`);
  }
  for (const { commands: names, when } of interlocks) {
    for (const name of names) expect(commands, name, "an interlock");
    if (names.includes("stop")) throw new Error(`kind ${kind}: an interlock names stop, which nothing may forbid`);
    for (const field of fieldsOf(when)) expect(state, field, "an interlock");
  }
}
