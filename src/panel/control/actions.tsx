/** Commands that are buttons of their own; what needs params or a second thought opens a dialog. */
import { useState } from "react";
import type { KindDocument } from "../../kind/schema.ts";
import { type CommandControl, type CommandModel, needsDialog } from "../form/controls.ts";
import { type Ledger, send } from "../live/ledger.ts";
import type { Shown } from "../live/watch.ts";
import { CommandDialog } from "./command_dialog.tsx";
import { type Situation, whyNot } from "./permit.ts";
import { Roads } from "./roads.tsx";
import { ACTIONS } from "../words/control.ts";

interface Props {
  kind: KindDocument;
  controls: CommandControl[];
  device: Shown;
  ledger: Ledger;
  situation: Situation;
}

export function Actions({ kind, controls, device, ledger, situation }: Props) {
  const [open, setOpen] = useState<CommandModel | null>(null);
  const commands = controls.map(({ command }) => command);
  const act = (command: CommandModel) => {
    if (needsDialog(command)) setOpen(command);
    else void send({ device: device.id, name: command.name, params: {} });
  };
  return (
    <section className="control" aria-label={ACTIONS}>
      <h2 className="heading">{ACTIONS}</h2>
      <div className="flex flex-wrap gap-2">
        {controls.map((control) => (
          <button
            key={control.command.name}
            type="button"
            className="button"
            title={whyNot(situation, control.command) ?? control.command.description}
            disabled={whyNot(situation, control.command) !== null}
            onClick={() => act(control.command)}
          >
            {control.command.title}
            {needsDialog(control.command) && "…"}
          </button>
        ))}
      </div>
      <Roads commands={commands} device={device} ledger={ledger} situation={situation} />
      {open && (
        <CommandDialog
          command={open}
          device={device}
          kind={kind}
          why={whyNot(situation, open)}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}
