/** The commands of the device whose page is open: what its buttons do, by the same way and with the same whys. */
import { Zap } from "lucide-react";
import { useEffect } from "react";
import type { KindDocument } from "../../../kind/schema.ts";
import { CommandDialog } from "../../control/command_dialog.tsx";
import { useSituation } from "../../control/situation.ts";
import { whyNot } from "../../control/permit.ts";
import { type CommandControl, type CommandModel, commandModel, forDevice, needsDialog } from "../../form/controls.ts";
import { useKind } from "../../live/kinds.ts";
import { alreadyAsked, send } from "../../live/ledger.ts";
import { useShown, useWatch } from "../../live/use_watch.ts";
import type { Shown } from "../../live/watch.ts";
import { toast } from "../../parts/toast.tsx";
import { PALETTE } from "../../words/shell.ts";
import type { Item } from "./item.ts";

interface Props {
  /** Its form is open. */
  asked: CommandModel | null;
  onItems(items: readonly Item[]): void;
  onAsk(command: CommandModel): void;
  onClose(): void;
}

export function OfDevice({ id, ...props }: Props & { id: string }) {
  const store = useWatch({ device: id, include: ["state", "presence"], rate: 1 })!;
  const device = useShown(store, id);
  const kind = useKind(device?.kind);
  return device && kind ? <OfKind device={device} kind={kind} {...props} /> : null;
}

function OfKind({ device, kind, asked, onItems, onAsk, onClose }: Props & { device: Shown; kind: KindDocument }) {
  const situation = useSituation(kind, device);
  const commands = commandsOf(kind, device);
  const whys = commands.map((command) => whyNot(situation, command));
  const items = commands.map((command, index): Item => ({
    id: `command-${command.name}`,
    group: PALETTE.commandsOf(device.name ?? device.id),
    title: needsDialog(command) ? `${command.title}…` : command.title,
    detail: command.description,
    icon: <Zap size={16} aria-hidden="true" />,
    why: whys[index],
    isForm: needsDialog(command),
    run() {
      if (needsDialog(command)) return onAsk(command);
      const wanted = { device: device.id, name: command.name, params: {} };
      // What becomes of it is beside its button, and in the ledger below.
      toast((alreadyAsked(wanted) ? PALETTE.underWay : PALETTE.sent)(command.title, device.name ?? device.id));
      void send(wanted);
    },
  }));
  useEffect(() => onItems(items), [JSON.stringify([whys, device.name])]);
  if (!asked) return null;
  return <CommandDialog command={asked} device={device} kind={kind} why={whyNot(situation, asked)} onClose={onClose} />;
}

/** In the order of the kind; a lane is driven, not asked for [L]. */
const commandsOf = (kind: KindDocument, device: Shown): CommandModel[] =>
  forDevice(
    Object.entries(kind.commands).filter(([, { effect }]) => effect !== "stream")
      .map(([name, command]) => ({ sort: "command", command: commandModel(name, command) })),
    device.reported,
  ).map((control) => (control as CommandControl).command);
