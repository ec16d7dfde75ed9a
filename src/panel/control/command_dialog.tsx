/** Asks for a command's params, and for a second thought where the kind says that it is dangerous. */
import { type FormEvent, Fragment, type ReactNode, useState } from "react";
import type { CommandModel } from "../form/controls.ts";
import { fieldsOf } from "../form/field.ts";
import { type Filled, readParams } from "../form/params.ts";
import { placeIn } from "../form/place.ts";
import type { KindDocument } from "../../kind/schema.ts";
import { send } from "../live/ledger.ts";
import type { Shown } from "../live/watch.ts";
import { Dialog } from "../parts/dialog.tsx";
import { focusFirst } from "../parts/text_field.tsx";
import { isTyped, TypeToGoOn } from "../parts/type_to_go_on.tsx";
import { FieldInput } from "./field_input.tsx";
import { PlaceHelp } from "./inputs/place_help.tsx";
import { SelectStep } from "./select_step.tsx";
import { DO } from "../words/common.ts";
import { SELECT, SENT_ONCE } from "../words/control.ts";

interface Props {
  command: CommandModel;
  device: Shown;
  kind: KindDocument;
  /** Things may change while it is open: why it cannot be sent any more. */
  why: string | null;
  onClose(): void;
  /** Said before everything else. */
  children?: ReactNode;
}

export function CommandDialog({ command, device, kind, why, onClose, children }: Props) {
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [typed, setTyped] = useState("");
  /** What is to be selected; the form waits behind it. */
  const [given, setGiven] = useState<Filled | null>(null);
  const { danger, params, effect, title } = command;
  const place = placeIn(params);
  const isArmed = danger !== "type" || isTyped(device.id, typed);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const read = readParams(params, new FormData(event.currentTarget));
    setProblems(read.ok ? {} : read.problems);
    if (!read.ok || !isArmed) return;
    const filled = read.value;
    if (command.select) return setGiven(filled);
    void send({ device: device.id, name: command.name, ...filled });
    onClose();
  };
  return (
    <Dialog title={`${title} · ${device.name}`} onClose={onClose}>
      {given && (
        <SelectStep
          command={command}
          device={device}
          kind={kind}
          given={given}
          why={why}
          onBack={() => setGiven(null)}
          onClose={onClose}
        />
      )}
      <form onSubmit={submit} noValidate hidden={given !== null}>
        {children}
        {command.description && <p className="mb-4 text-ink2">{command.description}</p>}
        {params.map((field) => (
          <Fragment key={field.name}>
            <FieldInput field={field} problem={problems[field.name]} />
            {field === place?.lon && (
              <div className="mb-4">
                <PlaceHelp fields={params} nameOf={({ name }) => name} device={placeOf(kind, device)} />
              </div>
            )}
          </Fragment>
        ))}
        {danger === "type" && <TypeToGoOn word={device.id} value={typed} onText={setTyped} />}
        {danger !== "none" && effect === "once" && <p className="mb-4 text-ink2">{SENT_ONCE}</p>}
        {why !== null && <p className="problem mb-4" role="alert">{why}</p>}
        <div className="flex justify-end gap-2">
          <button ref={danger === "none" ? undefined : focusFirst} type="button" className="button" onClick={onClose}>
            {DO.cancel}
          </button>
          <button
            type="submit"
            className={danger === "none" || command.select ? "button primary" : "button danger"}
            disabled={!isArmed || why !== null}
          >
            {command.select ? SELECT.select : title}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Where it told that it is, if it tells that. */
function placeOf(kind: KindDocument, { telemetry }: Shown): { lat: number; lon: number } | null {
  const place = placeIn(fieldsOf(kind.properties.telemetry));
  const [lat, lon] = [place?.lat, place?.lon].map((field) => field && telemetry?.[field.name]?.value);
  return typeof lat === "number" && typeof lon === "number" ? { lat, lon } : null;
}
