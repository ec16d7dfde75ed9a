/** Signing in by pasting a token; what the first operator needs to know is said beside it. */
import { type FormEvent, useState } from "react";
import { faultOf } from "../live/fault.ts";
import { signIn } from "../live/session.ts";
import { Gate } from "./gate.tsx";
import { SIGN_IN } from "../words/access.ts";
import { DO } from "../words/common.ts";

export function SignIn({ why }: { why: string | null }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get("token")).trim();
    setBusy(true);
    setProblem(null);
    try {
      await signIn(token);
    } catch (thrown) {
      const { code, message } = faultOf(thrown);
      setProblem(code === "unauthenticated" ? SIGN_IN.unknown : message);
      setBusy(false);
    }
  };
  return (
    <Gate title={SIGN_IN.title} lead={why ?? SIGN_IN.lead}>
      <form onSubmit={submit}>
        <label className="label" htmlFor="token">{SIGN_IN.token}</label>
        <input
          id="token"
          name="token"
          type="password"
          className="input font-mono"
          autoComplete="current-password"
          spellCheck={false}
          required
          autoFocus
          maxLength={128}
          aria-invalid={problem !== null}
          aria-describedby="token-hint"
        />
        {problem && <p className="problem mt-1" role="alert">{problem}</p>}
        <button type="submit" className="button primary mt-4 w-full" disabled={isBusy}>{DO.signIn}</button>
      </form>
      <p id="token-hint" className="hint mt-4">
        {SIGN_IN.hint}
      </p>
    </Gate>
  );
}
