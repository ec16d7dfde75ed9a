/** One row of the list; it renders when its device changes and at no other time. */
import { Link } from "@tanstack/react-router";
import { Clock, Copy as CloneIcon, OctagonX } from "lucide-react";
import { memo, useMemo } from "react";
import type { EstopView } from "../../../protocol/record.ts";
import { type Headline, headlineOf } from "../../form/controls.ts";
import { staleFrom, toldOf } from "../../live/fresh.ts";
import { useKind } from "../../live/kinds.ts";
import { useClock } from "../../live/time.ts";
import { useShown } from "../../live/use_watch.ts";
import type { Shown, WatchStore } from "../../live/watch.ts";
import { Age } from "../../parts/age.tsx";
import { KindIcon } from "../../parts/icon.tsx";
import { PresenceMark } from "../../parts/presence.tsx";
import { Written } from "../../parts/written.tsx";
import { latchOf, markInWords } from "../../words/estop.ts";
import { ageOf } from "../../words/format.ts";
import { ROW } from "../../words/list.ts";
import { flagInWords } from "../../words/words.ts";

interface Props {
  store: WatchStore;
  /** Undefined while its part of the list is on the way. */
  id: string | undefined;
  index: number;
  start: number;
  size: number;
  withTitles: boolean;
}

export const DeviceRow = memo(function DeviceRow({ store, id, index, start, size, withTitles }: Props) {
  const device = useShown(store, id ?? "");
  const latch = device ? latchOf(device) : null;
  const place = { transform: `translateY(${start}px)`, height: size };
  if (!device) {
    return <div className="row absent" role="row" aria-rowindex={index + 2} style={place} aria-busy="true" />;
  }
  return (
    <div className="row" role="row" aria-rowindex={index + 2} style={place}>
      <span role="cell" className="presence live">
        <PresenceMark presence={device.presence ?? "new"} />
      </span>
      <span role="cell" className="name">
        <Link to="/devices/$id" params={{ id: device.id }} className="row-link">{device.name}</Link>
        {device.name !== device.id && <span className="id">{device.id}</span>}
        {latch && <Stopped latch={latch} />}
        {device.flags?.map((flag) => (
          <span key={flag} className="text-suspect" title={flagInWords(flag)}>
            <CloneIcon size={14} role="img" aria-label={flagInWords(flag)} />
          </span>
        ))}
      </span>
      <KindCell kind={device.kind} />
      <Values device={device} withTitles={withTitles} />
      <span role="cell" className="tags">
        {device.tags?.map((tag) => <span key={tag} className="tag">{tag}</span>)}
      </span>
      <span role="cell" className="seen number live">
        {device.seen ? <Age at={device.seen} /> : <span className="text-ink3">{ROW.never}</span>}
      </span>
      <span role="cell" className="pending number live">
        {device.pending ? <span className="pending-count" title={ROW.pending}>{device.pending}</span> : null}
      </span>
    </div>
  );
});

function Stopped({ latch }: { latch: EstopView }) {
  const { word, sentence } = markInWords(latch);
  return (
    <span className="stopped" title={sentence}>
      <OctagonX size={14} aria-hidden="true" />
      {word}
    </span>
  );
}

function KindCell({ kind: name }: { kind?: string }) {
  const kind = useKind(name);
  return (
    <span role="cell" className="kind">
      <KindIcon name={kind?.icon} />
      <span className="truncate">{kind?.title ?? name}</span>
    </span>
  );
}

function Values({ device, withTitles }: { device: Shown; withTitles: boolean }) {
  const kind = useKind(device.kind);
  const headline = useMemo(() => kind ? headlineOf(kind) : [], [kind]);
  const newest = Math.max(...headline.map((one) => toldOf(device, one).at ?? 0));
  return (
    <>
      {[0, 1, 2].map((slot) => (
        <span key={slot} role="cell" className="value live">
          {headline[slot] && (
            <HeadlineValue device={device} of={headline[slot]} stale={kind!.stale} withTitle={withTitles} />
          )}
        </span>
      ))}
      <span role="cell" className="age live">{newest > 0 && <Age at={newest} />}</span>
    </>
  );
}

interface ValueProps {
  device: Shown;
  of: Headline;
  stale: number;
  withTitle: boolean;
}

function HeadlineValue({ device, of, stale, withTitle }: ValueProps) {
  const { part, field } = of;
  const { value, at } = toldOf(device, of);
  const from = staleFrom(device, part, at, stale);
  const isStale = useClock((now) => now > from);
  if (value === undefined) return null;
  return (
    <span className={isStale ? "stale" : ""} title={at === undefined ? field.title : ROW.told(field.title, at)}>
      {withTitle && <span className="field-title" data-told={toldByUnit(field)}>{field.title}</span>}
      {isStale && <StaleMark at={at!} />}
      <Written value={value} field={field} />
    </span>
  );
}

/** The row has one age, of what is newest in it; what is older than it should be says its own. */
function StaleMark({ at }: { at: number }) {
  const words = useClock((now) => ROW.stale(now - at));
  return (
    <span className="own-age" title={words}>
      <Clock size={12} role="img" aria-label={words} />
      <span aria-hidden="true">{useClock((now) => ageOf(now - at))}</span>
    </span>
  );
}

/** 64 W is power to everybody; 55 % may be anything. On a phone there is room for no more. */
const toldByUnit = ({ unit = "%" }: Headline["field"]) => unit !== "%";
