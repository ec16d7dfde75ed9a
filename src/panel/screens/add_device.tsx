/** Adding a device: what it is, then its token and the way to its first value. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { bodyOf, type Draft, idFrom, problemsAtTheEnd, problemsWhileTyping, tagsFrom } from "../form/new_device.ts";
import { type Problems, refusedForm } from "../form/refused.ts";
import { faultOf, NO_ANSWER } from "../live/fault.ts";
import { useKinds } from "../live/kinds.ts";
import { rest } from "../live/rest.ts";
import { Choices } from "../parts/choices.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { KindIcon } from "../parts/icon.tsx";
import { tell } from "../parts/tell.tsx";
import { focusFirst, TextField } from "../parts/text_field.tsx";
import { ConnectDevice, type NewDevice } from "./connect_device.tsx";

type Fields = keyof Draft;
const FIELDS: readonly Fields[] = ["name", "id", "kind", "tags"];
/** The token was in the answer that did not come. */
const LOST = "The hub did not answer. If the device is in the list now, its settings make it a new token.";
const EMPTY: Draft = { name: "", id: "", kind: "", tags: "" };

export default function AddDevice({ onClose }: { onClose(): void }) {
  const [added, setAdded] = useState<NewDevice | null>(null);
  return (
    <Dialog
      title={added ? `Connect ${added.device.name}` : "Add a device"}
      onClose={onClose}
      isSticky={added !== null}
      isWide
    >
      {added ? <ConnectDevice added={added} onDone={onClose} /> : <DeviceForm onAdded={setAdded} onCancel={onClose} />}
    </Dialog>
  );
}

interface FormProps {
  onAdded(added: NewDevice): void;
  onCancel(): void;
}

function DeviceForm({ onAdded, onCancel }: FormProps) {
  const { draft, change, problems, general, isBusy, submit, form } = useDeviceForm(onAdded);
  return (
    <form ref={form} className="grid gap-5" onSubmit={submit} noValidate>
      <div className="grid gap-5 sm:grid-cols-2 sm:gap-x-3">
        <TextField
          ref={focusFirst}
          label="Name"
          value={draft.name}
          placeholder="Greenhouse north"
          maxLength={120}
          hint="What people call it. It can be changed later."
          problem={problems.name}
          onText={(name) => change({ name })}
        />
        <TextField
          label="Id"
          className="mono"
          value={draft.id}
          spellCheck={false}
          autoCapitalize="none"
          required
          hint="What programs call it. It stays for ever."
          problem={problems.id}
          onText={(id) => change({ id })}
        />
      </div>
      <Kinds value={draft.kind} problem={problems.kind} onChoose={(kind) => change({ kind })} />
      <TextField
        label="Tags"
        value={draft.tags}
        placeholder="roof floor-2"
        spellCheck={false}
        autoCapitalize="none"
        hint={<TagsHint tags={tagsFrom(draft.tags)} />}
        problem={problems.tags}
        onText={(tags) => change({ tags })}
      />
      <div className="dialog-foot">
        {general && <p className="problem mr-auto" role="alert">{general}</p>}
        <button type="button" className="button" onClick={onCancel}>Cancel</button>
        <button type="submit" className="button primary" disabled={isBusy}>Add device</button>
      </div>
    </form>
  );
}

function useDeviceForm(onAdded: FormProps["onAdded"]) {
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(EMPTY);
  /** Once somebody typed an id of their own, the name suggests none. */
  const [hasOwnId, setOwnId] = useState(false);
  const [refused, setRefused] = useState<Problems<Fields>>({});
  const [general, setGeneral] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const focusProblem = useFocusOnProblem(form);
  const problems = { ...refused, ...problemsWhileTyping(draft) };

  const change = (changed: Partial<Draft>) => {
    if (changed.id !== undefined) setOwnId(true);
    const suggested = changed.name !== undefined && !hasOwnId ? { id: idFrom(changed.name) } : {};
    const all = { ...changed, ...suggested };
    setDraft({ ...draft, ...all });
    // What the hub said was about the value before.
    setRefused(Object.fromEntries(Object.entries(refused).filter(([field]) => !(field in all))));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const missing = problemsAtTheEnd(draft);
    setRefused(missing);
    setGeneral(null);
    if (Object.keys(missing).length > 0) return focusProblem();
    setBusy(true);
    try {
      onAdded(await rest<NewDevice>("POST", "/api/v1/devices", bodyOf(draft)));
      tell(`${draft.name || draft.id} was added.`);
    } catch (thrown) {
      const fault = faultOf(thrown);
      const { fields, general } = refusedForm(fault, FIELDS);
      setRefused(fields);
      setGeneral(fault.code === NO_ANSWER ? LOST : general);
      setBusy(false);
      focusProblem();
    }
  };
  return { draft, change, problems, general, isBusy, submit, form };
}

/** The first field that has a problem, as soon as it is drawn as one. */
function useFocusOnProblem(form: React.RefObject<HTMLFormElement | null>): () => void {
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [asked]);
  return () => setAsked((before) => before + 1);
}

interface KindsProps {
  value: string;
  problem?: string;
  onChoose(kind: string): void;
}

function Kinds({ value, problem, onChoose }: KindsProps) {
  const kinds = [...useKinds().values()];
  if (kinds.length === 0) return <p className="hint">The hub has not told its kinds yet.</p>;
  return (
    <Choices
      label="Kind"
      isWide
      value={value}
      problem={problem}
      choices={kinds.map(({ kind, title, description, icon }) => ({
        value: kind,
        title,
        sentence: description,
        icon: <KindIcon name={icon} size={20} />,
      }))}
      onChoose={onChoose}
    />
  );
}

const TagsHint = ({ tags }: { tags: string[] }) =>
  tags.length === 0
    ? "To find it by, with spaces between them. They can be changed later."
    : (
      <span className="flex flex-wrap gap-1">
        {tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}
      </span>
    );
