/** One row of the list; it renders when its device changes or is chosen, and at no other time. */
import { Link } from "@tanstack/react-router";
import { Clock, Copy as CloneIcon, OctagonX } from "lucide-react";
import { memo, type MouseEvent, useMemo } from "react";
import type { EstopView } from "../../../protocol/record.ts";
import { type Headline, headlineOf } from "../../form/controls.ts";
import { staleFrom, toldOf } from "../../live/fresh.ts";
import { useKind } from "../../live/kinds.ts";
import { lineWith, RING_SIZE } from "../../live/rings.ts";
import { type Chosen, useIsChosen } from "../../live/selection.ts";
import { useClock } from "../../live/time.ts";
import { useShown } from "../../live/use_watch.ts";
import type { Value as Kept } from "../../live/value.ts";
import type { Shown, WatchStore } from "../../live/watch.ts";
import { Age } from "../../parts/age.tsx";
import { KindIcon } from "../../parts/icon.tsx";
import { PresenceMark } from "../../parts/presence.tsx";
import { Written } from "../../parts/written.tsx";
import { latchOf, markInWords } from "../../words/estop.ts";
import { ageOf } from "../../words/format.ts";
import { ROW } from "../../words/list.ts";
import { flagInWords } from "../../words/words.ts";
import { columnFields, isOwn, type OwnColumn } from "./columns.ts";

export type Choose = (id: string, how: { isRange: boolean }) => void;

interface Props {
  store: WatchStore;
  /** Undefined while its part of the list is on the way. */
  id: string | undefined;
  index: number;
  start: number;
  size: number;
  columns: readonly string[];
  withTitles: boolean;
  selection: Kept<Chosen>;
  onChoose: Choose;
}

export const DeviceRow = memo(function DeviceRow(props: Props) {
  const { store, id, index, start, size, columns, withTitles, selection, onChoose } = props;
  const device = useShown(store, id ?? "");
  const isChosen = useIsChosen(selection, id ?? "");
  const latch = device ? latchOf(device) : null;
  const place = { transform: `translateY(${start}px)`, height: size };
  if (!device) {
    return <div className="row absent" role="row" aria-rowindex={index + 2} style={place} aria-busy="true" />;
  }
  const choose = (event: MouseEvent) => onChoose(device.id, { isRange: event.shiftKey });
  return (
    <div
      className="row"
      role="row"
      aria-rowindex={index + 2}
      style={place}
      data-index={index}
      data-chosen={isChosen}
      data-left={device.isLeft}
      title={device.isLeft && ROW.left}
    >
      <span role="cell" className="choose">
        <input
          type="checkbox"
          aria-label={ROW.choose(device.name ?? device.id)}
          checked={isChosen}
          onChange={() => {}}
          onClick={choose}
        />
      </span>
      <span role="cell" className="presence live">
        <PresenceMark presence={device.presence ?? "new"} />
      </span>
      <span role="cell" className="name">
        <Link
          to="/devices/$id"
          params={{ id: device.id }}
          className="row-link"
          onClick={(event) => {
            // With Shift a browser would open a window; in a list it means all up to here.
            if (!event.shiftKey) return;
            event.preventDefault();
            choose(event);
          }}
        >
          {device.name}
        </Link>
        {device.name !== device.id && <span className="id">{device.id}</span>}
        {latch && <Stopped latch={latch} />}
        {device.flags?.map((flag) => (
          <span key={flag} className="text-suspect" title={flagInWords(flag)}>
            <CloneIcon size={14} role="img" aria-label={flagInWords(flag)} />
          </span>
        ))}
      </span>
      <Cells device={device} columns={columns} withTitles={withTitles} />
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

type CellsProps = Pick<Props, "columns" | "withTitles"> & { device: Shown };

function Cells({ device, columns, withTitles }: CellsProps) {
  const kind = useKind(device.kind);
  const headline = useMemo(() => kind ? headlineOf(kind) : [], [kind]);
  return columns.map((column) => {
    if (column === "values") {
      return [0, 1, 2].map((slot) => (
        <span key={`value ${slot}`} role="cell" className={`value v${slot} live`}>
          {headline[slot] && (
            <HeadlineValue
              device={device}
              of={headline[slot]}
              stale={kind!.stale}
              withTitle={withTitles}
              // Beside a title there is no room for it.
              withLine={!withTitles}
            />
          )}
        </span>
      ));
    }
    if (isOwn(column)) return <OwnCell key={column} column={column} device={device} headline={headline} />;
    const field = kind && columnFields(kind).get(column);
    // A card has three places, for the first fields where the usual values are not wanted.
    const place = columns.includes("values") ? -1 : columns.filter((one) => !isOwn(one)).indexOf(column);
    return (
      <span key={column} role="cell" className={`value v${place} live`}>
        {field && <HeadlineValue device={device} of={field} stale={kind.stale} withTitle={false} withLine />}
      </span>
    );
  });
}

interface OwnProps {
  column: OwnColumn;
  device: Shown;
  headline: readonly Headline[];
}

function OwnCell({ column, device, headline }: OwnProps) {
  switch (column) {
    case "values":
      return null;
    case "kind":
      return <KindCell kind={device.kind} />;
    case "age": {
      const newest = Math.max(...headline.map((one) => toldOf(device, one).at ?? 0));
      return <span role="cell" className="age live">{newest > 0 && <Age at={newest} />}</span>;
    }
    case "tags":
      return (
        <span role="cell" className="tags">
          {device.tags?.map((tag) => <span key={tag} className="tag">{tag}</span>)}
        </span>
      );
    case "firmware":
      return (
        <span role="cell" className="plain">
          <span className="truncate">{device.firmware}</span>
        </span>
      );
    case "flags":
      return (
        <span role="cell" className="plain" title={device.flags?.map(flagInWords).join(" ")}>
          <span className="truncate">{device.flags?.join(", ")}</span>
        </span>
      );
    case "created":
      return <span role="cell" className="seen number">{device.createdAt && <Age at={device.createdAt} />}</span>;
    case "seen":
      return (
        <span role="cell" className="seen number live">
          {device.seen ? <Age at={device.seen} /> : <span className="text-ink3">{ROW.never}</span>}
        </span>
      );
    case "pending":
      return (
        <span role="cell" className="pending number live">
          {device.pending ? <span className="pending-count" title={ROW.pending}>{device.pending}</span> : null}
        </span>
      );
  }
}

function KindCell({ kind: name }: { kind?: string }) {
  const kind = useKind(name);
  return (
    <span role="cell" className="kind" title={kind?.title ?? name}>
      <KindIcon name={kind?.icon} />
      <span className="truncate">{kind?.title ?? name}</span>
    </span>
  );
}

interface ValueProps {
  device: Shown;
  of: Headline;
  stale: number;
  withTitle: boolean;
  withLine?: boolean;
}

function HeadlineValue({ device, of, stale, withTitle, withLine }: ValueProps) {
  const { part, field } = of;
  const { value, at } = toldOf(device, of);
  const from = staleFrom(device, part, at, stale);
  const isStale = useClock((now) => now > from);
  if (value === undefined) return null;
  return (
    <span className={isStale ? "stale" : ""} title={at === undefined ? field.title : ROW.told(field.title, at)}>
      {withTitle && <span className="field-title" data-told={toldByUnit(field)}>{field.title}</span>}
      {isStale
        ? <StaleMark at={at!} />
        : withLine && part === "telemetry" && typeof value === "number" && at !== undefined && (
          <Line id={device.id} name={field.name} value={value} at={at} stale={stale} />
        )}
      <Written value={value} field={field} />
    </span>
  );
}

interface LineProps {
  id: string;
  name: string;
  value: number;
  at: number;
  stale: number;
}

/** How it came to be what it is, in the minutes since the row is seen. */
function Line({ id, name, value, at, stale }: LineProps) {
  const path = useMemo(() => lineWith(id, name, value, at, stale * 1000), [id, name, value, at, stale]);
  const { width, height } = RING_SIZE;
  return (
    <svg className="row-line" width={width} height={height} viewBox={`0 -1 ${width} ${height + 2}`} aria-hidden="true">
      <path d={path} />
    </svg>
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
