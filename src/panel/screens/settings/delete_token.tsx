/** Deleting a token: what happens at once, said before it happens. */
import { useState } from "react";
import { faultOf } from "../../live/fault.ts";
import { deleteToken, type OperatorToken } from "../../live/operator_tokens.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { focusFirst } from "../../parts/text_field.tsx";
import { refusalInWords } from "../../words/road.ts";

interface Props {
  token: OperatorToken;
  isOwn: boolean;
  isLastAdmin: boolean;
  onDeleted(): void;
  onClose(): void;
}

export function DeleteToken({ token, isOwn, isLastAdmin, onDeleted, onClose }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await deleteToken(token.id);
      onDeleted();
    } catch (thrown) {
      setProblem(refusalInWords(faultOf(thrown)));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Delete the token of ${token.name}`} onClose={onClose}>
      <div className="grid gap-3">
        <p>
          Its sockets close at once, and whoever signed in with it is signed out. Programs that use it are refused from
          then on. This cannot be undone.
        </p>
        {isOwn && (
          <p>
            <strong className="font-semibold">It is your own.</strong> You will be back at the sign-in.
          </p>
        )}
        {isLastAdmin && (
          <p>
            <strong className="font-semibold">No other token here is an administrator’s.</strong>{" "}
            After it nobody in this list can add devices or make tokens. The way back is the hub’s setting{" "}
            <code className="font-mono">SIGNALBOX_ADMIN_TOKEN</code>.
          </p>
        )}
        <div className="dialog-foot mt-2">
          {problem && <p className="problem mr-auto" role="alert">{problem}</p>}
          <button ref={focusFirst} type="button" className="button" onClick={onClose}>Cancel</button>
          <button type="button" className="button danger" disabled={isBusy} onClick={remove}>Delete the token</button>
        </div>
      </div>
    </Dialog>
  );
}
