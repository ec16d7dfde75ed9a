/** One kind, from its document alone: what it measures, reports, can be asked, and forbids [K4]. */
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import type { KindDocument } from "../../../kind/schema.ts";
import { commandModel, EVERYWHERE } from "../../form/controls.ts";
import { type FieldModel, fieldOf, fieldsOf, propertiesOf } from "../../form/field.ts";
import { useCounted } from "../../live/kind_counts.ts";
import { useKinds } from "../../live/kinds.ts";
import { KindIcon } from "../../parts/icon.tsx";
import { Notice } from "../../parts/notice.tsx";
import { useTitle } from "../../shell/title.ts";
import { KINDS, marksOf, presenceOf, valueOf } from "../../words/kinds.ts";
import { Wire } from "./wire.tsx";
import "../../styles/kinds.css";

const ALL = { queries: [""], total: 0 };
const route = getRouteApi("/kinds/$kind");

export function KindScreen() {
  const { kind: name } = route.useParams();
  const kinds = useKinds();
  const counted = useCounted(ALL, kinds);
  const kind = kinds.get(name);
  useTitle(kind?.title ?? KINDS.title);
  if (kind) return <Kind kind={kind} devices={counted?.counts.find((count) => count.kind === kind)?.devices ?? 0} />;
  if (kinds.size === 0) return null;
  return (
    <Notice title={KINDS.none} action={<Link to="/kinds" className="button">{KINDS.all}</Link>}>
      {KINDS.noneText}
    </Notice>
  );
}

function Kind({ kind, devices }: { kind: KindDocument; devices: number }) {
  const { telemetry, state, events } = kind.properties;
  const happenings = Object.entries(propertiesOf(events));
  return (
    <div className="kind-page">
      <header>
        <Link to="/kinds" className="button quiet small square" aria-label={KINDS.all} title={KINDS.all}>
          <ArrowLeft size={16} aria-hidden="true" />
        </Link>
        <KindIcon name={kind.icon} />
        <div className="min-w-0 grow">
          <h1>{kind.title}</h1>
          <p className="text-ink2">{kind.description}</p>
          <p className="marks">
            <code>{kind.kind}</code>
            <span>{KINDS.version(kind.version)}</span>
            {kind.lease && <span>{KINDS.lease}</span>}
            <Link to="/devices" search={{ q: `kind:${kind.kind}` }} className="link">{KINDS.devices(devices)}</Link>
          </p>
        </div>
      </header>
      <Part title={KINDS.telemetry} lead={KINDS.telemetryLead}>
        <Fields fields={ownFirst(fieldsOf(telemetry))} last={KINDS.history} lastOf={(field) => field.class} />
        <Wire frames={(telemetry.examples ?? []).slice(0, 1).map((data) => ({ type: "telemetry", data }))} />
      </Part>
      {fieldsOf(state).length > 0 && (
        <Part title={KINDS.state} lead={KINDS.stateLead}>
          <Fields
            fields={fieldsOf(state)}
            last={KINDS.set}
            lastOf={({ isDesirable, name }) => isDesirable ? KINDS.desirable : confirmedBy(kind, name)}
          />
          <Wire frames={(state.examples ?? []).slice(0, 1).map((reported) => ({ type: "state", reported }))} />
        </Part>
      )}
      <Part title={KINDS.commands} lead={KINDS.commandsLead}>
        <ul className="kind-commands">
          {Object.entries(kind.commands).map(([name, command]) => {
            const { title, description, params } = commandModel(name, command);
            return (
              <li key={name}>
                <h3>
                  {title} <code>{name}</code>
                </h3>
                {description && <p>{description}</p>}
                <p className="marks">{marksOf(command).map((mark) => <span key={mark}>{mark}</span>)}</p>
                {params.length > 0 && <p className="params">{paramsOf(params)}</p>}
              </li>
            );
          })}
        </ul>
      </Part>
      {happenings.length > 0 && (
        <Part title={KINDS.events} lead={KINDS.eventsLead}>
          <Fields
            fields={happenings.map(([name, schema]) => fieldOf(name, schema))}
            last={KINDS.example}
            lastOf={({ name }) => JSON.stringify({ type: "event", name })}
          />
        </Part>
      )}
      {kind.interlocks.length > 0 && (
        <Part title={KINDS.interlocks} lead={KINDS.interlocksLead}>
          <ul className="kind-commands">
            {kind.interlocks.map(({ commands, sentence }) => (
              <li key={sentence}>
                <h3>{commands.join(", ")}</h3>
                <p>{sentence}</p>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title={KINDS.documents} lead={presenceOf(kind)}>
        <p className="marks">
          <a className="link" href={`/docs/kinds/${kind.kind}`}>{KINDS.page}</a>
          <a className="link" href={`/api/v1/kinds/${kind.kind}`}>{KINDS.schema}</a>
          <a className="link" href={`/api/v1/kinds/${kind.kind}/tm`}>{KINDS.model}</a>
        </p>
      </Part>
    </div>
  );
}

/** What every kind has stands last. */
const ownFirst = (fields: readonly FieldModel[]): FieldModel[] => [
  ...fields.filter(({ name }) => !EVERYWHERE.includes(name)),
  ...fields.filter(({ name }) => EVERYWHERE.includes(name)),
];

const confirmedBy = ({ commands }: KindDocument, field: string): string =>
  Object.entries(commands).filter(([, { confirms }]) => confirms?.field === field).map(([name]) => name).join(", ") ||
  KINDS.alone;

const paramsOf = (params: readonly FieldModel[]): string =>
  params.map((param) => `${param.title}${param.isOptional ? "?" : ""}: ${valueOf(param)}`).join(" · ");

const Part = ({ title, lead, children }: { title: string; lead: string; children: ReactNode }) => (
  <section aria-label={title}>
    <h2 className="heading">{title}</h2>
    <p className="text-ink3">{lead}</p>
    {children}
  </section>
);

const Fields = ({ fields, last, lastOf }: {
  fields: readonly FieldModel[];
  last: string;
  lastOf(field: FieldModel): string;
}) => (
  <table className="plain-table">
    <thead>
      <tr>
        <th>{KINDS.field}</th>
        <th>{KINDS.value}</th>
        <th>{last}</th>
      </tr>
    </thead>
    <tbody>
      {fields.map((field) => (
        <tr key={field.name}>
          <td>
            {field.title} <code>{field.name}</code>
          </td>
          <td>{valueOf(field)}</td>
          <td>{lastOf(field)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
