/** What it measures: a tile for each value, and the history of the one that is chosen. */
import { Link } from "@tanstack/react-router";
import { Clock } from "lucide-react";
import { type CSSProperties, useMemo } from "react";
import type { KindDocument } from "../../../kind/schema.ts";
import { Charts } from "../../chart/charts.tsx";
import type { View } from "../../chart/view.ts";
import { Sparkline } from "../../chart/sparkline.tsx";
import { EVERYWHERE } from "../../form/controls.ts";
import { type FieldModel, fieldsOf, sentence } from "../../form/field.ts";
import type { Ledger } from "../../live/ledger.ts";
import { markOf } from "../../live/marks.ts";
import { useSeries } from "../../live/series.ts";
import type { Shown } from "../../live/watch.ts";
import { Ago, useIsStale } from "../../parts/age.tsx";
import { Say } from "../../parts/say.tsx";
import { Written } from "../../parts/written.tsx";
import { SAY } from "../../words/common.ts";
import { TABS, VALUE } from "../../words/device.ts";
import { written } from "../../words/format.ts";

interface Props {
  kind: KindDocument;
  device: Shown;
  ledger: Ledger;
  view: View;
  onView(view: Partial<View>): void;
}

export function Values({ kind, device, ledger, view, onView }: Props) {
  const fields = useMemo(() => shownFields(kind), [kind]);
  const told = fields.filter(({ name }) => device.telemetry?.[name]);
  // How many channels it has it did not say yet [K6].
  const tiles = told.length > 0 ? told : fields.filter(({ channel }) => channel === undefined);
  const field = fields.find(({ name }) => name === view.names[0]) ?? tiles[0];
  const marks = useMemo(() => marksOf(kind, ledger), [kind, ledger]);
  if (!field) return null;
  const isSilent = told.length === 0 && device.presence === "online";
  return (
    <div className="values">
      {isSilent && (
        <p className="nothing-yet">
          <Say
            text={VALUE.nothingYet}
            with={{ live: <Link to="/devices/$id/live" params={{ id: device.id }} className="link">{TABS.live}</Link> }}
          />
        </p>
      )}
      <div className="tiles">
        {tiles.map((one) => (
          <Tile
            key={one.name}
            field={one}
            device={device}
            stale={kind.stale}
            isChosen={one === field}
            onChoose={() => onView({ names: [one.name] })}
          />
        ))}
      </div>
      <Charts key={field.name} device={device} fields={[field]} view={view} marks={marks} onView={onView} />
    </div>
  );
}

/** Its own values first; of those that every kind has, the battery has a course worth seeing. */
export function shownFields(kind: KindDocument): FieldModel[] {
  const fields = fieldsOf(kind.properties.telemetry);
  return [
    ...fields.filter(({ name }) => !EVERYWHERE.includes(name)),
    ...fields.filter(({ name }) => name === "battery"),
  ];
}

const marksOf = (kind: KindDocument, { records }: Ledger) =>
  records.flatMap(markOf).map((mark) => ({ ...mark, title: kind.commands[mark.name]?.title ?? sentence(mark.name) }));

interface TileProps {
  field: FieldModel;
  device: Shown;
  stale: number;
  isChosen: boolean;
  onChoose(): void;
}

const HOUR = 3_600_000;
/** What is no figure any more, but a text. */
const LONG = 24;

function Tile({ field, device, stale, isChosen, onChoose }: TileProps) {
  const last = device.telemetry?.[field.name];
  const isStale = useIsStale(last?.at, stale);
  const { text, unit = "" } = written(last?.value, field);
  const isLong = text.length > LONG;
  const series = useSeries({ device: device.id, field: field.name, span: HOUR, points: 90 }, last);
  return (
    <button type="button" className="tile" aria-pressed={isChosen} data-stale={isStale} onClick={onChoose}>
      <span className="title">{field.title}</span>
      <span
        className="figure live"
        data-long={isLong}
        title={isLong ? text : undefined}
        style={{ "--letters": text.length + unit.length * 0.6 } as CSSProperties}
      >
        <Written value={last?.value} field={field} />
      </span>
      {last && series ? <Sparkline series={series} /> : <span className="spark" />}
      <span className="told live">
        {isStale && <Clock size={12} role="img" aria-label={SAY.stale} />}
        {last ? <Ago at={last.at} /> : VALUE.none}
        {last?.clock === "wrong" && <span title={VALUE.wrongClockTitle}>{VALUE.wrongClock(last.off)}</span>}
      </span>
    </button>
  );
}
