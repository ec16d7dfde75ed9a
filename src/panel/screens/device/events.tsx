/** What happened at the device, newest first. */
import { useMemo, useState } from "react";
import type { KindDocument } from "../../../kind/schema.ts";
import type { EventView } from "../../../protocol/record.ts";
import { type FieldModel, fieldOf, fieldsOf, propertiesOf, sentence } from "../../form/field.ts";
import { useEvents } from "../../live/events.ts";
import { faultOf } from "../../live/fault.ts";
import { Ago } from "../../parts/age.tsx";
import { tell } from "../../parts/tell.tsx";
import { inWords } from "../../words/format.ts";
import { DO } from "../../words/common.ts";
import { EVENTS } from "../../words/device.ts";

interface Props {
  device: string;
  kind: KindDocument;
}

export function Events({ device, kind }: Props) {
  const { items, next, readMore } = useEvents(device);
  const [isBusy, setBusy] = useState(false);
  const models = useMemo(() => modelsOf(kind), [kind]);
  if (models.size === 0) return null;
  const older = async () => {
    setBusy(true);
    await readMore().catch((thrown) => tell(faultOf(thrown).message));
    setBusy(false);
  };
  return (
    <section className="ledger" aria-label={EVENTS.title}>
      <h2 className="heading">{EVENTS.title}</h2>
      {items.length === 0 ? <p className="py-3 text-ink3">{EVENTS.none}</p> : (
        <ul>
          {items.map((event) => (
            <li key={event.id} className="event-row">
              <b>{models.get(event.name)?.title ?? sentence(event.name)}</b>
              <span className="data">{dataInWords(event, models.get(event.name)?.fields ?? [])}</span>
              <Ago at={event.at} className="when" />
            </li>
          ))}
        </ul>
      )}
      {next !== null && (
        <button
          type="button"
          className="button small mt-3"
          disabled={isBusy}
          onClick={() => void older()}
        >
          {DO.older}
        </button>
      )}
    </section>
  );
}

const modelsOf = (kind: KindDocument): Map<string, { title: string; fields: FieldModel[] }> =>
  new Map(
    Object.entries(propertiesOf(kind.properties.events)).map(([name, schema]) => [
      name,
      { title: fieldOf(name, schema).title, fields: fieldsOf(schema) },
    ]),
  );

const dataInWords = ({ data }: EventView, fields: FieldModel[]): string =>
  Object.entries(data).map(([name, value]) => {
    const field = fields.find((one) => one.name === name);
    return field ? `${field.title} ${inWords(value, field)}` : `${name} ${JSON.stringify(value)}`;
  }).join(", ");
