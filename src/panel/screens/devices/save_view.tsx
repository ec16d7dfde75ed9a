/** Giving a view a name, and sharing it. */
import { type FormEvent, useRef, useState } from "react";
import { FIRST_SORT, mayEnd, type Seen } from "../../form/saved_view.ts";
import { sentence } from "../../form/field.ts";
import { type Problems, refusedForm } from "../../form/refused.ts";
import { faultOf } from "../../live/fault.ts";
import { asked, callView, makeView, restoreView, type SavedView } from "../../live/views.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { mayAs, useMe } from "../../parts/me.ts";
import { focusFirst, TextField } from "../../parts/text_field.tsx";
import { toast } from "../../parts/toast.tsx";
import { DO } from "../../words/common.ts";
import { COLUMNS, LAYOUT } from "../../words/list.ts";
import { SAVE_VIEW, VIEWS } from "../../words/views.ts";
import { isOwn } from "./columns.ts";

interface Props {
  /** Null for a new one. */
  of: SavedView | null;
  seen: Seen;
  onSaved(view: SavedView): void;
}

export default function SaveView({ of, seen, onSaved }: Props) {
  const me = useMe();
  const [name, setName] = useState(of?.name ?? "");
  const [shared, setShared] = useState(of?.shared ?? false);
  const [problems, setProblems] = useState<Problems<"name">>({});
  const [general, setGeneral] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const close = () => asked.set(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setGeneral(null);
    if (name.trim() === "") {
      setProblems({ name: SAVE_VIEW.nameless });
      return field.current?.focus();
    }
    setBusy(true);
    const called = { name: name.trim(), shared };
    try {
      const view = of ? await callView(of, called) : await makeView(seen, called);
      close();
      onSaved(view);
      toast(VIEWS.saved(view.name), of ? () => restoreView(of) : undefined);
    } catch (thrown) {
      const { fields, general } = refusedForm(faultOf(thrown), ["name"]);
      setProblems(fields);
      setGeneral(general);
      setBusy(false);
    }
  };
  return (
    <Dialog title={of ? SAVE_VIEW.titleOf(of.name) : SAVE_VIEW.title} onClose={close}>
      <form className="grid gap-4" onSubmit={submit} noValidate>
        <TextField
          ref={(element) => {
            field.current = element;
            focusFirst(element);
          }}
          label={SAVE_VIEW.name}
          value={name}
          placeholder={SAVE_VIEW.example}
          maxLength={120}
          required
          problem={problems.name}
          onText={(name) => {
            setName(name);
            setProblems({});
          }}
        />
        <Kept {...seen} />
        {mayAs(me, "operator") && (
          <Share of={of} isFixed={of !== null && of.shared && !mayEnd(of, me)} {...{ shared, setShared }} />
        )}
        <div className="dialog-foot">
          {general && <p className="problem mr-auto" role="alert">{general}</p>}
          <button type="button" className="button" onClick={close}>{DO.cancel}</button>
          <button type="submit" className="button primary" disabled={isBusy}>{DO.save}</button>
        </div>
      </form>
    </Dialog>
  );
}

interface ShareProps {
  of: SavedView | null;
  isFixed: boolean;
  shared: boolean;
  setShared(shared: boolean): void;
}

const Share = ({ of, isFixed, shared, setShared }: ShareProps) => (
  <label className="views-share">
    <input type="checkbox" checked={shared} disabled={isFixed} onChange={({ target }) => setShared(target.checked)} />
    <span>
      {SAVE_VIEW.share}
      <span className="hint">{isFixed ? SAVE_VIEW.shareFixed(of!.by.name) : SAVE_VIEW.shareHint}</span>
    </span>
  </label>
);

/** What it holds, so that nobody has to guess. */
function Kept({ q, sort, columns, layout }: Seen) {
  const names = columns?.split(",").filter((name) => name !== "");
  return (
    <dl className="views-kept">
      <dt>{SAVE_VIEW.query}</dt>
      <dd>{q === "" ? VIEWS.everything : <code>{q}</code>}</dd>
      {sort !== FIRST_SORT && (
        <>
          <dt>{SAVE_VIEW.sort}</dt>
          <dd>{sort.startsWith("-") ? SAVE_VIEW.descending(titleOf(sort.slice(1))) : titleOf(sort)}</dd>
        </>
      )}
      <dt>{SAVE_VIEW.columns}</dt>
      <dd>{names ? names.map(titleOf).join(", ") || SAVE_VIEW.noColumns : SAVE_VIEW.usual}</dd>
      {layout && (
        <>
          <dt>{LAYOUT.label}</dt>
          <dd>{LAYOUT[layout]}</dd>
        </>
      )}
    </dl>
  );
}

const titleOf = (name: string): string =>
  name === "createdAt" ? COLUMNS.created : isOwn(name) ? COLUMNS[name] : sentence(name);
