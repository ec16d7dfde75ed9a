/** What is asked of a new device: its kind first, then what it is called. */
import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { bodyOf, type Draft, idFrom, problemsAtTheEnd, problemsWhileTyping, tagsFrom } from "../../form/new_device.ts";
import { type Problems, refusedForm } from "../../form/refused.ts";
import { faultOf, NO_ANSWER } from "../../live/fault.ts";
import { useKinds } from "../../live/kinds.ts";
import { rest } from "../../live/rest.ts";
import { Choices } from "../../parts/choices.tsx";
import { KindIcon } from "../../parts/icon.tsx";
import { tell } from "../../parts/tell.tsx";
import { TextField } from "../../parts/text_field.tsx";
import { ADD } from "../../words/add.ts";
import type { NewDevice } from "./connect_device.tsx";

type Fields = keyof Draft;
const FIELDS: readonly Fields[] = ["name", "id", "kind", "tags"];
const EMPTY: Draft = { name: "", id: "", kind: "", tags: "" };

interface FormProps {
  /** What the address asks for already. */
  kind: string | undefined;
  onAdded(added: NewDevice): void;
}

export function DeviceForm(props: FormProps) {
  const { draft, change, problems, general, isBusy, submit, form } = useDeviceForm(props);
  return (
    <form ref={form} className="grid gap-5" onSubmit={submit} noValidate>
      <Kinds value={draft.kind} problem={problems.kind} onChoose={(kind) => change({ kind })} />
      <div className="grid gap-5 sm:grid-cols-2 sm:gap-x-3">
        <TextField
          label={ADD.name}
          value={draft.name}
          placeholder={ADD.namePlaceholder}
          maxLength={120}
          hint={ADD.nameHint}
          problem={problems.name}
          onText={(name) => change({ name })}
        />
        <TextField
          label={ADD.id}
          className="mono"
          value={draft.id}
          spellCheck={false}
          autoCapitalize="none"
          required
          hint={ADD.idHint}
          problem={problems.id}
          onText={(id) => change({ id })}
        />
      </div>
      <TextField
        label={ADD.tags}
        value={draft.tags}
        placeholder={ADD.tagsPlaceholder}
        spellCheck={false}
        autoCapitalize="none"
        hint={<TagsHint tags={tagsFrom(draft.tags)} />}
        problem={problems.tags}
        onText={(tags) => change({ tags })}
      />
      <div className="add-foot">
        {general && <p className="problem mr-auto" role="alert">{general}</p>}
        <Link to="/devices" className="button">{ADD.cancel}</Link>
        <button type="submit" className="button primary" disabled={isBusy}>{ADD.submit}</button>
      </div>
    </form>
  );
}

function useDeviceForm({ kind = "", onAdded }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState({ ...EMPTY, kind });
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
      tell(ADD.added(draft.name || draft.id));
    } catch (thrown) {
      const fault = faultOf(thrown);
      const { fields, general } = refusedForm(fault, FIELDS);
      setRefused(fields);
      setGeneral(fault.code === NO_ANSWER ? ADD.lost : general);
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
  if (kinds.length === 0) return <p className="hint">{ADD.noKinds}</p>;
  return (
    <Choices
      label={ADD.kind}
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
  tags.length === 0 ? ADD.tagsHint : (
    <span className="flex flex-wrap gap-1">
      {tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}
    </span>
  );
