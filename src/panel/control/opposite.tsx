/** The way back from what was done here: a new command, and said to be one. */
import { useState } from "react";
import { type Opposite, oppositeOf } from "../form/opposite.ts";
import { useKind } from "../live/kinds.ts";
import { send } from "../live/ledger.ts";
import type { Travel } from "../live/travel.ts";
import type { Shown } from "../live/watch.ts";
import { OPPOSITE } from "../words/control.ts";
import { inWords } from "../words/format.ts";
import { CommandDialog } from "./command_dialog.tsx";
import { type Situation, whyNot } from "./permit.ts";

interface Props {
  travel: Travel;
  device: Shown;
  situation: Situation;
  onSent(): void;
}

/** Only of what this page asked for, and only where it is done: of anything else nobody knows what leads back. */
export function SendOpposite({ travel: { ask, record }, device, situation, onSent }: Props) {
  const kind = useKind(device.kind);
  const [isOpen, setOpen] = useState(false);
  const opposite = kind && ask && record?.status === "succeeded" ? oppositeOf(kind, ask) : null;
  if (!kind || !opposite) return null;
  const { command, params, asks } = opposite;
  const why = whyNot(situation, command);
  const press = () => {
    if (asks) return setOpen(true);
    void send({ device: device.id, name: command.name, params, before: ask!.params[opposite.back?.field.name ?? ""] });
    onSent();
  };
  return (
    <>
      <button
        type="button"
        className="button small"
        title={why ?? OPPOSITE.hint}
        disabled={why !== null}
        onClick={press}
      >
        {labelOf(opposite)}
      </button>
      {isOpen && (
        <CommandDialog command={command} device={device} kind={kind} why={why} onClose={() => setOpen(false)}>
          <p className="mb-4 text-ink2">{OPPOSITE.hint}</p>
        </CommandDialog>
      )}
    </>
  );
}

const labelOf = ({ command, back, asks }: Opposite): string =>
  back
    ? OPPOSITE.back(inWords(back.value, back.field))
    : asks
    ? OPPOSITE.asking(command.title)
    : OPPOSITE.send(command.title);
