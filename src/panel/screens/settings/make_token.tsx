/** Making an operator's token: for whom, what it may do, and the one moment in which it can be seen. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Role } from "../../../protocol/words.ts";
import { type Problems, refusedForm } from "../../form/refused.ts";
import { faultOf } from "../../live/fault.ts";
import { makeToken, type NewToken } from "../../live/operator_tokens.ts";
import { Choices } from "../../parts/choices.tsx";
import { Secret } from "../../parts/copy.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { focusFirst, TextField } from "../../parts/text_field.tsx";
import { ROLES } from "../../words/words.ts";
import { Say } from "../../parts/say.tsx";
import { MAKE_TOKEN, TOKENS } from "../../words/access.ts";
import { DO } from "../../words/common.ts";

interface Props {
  onMade(): void;
  onClose(): void;
}

export function MakeToken({ onMade, onClose }: Props) {
  const [made, setMade] = useState<NewToken | null>(null);
  const shown = (token: NewToken) => {
    setMade(token);
    onMade();
  };
  return (
    <Dialog title={made ? MAKE_TOKEN.made(made.name) : TOKENS.make} onClose={onClose} isSticky={made !== null}>
      {made ? <Made made={made} onDone={onClose} /> : <TokenForm onMade={shown} onCancel={onClose} />}
    </Dialog>
  );
}

const ROLE_CHOICES = (Object.keys(ROLES) as Role[]).map((role) => ({
  value: role,
  title: role.charAt(0).toUpperCase() + role.slice(1),
  sentence: ROLES[role],
}));

interface FormProps {
  onMade(token: NewToken): void;
  onCancel(): void;
}

function TokenForm({ onMade, onCancel }: FormProps) {
  const [name, setName] = useState("");
  // What was not chosen should not be able to do much.
  const [role, setRole] = useState<Role>("viewer");
  const [problems, setProblems] = useState<Problems<"name" | "role">>({});
  const [general, setGeneral] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setGeneral(null);
    if (name.trim() === "") {
      setProblems({ name: MAKE_TOKEN.nameless });
      return field.current?.focus();
    }
    setBusy(true);
    try {
      onMade(await makeToken(name.trim(), role));
    } catch (thrown) {
      const { fields, general } = refusedForm(faultOf(thrown), ["name", "role"]);
      setProblems(fields);
      setGeneral(general);
      setBusy(false);
    }
  };
  return (
    <form className="grid gap-5" onSubmit={submit} noValidate>
      <TextField
        ref={(element) => {
          field.current = element;
          focusFirst(element);
        }}
        label={TOKENS.name}
        value={name}
        placeholder={MAKE_TOKEN.example}
        maxLength={120}
        required
        hint={MAKE_TOKEN.nameHint}
        problem={problems.name}
        onText={(name) => {
          setName(name);
          setProblems({});
        }}
      />
      <Choices
        label={TOKENS.role}
        choices={ROLE_CHOICES}
        value={role}
        problem={problems.role}
        onChoose={(role) => setRole(role as Role)}
      />
      <div className="dialog-foot">
        {general && <p className="problem mr-auto" role="alert">{general}</p>}
        <button type="button" className="button" onClick={onCancel}>{DO.cancel}</button>
        <button type="submit" className="button primary" disabled={isBusy}>{MAKE_TOKEN.make}</button>
      </div>
    </form>
  );
}

function Made({ made: { token, role, name }, onDone }: { made: NewToken; onDone(): void }) {
  const lead = useRef<HTMLParagraphElement>(null);
  useEffect(() => lead.current?.focus(), []);
  return (
    <div className="grid gap-4">
      <p ref={lead} tabIndex={-1} className="text-ink2 outline-none">
        {MAKE_TOKEN.once(name, role)}
      </p>
      <Secret text={token} what={MAKE_TOKEN.tokenOf(name)} />
      <p className="hint mt-0">
        <Say text={MAKE_TOKEN.use} with={{ header: <code className="font-mono">{MAKE_TOKEN.header}</code> }} />
      </p>
      <div className="dialog-foot">
        <button type="button" className="button primary" onClick={onDone}>{DO.kept}</button>
      </div>
    </div>
  );
}
