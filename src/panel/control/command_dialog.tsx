/** Asks for a command's params, and for a second thought where the kind says that it is dangerous. */
import { type FormEvent, useState } from "react";
import type { CommandModel } from "../form/controls.ts";
import { readForm } from "../form/field.ts";
import { send } from "../live/ledger.ts";
import type { Shown } from "../live/watch.ts";
import { Dialog } from "../parts/dialog.tsx";
import { focusFirst } from "../parts/text_field.tsx";
import { FieldInput } from "./field_input.tsx";

interface Props {
  command: CommandModel;
  device: Shown;
  onClose(): void;
}

export function CommandDialog({ command, device, onClose }: Props) {
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [typed, setTyped] = useState("");
  const { danger, params, effect, title } = command;
  const isArmed = danger !== "type" || typed.trim() === device.id;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => String(form.get(name) ?? "");
    const read = params.map((field) => [field.name, readForm(field, typed)] as const);
    const wrong = read.flatMap(([name, one]) => one.ok ? [] : [[name, one.why]]);
    setProblems(Object.fromEntries(wrong));
    if (wrong.length > 0 || !isArmed) return;
    const values = read.flatMap(([name, one]) => one.ok && one.value !== undefined ? [[name, one.value]] : []);
    const secrets = params.filter(({ isSecret }) => isSecret).map(({ name }) => name);
    void send({ device: device.id, name: command.name, params: Object.fromEntries(values), secrets });
    onClose();
  };
  return (
    <Dialog title={`${title} · ${device.name}`} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        {command.description && <p className="mb-4 text-ink2">{command.description}</p>}
        {params.map((field) => <FieldInput key={field.name} field={field} problem={problems[field.name]} />)}
        {danger === "type" && (
          <div className="mb-4">
            <label className="label" htmlFor="typed">
              Type <code className="font-mono">{device.id}</code> to go on
            </label>
            <input
              id="typed"
              className="input font-mono"
              autoComplete="off"
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          </div>
        )}
        {danger !== "none" && effect === "once" && (
          <p className="mb-4 text-ink2">It is sent once and never again by itself, whatever happens on the way.</p>
        )}
        <div className="flex justify-end gap-2">
          <button ref={danger === "none" ? undefined : focusFirst} type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className={danger === "none" ? "button primary" : "button danger"} disabled={!isArmed}>
            {title}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
