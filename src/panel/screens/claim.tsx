/** The first administrator, by the code that the hub wrote to its log [I9]. */
import { type FormEvent, useState } from "react";
import { faultOf } from "../live/fault.ts";
import { askWho, claim, type Claimed } from "../live/session.ts";
import { Secret } from "../parts/copy.tsx";
import { Gate } from "./gate.tsx";
import { CLAIM } from "../words/access.ts";

interface Props {
  code: string;
  onGiveUp(): void;
}

export function Claim({ code, onGiveUp }: Props) {
  const [claimed, setClaimed] = useState<Claimed | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    setBusy(true);
    try {
      setClaimed(await claim(code, name));
    } catch (thrown) {
      const { code, message } = faultOf(thrown);
      setProblem(
        code === "unauthenticated" ? CLAIM.notValid : message,
      );
      setBusy(false);
    }
  };
  if (claimed) return <Kept claimed={claimed} onDone={onGiveUp} />;
  return (
    <Gate
      title={CLAIM.title}
      lead={CLAIM.lead}
    >
      <form onSubmit={submit}>
        <label className="label" htmlFor="name">{CLAIM.name}</label>
        <input id="name" name="name" className="input" autoComplete="name" required autoFocus maxLength={120} />
        <p className="hint">{CLAIM.nameHint}</p>
        {problem && <p className="problem mt-3" role="alert">{problem}</p>}
        <button type="submit" className="button primary mt-4 w-full" disabled={isBusy}>{CLAIM.become}</button>
      </form>
      {problem && (
        <button type="button" className="button quiet mt-2 w-full" onClick={onGiveUp}>{CLAIM.withToken}</button>
      )}
    </Gate>
  );
}

function Kept({ claimed, onDone }: { claimed: Claimed; onDone(): void }) {
  const enter = async () => {
    await askWho();
    onDone();
  };
  return (
    <Gate title={CLAIM.welcome(claimed.name)} lead={CLAIM.keep}>
      <Secret text={claimed.token} what={CLAIM.yourToken} />
      <p className="hint mt-3">
        {CLAIM.stays}
      </p>
      <button type="button" className="button primary mt-5 w-full" onClick={() => void enter()}>
        {CLAIM.enter}
      </button>
    </Gate>
  );
}
