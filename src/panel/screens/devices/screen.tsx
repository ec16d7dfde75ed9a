/** All devices: what to look for above, the list below. */
import { getRouteApi, Link } from "@tanstack/react-router";
import { OctagonX, Plus } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { headlineOf } from "../../form/controls.ts";
import { useKinds } from "../../live/kinds.ts";
import type { Window } from "../../live/list_window.ts";
import { valueIn, withValue } from "../../live/query_terms.ts";
import { useOutline, useWatch } from "../../live/use_watch.ts";
import { whenHere } from "../../live/loaded.ts";
import type { Definition } from "../../live/watch.ts";
import { mayAs, useMe } from "../../parts/me.ts";
import { useTitle } from "../../shell/title.ts";
import { Counters } from "./counters.tsx";
import { DeviceList } from "./list.tsx";
import { EmptyHub, NoMatch } from "../empty.tsx";
import { KindFilter, SearchBox } from "./search.tsx";
import { numberIn } from "../../words/locale.ts";

const NewJob = lazy(() => whenHere(() => import("./new_job.tsx")));
const StopMany = lazy(() => whenHere(() => import("./stop_many.tsx")));
const route = getRouteApi("/devices");
const OWN = ["name", "kind", "tags", "presence", "since", "reason", "seen", "pending", "flags", "estop"];

export function DevicesScreen() {
  useTitle("Devices");
  const me = useMe();
  const { q = "", sort = "name" } = route.useSearch();
  const navigate = route.useNavigate();
  const kinds = useKinds();
  const [window, setWindow] = useState<Window>([0, 60]);
  const [isCommanding, setCommanding] = useState(false);
  const [isStopping, setStopping] = useState(false);
  const look = (next: { q?: string; sort?: string }) => {
    setWindow([0, 60]);
    void navigate({ search: (before) => cleaned({ ...before, ...next }), replace: true });
  };
  const fields = useMemo(() => fieldsOf([...kinds.values()].flatMap(headlineOf).map(({ field }) => field.name)), [
    kinds,
  ]);
  const store = useWatch({ query: q, sort, window, fields, rate: 3 })!;
  const outline = useOutline(store);
  const kind = kinds.get(valueIn(q, "kind") ?? "");
  const these = `${q === "" ? "all" : "these"} ${numberIn(outline.total)}`;
  const isEmptyHub = !outline.isLoading && outline.total === 0 && q === "" && !outline.error;
  const mayAdd = me.role === "admin";
  return (
    <>
      {isEmptyHub ? <EmptyHub mayAdd={mayAdd} /> : (
        <>
          <div className="toolbar">
            <h1 className="sr-only">Devices</h1>
            <SearchBox q={q} problem={outline.error?.message} onSearch={(q) => look({ q })} />
            <Counters q={q} outline={outline} onStatus={(status) => look({ q: withValue(q, "status", status) })} />
            <KindFilter q={q} kinds={kinds} onKind={(kind) => look({ q: withValue(q, "kind", kind) })} />
            <div className="toolbar-acts">
              {mayAs(me, "operator") && (
                <div className="bulk">
                  <button
                    type="button"
                    className="button"
                    disabled={outline.total === 0}
                    onClick={() => setCommanding(true)}
                  >
                    {`Command ${these}…`}
                  </button>
                  <button
                    type="button"
                    className="button danger"
                    disabled={outline.total === 0}
                    onClick={() => setStopping(true)}
                  >
                    <OctagonX size={16} aria-hidden="true" />
                    {`Stop ${these}…`}
                  </button>
                </div>
              )}
              {mayAdd && (
                <Link to="/add" className="button primary">
                  <Plus size={16} aria-hidden="true" />
                  Add device
                </Link>
              )}
            </div>
          </div>
          {outline.total === 0 && !outline.isLoading
            ? <NoMatch q={q} problem={outline.error?.message} onClear={() => look({ q: "" })} />
            : (
              <DeviceList
                store={store}
                sort={sort}
                headings={kind && headlineOf(kind)}
                onSort={(sort) => look({ sort })}
                onWindow={setWindow}
                window={window}
                key={`${q} ${sort}`}
              />
            )}
        </>
      )}
      {isCommanding && (
        <Suspense>
          <NewJob q={q} total={outline.total} onClose={() => setCommanding(false)} />
        </Suspense>
      )}
      {isStopping && (
        <Suspense>
          <StopMany q={q} total={outline.total} onClose={() => setStopping(false)} />
        </Suspense>
      )}
    </>
  );
}

const fieldsOf = (names: string[]): Definition["fields"] => [...new Set([...OWN, ...names])].slice(0, 64);

const cleaned = ({ q, sort }: { q?: string; sort?: string }) => ({
  ...(q && { q }),
  ...(sort && sort !== "name" && { sort }),
});
