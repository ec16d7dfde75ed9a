/** Deleting a token: what happens at once, said before it happens. */
import { useState } from "react";
import { faultOf } from "../../live/fault.ts";
import { deleteToken, type OperatorToken } from "../../live/operator_tokens.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { focusFirst } from "../../parts/text_field.tsx";
import { refusalInWords } from "../../words/road.ts";
import { Say } from "../../parts/say.tsx";
import { DELETE_TOKEN, TOKENS } from "../../words/access.ts";
import { DO } from "../../words/common.ts";

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
    <Dialog title={DELETE_TOKEN.title(token.name)} onClose={onClose}>
      <div className="grid gap-3">
        <p>{DELETE_TOKEN.follows}</p>
        {isOwn && (
          <p>
            <Say text={DELETE_TOKEN.own} with={{ mark: <Mark text={DELETE_TOKEN.ownMark} /> }} />
          </p>
        )}
        {isLastAdmin && (
          <p>
            <Say
              text={DELETE_TOKEN.last}
              with={{
                mark: <Mark text={DELETE_TOKEN.lastMark} />,
                setting: <code className="font-mono">{TOKENS.setting}</code>,
              }}
            />
          </p>
        )}
        <div className="dialog-foot mt-2">
          {problem && <p className="problem mr-auto" role="alert">{problem}</p>}
          <button ref={focusFirst} type="button" className="button" onClick={onClose}>{DO.cancel}</button>
          <button type="button" className="button danger" disabled={isBusy} onClick={remove}>
            {DELETE_TOKEN.delete}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

const Mark = ({ text }: { text: string }) => <strong className="font-semibold">{text}</strong>;
