/** The first administrator, by the code that the hub wrote to its log [I9]. */
import { type FormEvent, useState } from "react";
import { faultOf } from "../live/fault.ts";
import { askWho, claim, type Claimed } from "../live/session.ts";
import { Secret } from "../parts/copy.tsx";
import { Gate } from "./gate.tsx";

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
        code === "unauthenticated"
          ? "This code is not valid any more. The hub writes a new one to its log when it starts, until it is claimed."
          : message,
      );
      setBusy(false);
    }
  };
  if (claimed) return <Kept claimed={claimed} onDone={onGiveUp} />;
  return (
    <Gate
      title="Make yourself the first administrator"
      lead="This hub is new. Whoever holds its claim code sets it up."
    >
      <form onSubmit={submit}>
        <label className="label" htmlFor="name">Your name</label>
        <input id="name" name="name" className="input" autoComplete="name" required autoFocus maxLength={120} />
        <p className="hint">Others see it beside what you do.</p>
        {problem && <p className="problem mt-3" role="alert">{problem}</p>}
        <button type="submit" className="button primary mt-4 w-full" disabled={isBusy}>Become administrator</button>
      </form>
      {problem && (
        <button type="button" className="button quiet mt-2 w-full" onClick={onGiveUp}>Sign in with a token</button>
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
    <Gate title={`Welcome, ${claimed.name}`} lead="This is your token. Keep it: it is shown this once.">
      <Secret text={claimed.token} what="Your operator token" />
      <p className="hint mt-3">
        This browser stays signed in for 30 days. For any other you need the token, and so do programs.
      </p>
      <button type="button" className="button primary mt-5 w-full" onClick={() => void enter()}>
        I have kept it, enter
      </button>
    </Gate>
  );
}
