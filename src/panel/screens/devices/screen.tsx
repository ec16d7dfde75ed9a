/** All devices: what to look for above, what is found below, and what can be done with it. */
import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { headlineOf } from "../../form/controls.ts";
import type { Meant } from "../../live/kind_counts.ts";
import { useKinds } from "../../live/kinds.ts";
import { placeToTake } from "../../live/list_place.ts";
import type { Window } from "../../live/list_window.ts";
import { whenHere } from "../../live/loaded.ts";
import { prefer, usePreferences } from "../../live/preferences.ts";
import { valueIn, withValue } from "../../live/query_terms.ts";
import { isNobody, NOBODY, selectionOf, sizeOf } from "../../live/selection.ts";
import { useOutline, useWatch } from "../../live/use_watch.ts";
import type { Definition } from "../../live/watch.ts";
import { Drop } from "../../parts/drop.tsx";
import { NARROW, useMedia } from "../../parts/media.ts";
import { mayAs, useMe } from "../../parts/me.ts";
import { toast } from "../../parts/toast.tsx";
import { useTitle } from "../../shell/title.ts";
import { ACTS, FOUND, LIST } from "../../words/list.ts";
import { numberIn } from "../../words/locale.ts";
import { EmptyHub, NoMatch } from "../empty.tsx";
import { columnsIn, columnsText, isOwn } from "./columns.ts";
import { Counters } from "./counters.tsx";
import { Export } from "./export.tsx";
import { Found } from "./found.tsx";
import { type Layout, LayoutSwitch } from "./layout.tsx";
import { DeviceList } from "./list.tsx";
import { Look } from "./look.tsx";
import { KindFilter, SearchBox } from "./search.tsx";
import { type Act, SelectionBar } from "./selection_bar.tsx";
import { Sort } from "./sort.tsx";
import { Views } from "./views.tsx";

const NewJob = lazy(() => whenHere(() => import("./new_job.tsx")));
const StopMany = lazy(() => whenHere(() => import("./stop_many.tsx")));
const TagMany = lazy(() => whenHere(() => import("./tag_many.tsx")));
const DeleteMany = lazy(() => whenHere(() => import("./delete_many.tsx")));
const route = getRouteApi("/devices");
const OWN = ["name", "kind", "tags", "presence", "since", "reason", "seen", "pending", "flags", "estop"];

interface Search {
  q?: string;
  sort?: string;
  columns?: string;
  layout?: Layout;
  view?: string;
}

export function DevicesScreen() {
  useTitle(LIST.devices);
  const me = useMe();
  const { q = "", sort = "name", columns: columnsNamed, layout: layoutNamed, view } = route.useSearch();
  const navigate = route.useNavigate();
  const kinds = useKinds();
  const [place] = useState(placeToTake);
  const [window, setWindow] = useState<Window>(place?.window ?? [0, 60]);
  const [doing, setDoing] = useState<{ act: Act; meant: Meant } | null>(null);
  const liked = usePreferences();
  const isDense = liked.density === "dense";
  const layout = layoutNamed ?? liked.layout;
  const isNarrow = useMedia(NARROW);
  const [selection] = useState(() => selectionOf(place?.chosen));
  const look = (next: Search) => {
    // Other columns are the same devices.
    if ("q" in next || "sort" in next) setWindow([0, 60]);
    void navigate({ search: (before) => cleaned({ ...before, ...next }), replace: true });
  };
  const columns = useMemo(() => columnsIn(columnsNamed), [columnsNamed]);
  const fields = useMemo(() => {
    const headlines = [...kinds.values()].flatMap(headlineOf).map(({ field }) => field.name);
    const chosen = columns.flatMap((column) => column === "created" ? "createdAt" : column);
    return fieldsOf([...chosen.filter((one) => !isOwn(one) || one === "firmware"), ...headlines]);
  }, [kinds, columns]);
  const store = useWatch({ query: q, sort, window, fields, rate: 3 })!;
  const outline = useOutline(store);
  const { total, isLoading, error } = outline;
  useDropped(q, total, selection);
  const kind = kinds.get(valueIn(q, "kind") ?? "");
  // What another query found nothing of says nothing of the hub.
  const isEmptyHub = !isLoading && total === 0 && q === "" && outline.query === "" && !error;
  const isNothing = !isLoading && total === 0 && outline.order.length === 0;
  const mayAdd = me.role === "admin";
  const all: Meant = { queries: [q], total };
  const these = `${q === "" ? "all" : "these"} ${numberIn(total)}`;
  const done = () => setDoing(null);
  return (
    <>
      {isEmptyHub ? <EmptyHub mayAdd={mayAdd} /> : (
        <>
          <div className="toolbar">
            <h1 className="sr-only">{LIST.devices}</h1>
            <SearchBox
              q={q}
              problem={error?.message}
              onSearch={(q) => look({ q })}
              only={outline.query === q && !error && total === 1 ? outline.order[0] : undefined}
              isAnswered={outline.query === q && !error}
              onOpen={(id) => void navigate({ to: "/devices/$id", params: { id } })}
            />
            <Counters q={q} outline={outline} onStatus={(status) => look({ q: withValue(q, "status", status) })} />
            <KindFilter q={q} kinds={kinds} onKind={(kind) => look({ q: withValue(q, "kind", kind) })} />
            {mayAdd && (
              <div className="toolbar-acts">
                <Link to="/add" className="button primary add">
                  <Plus size={16} aria-hidden="true" />
                  {LIST.add}
                </Link>
              </div>
            )}
          </div>
          <Found q={q} outline={outline} onSearch={(q) => look({ q })} onShowMoved={() => store.showMoved()}>
            {mayAs(me, "operator") && (
              <Drop
                label={FOUND.withAll(q === "", total)}
                disabled={total === 0 || error !== null || outline.query !== q}
              >
                {(close) => {
                  const open = (act: Act) => {
                    close();
                    setDoing({ act, meant: all });
                  };
                  return (
                    <>
                      <button type="button" className="item" onClick={() => open("command")}>
                        {ACTS.commandAll(these)}
                      </button>
                      <button
                        type="button"
                        className="item danger"
                        onClick={() => open("stop")}
                      >
                        {ACTS.stopAll(these)}
                      </button>
                    </>
                  );
                }}
              </Drop>
            )}
            {(layout === "cards" || isNarrow) && <Sort sort={sort} kind={kind} onSort={(sort) => look({ sort })} />}
            <Views id={view} seen={{ q, sort, columns: columnsNamed, layout: layoutNamed }} onSee={look} />
            <Export queries={[q]} />
            <Look
              columns={columns}
              kind={kind}
              isDense={isDense}
              onColumns={(columns) => look({ columns: columnsText(columns) })}
              onDense={(isDense) => prefer({ density: isDense ? "dense" : "normal" })}
            />
            {!isNarrow && (
              <LayoutSwitch
                q={q}
                layout={layout}
                onLayout={(layout) => {
                  prefer({ layout });
                  look({ layout });
                }}
              />
            )}
          </Found>
          {isNothing
            ? <NoMatch q={error ? q : outline.query} problem={error?.message} onClear={() => look({ q: "" })} />
            : (
              <div className="list-area">
                <DeviceList
                  store={store}
                  sort={sort}
                  kind={kind}
                  columns={columns}
                  selection={selection}
                  isDense={isDense}
                  layout={layout}
                  subject={`${q} ${sort}`}
                  onSort={(sort) => look({ sort })}
                  onWindow={setWindow}
                  window={window}
                  place={place}
                />
                <SelectionBar
                  q={q}
                  total={total}
                  selection={selection}
                  onAct={(act, meant) => setDoing({ act, meant })}
                />
              </div>
            )}
        </>
      )}
      <Suspense>
        {doing?.act === "command" && <NewJob meant={doing.meant} onClose={done} />}
        {doing?.act === "stop" && <StopMany meant={doing.meant} onClose={done} />}
        {doing?.act === "tag" && <TagMany meant={doing.meant} onClose={done} />}
        {doing?.act === "delete" && (
          <DeleteMany
            meant={doing.meant}
            onClose={done}
            onDone={() => selection.set(NOBODY)}
          />
        )}
      </Suspense>
    </>
  );
}

/** What was chosen was chosen of what was found: another query drops it, and says so [A4]. */
function useDropped(q: string, total: number, selection: ReturnType<typeof selectionOf>): void {
  const before = useRef({ q, total });
  useEffect(() => {
    const chosen = selection.get();
    const was = before.current;
    before.current = { q, total };
    if (was.q === q || isNobody(chosen)) return;
    selection.set(NOBODY);
    toast(LIST.dropped(sizeOf(chosen, was.total)));
  }, [q, total]);
}

const fieldsOf = (names: string[]): Definition["fields"] => [...new Set([...OWN, ...names])].slice(0, 64);

const cleaned = ({ q, sort, columns, layout, view }: Search) => ({
  ...(q && { q }),
  ...(sort && sort !== "name" && { sort }),
  ...(columns && { columns }),
  ...(layout && { layout }),
  ...(view && { view }),
});
