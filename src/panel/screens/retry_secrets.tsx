/** A job that is tried again needs its secrets again: they were kept nowhere [J12]. */
import { type FormEvent, useState } from "react";
import { FieldInput } from "../control/field_input.tsx";
import type { CommandModel } from "../form/controls.ts";
import { fieldOf } from "../form/field.ts";
import { readParams } from "../form/params.ts";
import { faultOf } from "../live/fault.ts";
import { Dialog } from "../parts/dialog.tsx";
import { refusalInWords } from "../words/road.ts";
import { DO } from "../words/common.ts";
import { SECRETS } from "../words/job.ts";

interface Props {
  command: CommandModel | undefined;
  /** The one that the hub missed first. */
  name: string;
  act(params: Record<string, unknown>): Promise<void>;
  onClose(): void;
}

export function RetryWithSecrets({ command, name, act, onClose }: Props) {
  const known = command?.params.filter(({ isSecret }) => isSecret) ?? [];
  const fields = known.some((field) => field.name === name)
    ? known.map((field) => ({ ...field, isOptional: field.isOptional && field.name !== name }))
    : [fieldOf(name, { type: "string", secret: true }, false)];
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const read = readParams(fields, new FormData(event.currentTarget));
    setProblems(read.ok ? {} : read.problems);
    if (!read.ok) return;
    await act(read.value.params).catch((thrown) => setRefusal(refusalInWords(faultOf(thrown))));
  };
  return (
    <Dialog title={SECRETS.title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p className="mb-4 text-ink2">{SECRETS.lead}</p>
        {fields.map((field) => <FieldInput key={field.name} field={field} problem={problems[field.name]} />)}
        {refusal && <p className="problem mb-4" role="alert">{refusal}</p>}
        <div className="flex justify-end gap-2">
          <button type="button" className="button" onClick={onClose}>{DO.cancel}</button>
          <button type="submit" className="button primary">{DO.retry}</button>
        </div>
      </form>
    </Dialog>
  );
}
