/** What was asked of a device, a row for each command, and what became of it. */
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { type CommandRecord, isFinal } from "../../../protocol/record.ts";
import type { KindDocument } from "../../../kind/schema.ts";
import { type CommandModel, commandModel } from "../../form/controls.ts";
import { sentence } from "../../form/field.ts";
import { curlCommand } from "../../live/curl.ts";
import { cancel, type Ledger, readMore } from "../../live/ledger.ts";
import { useClock } from "../../live/time.ts";
import type { Shown } from "../../live/watch.ts";
import { Ago } from "../../parts/age.tsx";
import { CopyButton } from "../../parts/copy.tsx";
import { Steps } from "../../control/road.tsx";
import { COMMANDS } from "../../words/device.ts";
import { inWords, latencyOf } from "../../words/format.ts";
import { type Road, roadOf } from "../../words/road.ts";
import { tell } from "../../parts/tell.tsx";
import { faultOf } from "../../live/fault.ts";

interface Props {
  device: Shown;
  kind: KindDocument | undefined;
  ledger: Ledger;
}

const NEWEST = 5;

/** The newest few; the tab has all of them. */
export function NewestCommands({ device, kind, ledger: { records, total } }: Props) {
  return (
    <section className="ledger" aria-label={COMMANDS.title}>
      <h2 className="heading">{COMMANDS.title}</h2>
      {records.length === 0 ? <p className="py-3 text-ink3">{COMMANDS.none}</p> : (
        <ul>
          {records.slice(0, NEWEST).map((record) => (
            <CommandRow key={record.id} record={record} model={modelOf(kind, record.name)} />
          ))}
        </ul>
      )}
      {total > NEWEST && (
        <Link to="/devices/$id/commands" params={{ id: device.id }} className="button small mt-3">
          {COMMANDS.all(total)}
        </Link>
      )}
    </section>
  );
}

export const modelOf = (kind: KindDocument | undefined, name: string): CommandModel | undefined =>
  kind && Object.hasOwn(kind.commands, name) ? commandModel(name, kind.commands[name]) : undefined;

interface RowProps {
  record: CommandRecord;
  model: CommandModel | undefined;
  /** Where it can be sent again. */
  onRetry?: Retry;
}

export interface Retry {
  /** Why it could not be now. */
  why(model: CommandModel): string | null;
  again(record: CommandRecord, model: CommandModel): void;
}

export function CommandRow({ record, model, onRetry }: RowProps) {
  const now = useClock((now) => isFinal(record.status) ? 0 : Math.floor(now / 1000) * 1000);
  const road = roadOf({ record, now });
  const [isOpen, setOpen] = useState(false);
  const { createdAt, finishedAt, by, status } = record;
  return (
    <li>
      <details
        className="ledger-row"
        data-tone={road.tone}
        onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      >
        <summary>
          <ChevronRight size={14} className="chevron" aria-hidden="true" />
          <span className="what">
            <b>{model?.title ?? sentence(record.name)}</b> {paramsInWords(record, model)}
          </span>
          <span className="status">
            <i aria-hidden="true" />
            {sentence(status)}
          </span>
          <span className="outcome">{status === "succeeded" ? valueInWords(record) : road.sentence}</span>
          <span className="latency">{finishedAt !== undefined && latencyOf(finishedAt - createdAt)}</span>
          <span className="by">{by.name}</span>
          <span className="when">
            <Ago at={createdAt} />
          </span>
        </summary>
        {isOpen && <More record={record} road={road} model={model} onRetry={onRetry} />}
      </details>
    </li>
  );
}

const More = ({ record, road, model, onRetry }: RowProps & { road: Road }) => (
  <div className="ledger-more">
    <Steps steps={road.steps} />
    <p>
      {road.sentence}
      {record.job && (
        <>
          {" "}
          {COMMANDS.partOf} <Link to="/jobs/$job" params={{ job: record.job }} className="link">{COMMANDS.aJob}</Link>.
        </>
      )}
    </p>
    <pre className="code-block">{JSON.stringify(record, null, 2)}</pre>
    <div className="flex gap-2">
      <CopyButton text={curlCommand(record)} label={COMMANDS.curl} />
      {road.mayCancel && (
        <button type="button" className="button small" onClick={() => void stop(record)}>{COMMANDS.cancel}</button>
      )}
      {road.mayRetry && model && onRetry && (
        <button
          type="button"
          className="button small"
          disabled={onRetry.why(model) !== null}
          title={onRetry.why(model) ?? undefined}
          onClick={() => onRetry.again(record, model)}
        >
          {isAskedAgain(model) ? COMMANDS.retryAsking : COMMANDS.retry}
        </button>
      )}
    </div>
  </div>
);

/** What wants a second thought, or holds a secret that is not kept [C19], is filled in anew. */
export const isAskedAgain = ({ danger, select, params }: CommandModel): boolean =>
  danger !== "none" || select || params.some(({ isSecret }) => isSecret);

const valueInWords = ({ value }: CommandRecord) => value === undefined ? "" : COMMANDS.answered(inWords(value, {}));

const stop = (record: CommandRecord) => cancel(record.id).catch((thrown) => tell(faultOf(thrown).message));

function paramsInWords({ params }: CommandRecord, model: CommandModel | undefined): string {
  return Object.entries(params).map(([name, value]) => {
    const field = model?.params.find((param) => param.name === name);
    return field ? inWords(value, field) : `${name} ${JSON.stringify(value)}`;
  }).join(", ");
}

export function Older({ device, next }: { device: string; next: string }) {
  const [isBusy, setBusy] = useState(false);
  const read = async () => {
    setBusy(true);
    await readMore(device, next).catch((thrown) => tell(faultOf(thrown).message));
    setBusy(false);
  };
  return (
    <button type="button" className="button small mt-3" disabled={isBusy} onClick={() => void read()}>
      {COMMANDS.older}
    </button>
  );
}
