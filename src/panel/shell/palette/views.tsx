/** Saved views in the palette: each leads to its list, and what the list shows can be saved [R18]. */
import { useRouter } from "@tanstack/react-router";
import { Bookmark } from "lucide-react";
import { searchOf } from "../../form/saved_view.ts";
import { asked, useViews } from "../../live/views.ts";
import { VIEWS } from "../../words/views.ts";
import type { Item } from "./item.ts";

export function useViewItems(): Item[] {
  const router = useRouter();
  const views = useViews();
  const icon = <Bookmark size={16} aria-hidden="true" />;
  const items = views.map((view): Item => ({
    id: `view-${view.id}`,
    group: VIEWS.label,
    title: view.name,
    detail: view.query || VIEWS.everything,
    icon,
    run: () => void router.navigate({ to: "/devices", search: searchOf(view) }),
  }));
  if (router.state.location.pathname !== "/devices") return items;
  return [...items, { id: "view-new", group: VIEWS.label, title: VIEWS.save, icon, run: () => asked.set("new") }];
}
