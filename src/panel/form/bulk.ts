/** Which commands many devices can be given at once: what their kinds share, and how widely [J2]. Pure. */
import type { KindDocument } from "../../kind/schema.ts";
import { type CommandModel, commandModel, isUpkeepName } from "./controls.ts";

export interface KindCount {
  kind: KindDocument;
  devices: number;
}

export interface SharedCommand {
  /** As the kind with most of the devices has it. */
  command: CommandModel;
  /** How many of the devices have a command of this name. */
  devices: number;
  /** Names of the kinds that have it. */
  kinds: string[];
  /** Kinds that have it want different params for it. */
  isMixed: boolean;
}

/** Those that all have first, then by how many; what every kind has stands last. */
export function sharedCommands(found: readonly KindCount[]): SharedCommand[] {
  const names = [...new Set(found.flatMap(({ kind }) => Object.keys(kind.commands)))];
  const shared = names.flatMap((name): SharedCommand[] => {
    const having = found.filter(({ kind }) => Object.hasOwn(kind.commands, name))
      .sort((one, other) => other.devices - one.devices);
    // A lane is driven, and what is selected first is for one device and one person.
    if (having.some(({ kind }) => kind.commands[name].effect === "stream" || kind.commands[name].select)) return [];
    return [{
      command: commandModel(name, having[0].kind.commands[name]),
      devices: having.reduce((sum, { devices }) => sum + devices, 0),
      kinds: having.map(({ kind }) => kind.kind),
      isMixed: new Set(having.map(({ kind }) => JSON.stringify(kind.commands[name].params))).size > 1,
    }];
  });
  const isLast = ({ command }: SharedCommand) => Number(isUpkeepName(command.name));
  return shared.sort((one, other) => isLast(one) - isLast(other) || other.devices - one.devices);
}
