/** Saved views of the list of devices, by REST [R18]. */
import * as body from "../protocol/body.ts";
import { newSavedView } from "../protocol/saved_view.ts";
import { API, ask } from "./asking.ts";
import type { Asked, Route } from "./route.ts";

const VIEW = `${API}/views/{id}`;
const of = ({ params }: Asked) => ({ view: params.id });

const shown = { tag: "Views", who: "viewer", status: 200, answer: "the view", shows: "View" } as const;

export const views: Route[] = [
  {
    method: "GET",
    path: `${API}/views`,
    tag: "Views",
    who: "viewer",
    summary: "Saved views of the list of devices: the caller's own, and those that are shared",
    query: body.viewsPage,
    status: 200,
    answer: "{items, next, total}",
    lists: "View",
    run: (asked) => ask(asked, "list_views", asked.query),
  },
  {
    ...shown,
    method: "GET",
    path: VIEW,
    summary: "A saved view",
    run: (asked) => ask(asked, "get_view", of(asked)),
  },
  {
    ...shown,
    method: "PUT",
    path: VIEW,
    summary: "Save a view under an id of the caller's choice, or change it",
    body: newSavedView,
    run: (asked) => ask(asked, "put_view", { ...of(asked), ...asked.body }),
  },
  {
    method: "DELETE",
    path: VIEW,
    tag: "Views",
    who: "viewer",
    summary: "Delete a view; one of somebody else's takes an administrator",
    status: 204,
    answer: "nothing",
    run: (asked) => ask(asked, "delete_view", of(asked)),
  },
];
