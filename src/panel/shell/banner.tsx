/** One banner while the panel is cut off: since when, why, and what happens next. */
import { TriangleAlert } from "lucide-react";
import { hub } from "../live/connection.ts";
import { askWho, signOut } from "../live/session.ts";
import { useClock } from "../live/time.ts";
import { ageOf } from "../words/format.ts";
import { closeInWords } from "../words/words.ts";
import { useLink } from "../parts/link_state.ts";
import { DO } from "../words/common.ts";
import { BANNER } from "../words/shell.ts";

export function Banner() {
  const link = useLink();
  const lostAt = link.phase === "open" ? null : link.lostAt;
  const age = useClock((now) => lostAt === null ? null : ageOf(now - lostAt));
  const retryIn = useClock((now) =>
    link.phase === "waiting" ? Math.max(0, Math.ceil((link.retryAt - now) / 1000)) : null
  );
  if (link.phase === "open") return null;
  const shown = age === null ? BANNER.none : BANNER.old(age);
  return (
    <div className="banner" role="alert">
      <TriangleAlert className="shrink-0" size={16} aria-hidden="true" />
      <p className="grow">
        <strong>{BANNER.cut}</strong> {link.phase !== "connecting" && closeInWords(link.why)} {shown}{" "}
        {link.phase === "waiting" && BANNER.retryIn(retryIn)}
        {link.phase === "connecting" && BANNER.trying}
      </p>
      {link.phase === "waiting" && (
        <button type="button" className="button small" onClick={hub.connect}>
          {BANNER.tryNow}
        </button>
      )}
      {link.phase === "stopped" && <Ways name={link.why} />}
    </div>
  );
}

/** The hub said not to come back by itself: a person decides. */
function Ways({ name }: { name: string }) {
  const again = async () => await askWho() && hub.connect();
  return name === "revoked" || name === "signed_out"
    ? (
      <button type="button" className="button small" onClick={() => void signOut(closeInWords(name))}>
        {DO.signIn}
      </button>
    )
    : <button type="button" className="button small" onClick={again}>{BANNER.again}</button>;
}
