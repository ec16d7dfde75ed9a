/** Devices that the hub finds by what is typed: the same language as in the search and the address [O10]. */
import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { DeviceView } from "../../../protocol/record.ts";
import { useKinds } from "../../live/kinds.ts";
import { type Page, path, rest } from "../../live/rest.ts";
import { PresenceShape } from "../../parts/presence.tsx";
import { numberIn } from "../../words/locale.ts";
import { PALETTE } from "../../words/shell.ts";
import { found, type Item } from "./item.ts";
import { ranked } from "./rank.ts";

/** Long enough to type a word, short enough to seem at once. */
const PAUSE = 120;
const MOST = 8;
/** Of so many the best are shown. */
const LOOKED_AT = 40;

interface Answer {
  q: string;
  page: Page<DeviceView> | null;
}

/** Until an answer comes, of that to what was typed before stands what fits: whoever presses Enter opens nothing else. */
export function useDevices(text: string): { items: Item[]; isAnswered: boolean } {
  const router = useRouter();
  const known = useKinds();
  const q = text.trim();
  const [{ q: of, page }, setAnswer] = useState<Answer>({ q: "", page: null });
  useEffect(() => {
    if (q === "") return setAnswer({ q, page: null });
    let isLate = false;
    const timer = setTimeout(async () => {
      const search = new URLSearchParams({ q, limit: String(LOOKED_AT) });
      // A query that is not whole yet finds nothing; the search of the list says what is wrong with one.
      const page = await rest<Page<DeviceView>>("GET", `${path.devices}?${search}`).catch(() => null);
      if (!isLate) setAnswer({ q, page });
    }, PAUSE);
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [q]);
  const best = ranked(page?.items ?? [], of).slice(0, MOST);
  const items: Item[] = best.map(({ id, name, kind, presence }) => ({
    id: `device-${id}`,
    group: PALETTE.devices,
    title: name,
    detail: [...(name === id ? [] : [id]), known.get(kind)?.title ?? kind].join(", "),
    icon: <PresenceShape presence={presence} />,
    run: () => void router.navigate({ to: "/devices/$id", params: { id } }),
  }));
  if (page && page.total > items.length) {
    items.push({
      id: "devices-all",
      group: PALETTE.devices,
      title: PALETTE.showAll(numberIn(page.total), of),
      run: () => void router.navigate({ to: "/devices", search: { q: of } }),
    });
  }
  const isAnswered = of === q;
  return { items: isAnswered ? items : found(items, q), isAnswered };
}
