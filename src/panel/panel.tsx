/** Which of the three the visitor sees: the claim, the sign-in, or the panel itself. */
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { askWho, session, takeClaimCode } from "./live/session.ts";
import { useValue } from "./live/value.ts";
import { Teller } from "./parts/tell.tsx";
import { router } from "./router.tsx";
import { Claim } from "./screens/claim.tsx";
import { Gate } from "./screens/gate.tsx";
import { SignIn } from "./screens/sign_in.tsx";
import { SIGN_IN } from "./words/access.ts";
import { DO } from "./words/common.ts";

/** Taken before anything else runs, so that it is nowhere in the history. */
const claimCode = takeClaimCode();

export const Panel = () => (
  <>
    <Screen />
    <Teller />
  </>
);

function Screen() {
  const now = useValue(session);
  const [code, setCode] = useState(claimCode);
  if (code !== null) return <Claim code={code} onGiveUp={() => setCode(null)} />;
  switch (now.state) {
    case "asking":
      return null;
    case "out":
      return <SignIn why={now.why} />;
    case "in":
      return <RouterProvider router={router} />;
    case "unreachable":
      return (
        <Gate title={SIGN_IN.noAnswer} lead={now.message} isClear={false}>
          <button type="button" className="button primary w-full" onClick={() => void askWho()}>{DO.tryAgain}</button>
        </Gate>
      );
  }
}
