/** Who may operate this hub: the operators' tokens. */
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { type OperatorToken, useOperatorTokens } from "../../live/operator_tokens.ts";
import { signOut } from "../../live/session.ts";
import type { Me } from "../../live/session.ts";
import { Ago } from "../../parts/age.tsx";
import { useMe } from "../../parts/me.ts";
import { ForAdministrators, Notice, NotRead } from "../../parts/notice.tsx";
import { tell } from "../../parts/tell.tsx";
import { useTitle } from "../../shell/title.ts";
import { SETTINGS } from "../../words/settings.ts";
import { ROLES } from "../../words/words.ts";
import { DeleteToken } from "./delete_token.tsx";
import { MakeToken } from "./make_token.tsx";
import { Say } from "../../parts/say.tsx";
import { TOKENS } from "../../words/access.ts";

export function TokensScreen() {
  const me = useMe();
  useTitle(SETTINGS.tokens);
  return me.role === "admin" ? <Tokens me={me} /> : <ForAdministrators />;
}

function Tokens({ me }: { me: Me }) {
  const { tokens, problem, read } = useOperatorTokens();
  const [isMaking, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<OperatorToken | null>(null);
  const deleted = (token: OperatorToken) => {
    setLeaving(null);
    tell(TOKENS.deleted(token.name));
    // Its session is gone with it; the hub has closed this panel's socket already.
    if (token.id === me.id) return void signOut(TOKENS.deletedOwn).catch(() => {});
    void read();
  };
  const make = (
    <button type="button" className="button primary" onClick={() => setMaking(true)}>
      <Plus size={16} aria-hidden="true" />
      {TOKENS.make}
    </button>
  );
  return (
    <>
      <div className="page-head">
        <h2>{TOKENS.title}</h2>
        <p>
          {TOKENS.lead}
          {tokens && !tokens.some(({ id }) => id === me.id) && <FromSetting />}
        </p>
        {tokens?.length !== 0 && make}
      </div>
      {!tokens && problem && <NotRead what={TOKENS.what} problem={problem} onRetry={read} />}
      {tokens?.length === 0 && (
        <Notice title={TOKENS.none} action={make}>
          {TOKENS.noneHint}
        </Notice>
      )}
      {tokens && tokens.length > 0 && <TokenList tokens={tokens} me={me} onDelete={setLeaving} />}
      {isMaking && <MakeToken onMade={read} onClose={() => setMaking(false)} />}
      {leaving && (
        <DeleteToken
          token={leaving}
          isOwn={leaving.id === me.id}
          isLastAdmin={leaving.role === "admin" && tokens!.filter(({ role }) => role === "admin").length === 1}
          onDeleted={() => deleted(leaving)}
          onClose={() => setLeaving(null)}
        />
      )}
    </>
  );
}

/** [S1] That one is in no list: it is made and changed where the hub is started. */
const FromSetting = () => (
  <>
    {" "}
    <Say text={TOKENS.fromSetting} with={{ setting: <code className="font-mono">{TOKENS.setting}</code> }} />
  </>
);

interface ListProps {
  tokens: readonly OperatorToken[];
  me: Me;
  onDelete(token: OperatorToken): void;
}

const TokenList = ({ tokens, me, onDelete }: ListProps) => (
  <div className="sheet tokens" role="table" aria-label={TOKENS.title}>
    <div className="line head" role="row">
      <span role="columnheader">{TOKENS.name}</span>
      <span role="columnheader">{TOKENS.role}</span>
      <span role="columnheader">{TOKENS.made}</span>
      <span role="columnheader">{TOKENS.lastUsed}</span>
      <span role="columnheader">
        <span className="sr-only">{TOKENS.delete}</span>
      </span>
    </div>
    {tokens.map((token) => (
      <div key={token.id} className="line" role="row">
        <span role="cell" className="name">
          <span className="truncate font-medium">{token.name}</span>
          {token.id === me.id && <span className="tag">{TOKENS.you}</span>}
        </span>
        <span role="cell" className="role">
          <span>{token.role}</span>
          <span className="sentence">{ROLES[token.role]}</span>
        </span>
        <span role="cell" className="made" data-label={TOKENS.made}>
          <Ago at={token.createdAt} />
        </span>
        <span role="cell" className="used" data-label={TOKENS.lastUsed}>
          {token.lastUsedAt === null
            ? <span className="text-ink3">{TOKENS.never}</span>
            : <Ago at={token.lastUsedAt} />}
        </span>
        <span role="cell" className="act">
          <button
            type="button"
            className="button quiet small square"
            aria-label={TOKENS.deleteIt(token.name)}
            title={TOKENS.delete}
            onClick={() => onDelete(token)}
          >
            <Trash2 size={16} aria-hidden="true" />
          </button>
        </span>
      </div>
    ))}
  </div>
);
