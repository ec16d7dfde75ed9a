/** Who is signed in, for screens that are only drawn when somebody is. */
import type { Role } from "../../protocol/words.ts";
import { type Me, session } from "../live/session.ts";
import { useValue } from "../live/value.ts";

export const useMe = (): Me =>
  useValue(session, (now) => {
    if (now.state === "in") return now.me;
    return NOBODY;
  });

/** For the one render between signing out and the sign-in screen. */
const NOBODY: Me = { id: "", name: "", role: "viewer" };

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };
/** As `roleOpens` of the protocol, which would bring the schemas' library into the page. */
export const mayAs = (me: Me, needs: Role): boolean => RANK[me.role] >= RANK[needs];
