/** A command as a button: sent at once, or after the dialog that it needs. */
import { type ReactNode, useState } from "react";
import type { KindDocument } from "../../kind/schema.ts";
import { type CommandModel, needsDialog } from "../form/controls.ts";
import { send } from "../live/ledger.ts";
import type { Shown } from "../live/watch.ts";
import { CommandDialog } from "./command_dialog.tsx";
import { type Situation, whyNot } from "./permit.ts";

interface Props {
  command: CommandModel;
  device: Shown;
  kind: KindDocument;
  situation: Situation;
  /** Sent as it is, although it could take params. */
  isPlain?: boolean;
  className?: string;
  children?: ReactNode;
}

export function Press({ command, device, kind, situation, isPlain, className = "button", children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const why = whyNot(situation, command);
  const asks = needsDialog(command) && !(isPlain && command.danger === "none" && !command.select);
  return (
    <>
      <button
        type="button"
        className={className}
        title={why ?? command.description}
        disabled={why !== null}
        onClick={() => asks ? setOpen(true) : void send({ device: device.id, name: command.name, params: {} })}
      >
        {children}
        {command.title}
        {asks && "…"}
      </button>
      {isOpen && (
        <CommandDialog
          command={command}
          device={device}
          kind={kind}
          why={why}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
