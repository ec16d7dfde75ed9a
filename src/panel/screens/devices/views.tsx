/** Saved views beside what is found: which one is seen, the others, and what can be done with them [R18]. */
import { Bookmark, Check, Pencil, Trash2 } from "lucide-react";
import { lazy, Suspense, useEffect, useRef } from "react";
import { isSame, mayChange, mayEnd, type Seen, seenOf } from "../../form/saved_view.ts";
import { faultOf } from "../../live/fault.ts";
import { whenHere } from "../../live/loaded.ts";
import { useValue } from "../../live/value.ts";
import { asked, deleteView, lookOtherwise, restoreView, type SavedView, useViews } from "../../live/views.ts";
import { Drop } from "../../parts/drop.tsx";
import { useMe } from "../../parts/me.ts";
import { toast } from "../../parts/toast.tsx";
import { refusalInWords } from "../../words/road.ts";
import { VIEWS } from "../../words/views.ts";

const SaveView = lazy(() => whenHere(() => import("./save_view.tsx")));

interface Props {
  /** The one that the address names. */
  id?: string;
  seen: Seen;
  onSee(next: Partial<Seen> & { view?: string }): void;
}

const ALL: Seen & { view?: string } = { q: "", sort: "", columns: undefined, layout: undefined, view: undefined };

export function Views({ id, seen, onSee }: Props) {
  const views = useViews();
  const form = useValue(asked);
  const current = views.find((view) => view.id === id);
  const isChanged = current !== undefined && !isSame(seenOf(current), seen);
  const see = (view: SavedView) => onSee({ ...seenOf(view), view: view.id });
  useNamedAlone(current, seen, see);
  // A form of a screen that was left is not open on the next one.
  useEffect(() => () => asked.set(null), []);
  return (
    <div className="views">
      <Drop
        className="button small quiet views-button"
        label={
          <>
            <Bookmark size={14} aria-hidden="true" />
            {current
              ? (
                <>
                  <span className="sr-only">{VIEWS.view}</span> <span className="views-name">{current.name}</span>
                </>
              )
              : <span className="text">{VIEWS.label}</span>}
            {isChanged && (
              <span className="views-changed" title={VIEWS.changedTitle}>
                {VIEWS.changed} <span className="sr-only">{VIEWS.since}</span>
              </span>
            )}
          </>
        }
      >
        {(close) => <Menu views={views} current={current} seen={seen} onSee={onSee} onClose={close} />}
      </Drop>
      <Suspense>
        {form && (
          <SaveView
            key={form === "new" ? form : form.id}
            of={form === "new" ? null : form}
            seen={form === "new" ? seen : seenOf(form)}
            onSaved={(view) => form === "new" && onSee({ view: view.id })}
          />
        )}
      </Suspense>
    </div>
  );
}

/** An address that names a view and nothing else is that view: once, so that all of it can be taken away again. */
function useNamedAlone(current: SavedView | undefined, seen: Seen, see: (view: SavedView) => void): void {
  const looked = useRef("");
  useEffect(() => {
    if (!current || looked.current === current.id) return;
    looked.current = current.id;
    if (isSame(seen, seenOf({ query: "" })) && !isSame(seen, seenOf(current))) see(current);
  }, [current]);
}

interface MenuProps {
  views: readonly SavedView[];
  current?: SavedView;
  seen: Seen;
  onSee: Props["onSee"];
  onClose(): void;
}

function Menu({ views, current, seen, onSee, onClose }: MenuProps) {
  const me = useMe();
  const isChanged = current !== undefined && !isSame(seenOf(current), seen);
  const doing = (act: () => void) => () => {
    onClose();
    act();
  };
  const see = (view: SavedView) => onSee({ ...seenOf(view), view: view.id });
  const remove = (view: SavedView) =>
    void telling(async () => {
      await deleteView(view);
      if (view === current) onSee({ view: undefined });
      toast(VIEWS.deleted(view.name), () => restoreView(view));
    });
  const save = (view: SavedView) =>
    void telling(async () => {
      await lookOtherwise(view, seen);
      toast(VIEWS.saved(view.name), () => restoreView(view));
    });
  return (
    <div className="views-menu">
      {views.length === 0 && <p className="views-none">{VIEWS.none}</p>}
      {views.length > 0 && (
        <ul className="views-list" aria-label={VIEWS.label}>
          {views.map((view) => (
            <li key={view.id} className="views-line">
              <button
                type="button"
                className="item"
                aria-current={view === current || undefined}
                onClick={doing(() => see(view))}
              >
                <Check size={14} className="views-check" aria-hidden="true" />
                <span className="views-title">{view.name}</span>
                {view.shared && (
                  <span className="views-shared">
                    {view.by.id === me.id ? VIEWS.shared : VIEWS.sharedBy(view.by.name)}
                  </span>
                )}
              </button>
              {mayChange(view, me) && (
                <button
                  type="button"
                  className="button quiet small square"
                  aria-label={VIEWS.edit(view.name)}
                  title={VIEWS.edit(view.name)}
                  onClick={doing(() => asked.set(view))}
                >
                  <Pencil size={14} aria-hidden="true" />
                </button>
              )}
              {mayEnd(view, me) && (
                <button
                  type="button"
                  className="button quiet small square"
                  aria-label={VIEWS.remove(view.name)}
                  title={VIEWS.remove(view.name)}
                  onClick={doing(() => remove(view))}
                >
                  <Trash2 size={14} aria-hidden="true" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <hr />
      {current && isChanged && (
        <>
          {mayChange(current, me) && (
            <button type="button" className="item" onClick={doing(() => save(current))}>
              {VIEWS.saveChanges(current.name)}
            </button>
          )}
          <button type="button" className="item" onClick={doing(() => see(current))}>{VIEWS.back(current.name)}</button>
        </>
      )}
      <button type="button" className="item" onClick={doing(() => asked.set("new"))}>{VIEWS.save}</button>
      {current && <button type="button" className="item" onClick={doing(() => onSee(ALL))}>{VIEWS.leave}</button>}
    </div>
  );
}

async function telling(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (thrown) {
    toast(refusalInWords(faultOf(thrown)));
  }
}
