/** What it measures: a tile for each value, and the history of the one that is chosen. */
import { Clock } from "lucide-react";
import { useMemo, useState } from "react";
import type { KindDocument } from "../../../kind/schema.ts";
import { History } from "../../chart/history.tsx";
import { Sparkline } from "../../chart/sparkline.tsx";
import { EVERYWHERE } from "../../form/controls.ts";
import { type FieldModel, fieldsOf } from "../../form/field.ts";
import type { Ledger } from "../../live/ledger.ts";
import { useSeries } from "../../live/series.ts";
import type { Shown } from "../../live/watch.ts";
import { Ago, useIsStale } from "../../parts/age.tsx";
import { Written } from "../../parts/written.tsx";

interface Props {
  kind: KindDocument;
  device: Shown;
  ledger: Ledger;
}

export function Values({ kind, device, ledger }: Props) {
  const fields = useMemo(() => shownFields(kind), [kind]);
  const told = fields.filter(({ name }) => device.telemetry?.[name]);
  const [chosen, setChosen] = useState<string | null>(null);
  const field = fields.find(({ name }) => name === chosen) ?? told[0] ?? fields[0];
  const marks = useMemo(() => marksOf(ledger), [ledger]);
  if (!field) return null;
  return (
    <div className="values">
      <div className="tiles">
        {(told.length > 0 ? told : fields).map((one) => (
          <Tile
            key={one.name}
            field={one}
            device={device}
            stale={kind.stale}
            isChosen={one === field}
            onChoose={() => setChosen(one.name)}
          />
        ))}
      </div>
      <History
        key={field.name}
        device={device.id}
        since={device.createdAt ?? 0}
        field={field}
        last={device.telemetry?.[field.name]}
        marks={marks}
      />
    </div>
  );
}

/** Its own values first; of those that every kind has, the battery has a course worth seeing. */
function shownFields(kind: KindDocument): FieldModel[] {
  const fields = fieldsOf(kind.properties.telemetry);
  return [
    ...fields.filter(({ name }) => !EVERYWHERE.includes(name)),
    ...fields.filter(({ name }) => name === "battery"),
  ];
}

const marksOf = ({ records }: Ledger) =>
  records.filter(({ sentAt }) => sentAt !== undefined).map(({ sentAt, status }) =>
    ({ at: sentAt!, tone: status === "failed" || status === "unknown" ? "failed" : "good" }) as const
  );

interface TileProps {
  field: FieldModel;
  device: Shown;
  stale: number;
  isChosen: boolean;
  onChoose(): void;
}

const HOUR = 3_600_000;

function Tile({ field, device, stale, isChosen, onChoose }: TileProps) {
  const last = device.telemetry?.[field.name];
  const isStale = useIsStale(last?.at, stale);
  const series = useSeries({ device: device.id, field: field.name, span: HOUR, points: 90 }, last);
  return (
    <button type="button" className="tile" aria-pressed={isChosen} data-stale={isStale} onClick={onChoose}>
      <span className="title">{field.title}</span>
      <span className="figure live">
        <Written value={last?.value} field={field} />
      </span>
      {series ? <Sparkline series={series} /> : <span className="spark" />}
      <span className="told live">
        {isStale && <Clock size={12} role="img" aria-label="Stale" />}
        {last ? <Ago at={last.at} /> : "no value yet"}
        {last?.clock === "wrong" && (
          <span title="The device's clock is wrong, so the time is that of arrival.">· its clock is wrong</span>
        )}
      </span>
    </button>
  );
}
