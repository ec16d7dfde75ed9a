/** Saved views of the list of devices: one's own, and those that somebody shares [R18]. */
import { ok, type Outcome, refuse } from "../../protocol/fault.ts";
import { parseQuery } from "../../protocol/query.ts";
import type { SavedView } from "../../protocol/saved_view.ts";
import { read } from "../../protocol/read.ts";
import { id as viewId, roleOpens } from "../../protocol/words.ts";
import { auditRefusedCall } from "../access/audit.ts";
import type { ArgsOf, CallName, List } from "../call.ts";
import type { Operator } from "../access/identity.ts";
import type { Turn } from "../turn.ts";
import { DEFAULT_LIMIT } from "./common.ts";

/** Of one operator, and of all: each is read whenever somebody lists them. */
const MOST_OWN = 50;
const MOST = 1_000;

const NO_VIEW = refuse("not_found", "There is no such view");
const isOwn = ({ by }: SavedView, { id }: Operator): boolean => by.id === id;
const sees = (by: Operator) => (view: SavedView): boolean => view.shared || isOwn(view, by);

export function listViews(turn: Turn, by: Operator, asked: ArgsOf<"list_views">): Outcome<List<SavedView>> {
  const { limit = DEFAULT_LIMIT, cursor = "" } = asked;
  const seen = turn.reader.list("view").filter(sees(by));
  const rest = seen.filter(({ id }) => id > cursor);
  const items = rest.slice(0, limit);
  return ok({ items, next: rest.length > limit ? items[limit - 1].id : null, total: seen.length });
}

export function getView(turn: Turn, by: Operator, { view: id }: ArgsOf<"get_view">): Outcome<SavedView> {
  const view = turn.reader.get("view", id);
  return view && sees(by)(view) ? ok(view) : NO_VIEW;
}

export function putView(turn: Turn, by: Operator, { view: id, ...body }: ArgsOf<"put_view">): Outcome<SavedView> {
  const before = turn.reader.get("view", id);
  const isPublic = body.shared || (before?.shared ?? false);
  const refused = whyNotPut(turn, by, before, { id, isPublic, ...body });
  if (refused) return refused;
  const { id: maker, name } = by;
  const view: SavedView = {
    id,
    ...body,
    by: before?.by ?? { id: maker, name },
    createdAt: before?.createdAt ?? turn.now,
    changedAt: turn.now,
  };
  turn.put("view", view);
  // What nobody else sees is nobody else's business.
  if (isPublic) {
    turn.audit(by, "save_view", id, body.shared ? "done" : "unshared", { name: view.name, query: view.query });
  }
  return ok(view);
}

function whyNotPut(
  turn: Turn,
  by: Operator,
  before: SavedView | undefined,
  { id, isPublic, shared, query }: { id: string; isPublic: boolean; shared: boolean; query: string },
): Outcome<never> | null {
  if (before && !sees(by)(before)) return refuse("conflict", `There is a view ${id} already, of somebody else`);
  if (isPublic && !roleOpens(by.role, "operator")) {
    return forbidden(turn, by, "put_view", "To share needs the role operator");
  }
  if (before?.shared && !shared && !owns(by, before)) {
    return forbidden(turn, by, "put_view", "Whose view it is no longer shares it, or an administrator does");
  }
  const form = read(viewId, id, "bad_request", ["id"]);
  const parsed = form.ok ? parseQuery(query, "query") : form;
  if (!parsed.ok) return parsed;
  return before ? null : whyNoMore(turn, by);
}

function whyNoMore({ reader }: Turn, by: Operator): Outcome<never> | null {
  if (reader.count("view", by.id) >= MOST_OWN) {
    return refuse("conflict", `An operator has at most ${MOST_OWN} views; delete one first`);
  }
  return reader.count("view") < MOST ? null : refuse("conflict", `A hub has at most ${MOST} views; delete one first`);
}

const owns = (by: Operator, view: SavedView): boolean => isOwn(view, by) || by.role === "admin";

export function deleteView(turn: Turn, by: Operator, { view: id }: ArgsOf<"delete_view">): Outcome<null> {
  const view = turn.reader.get("view", id);
  if (!view || !sees(by)(view)) return NO_VIEW;
  if (!owns(by, view)) return forbidden(turn, by, "delete_view", "Whose view it is deletes it, or an administrator");
  turn.drop("view", id);
  if (view.shared) turn.audit(by, "delete_view", id, "done", { name: view.name });
  return ok(null);
}

function forbidden(turn: Turn, by: Operator, call: CallName, why: string): Outcome<never> {
  auditRefusedCall(turn, by, call);
  return refuse("forbidden", why);
}

/** Whose token is deleted leaves what others use. */
export function dropViewsOf(turn: Turn, operator: string): void {
  for (const { id, shared } of turn.reader.list("view", { owner: operator })) if (!shared) turn.drop("view", id);
}
