/** One command of the fleet: when, to whom, what, by whom, and what became of it. */
import { useMemo } from "react";
import { type CommandRecord, isFinal } from "../../../protocol/record.ts";
import { sentence } from "../../form/field.ts";
import { commandNamed } from "../../form/named.ts";
import type { Called } from "../../live/called.ts";
import { kindsOf, useKinds } from "../../live/kinds.ts";
import { useClock } from "../../live/time.ts";
import { Ago } from "../../parts/age.tsx";
import { DeviceLink } from "../../parts/device_link.tsx";
import { latencyOf } from "../../words/format.ts";
import { paramsInWords } from "../../words/params.ts";
import { roadOf } from "../../words/road.ts";

interface Props {
  record: CommandRecord;
  called: Called | undefined;
}

export function CommandLine({ record, called }: Props) {
  const now = useClock((now) => isFinal(record.status) ? 0 : Math.floor(now / 1000) * 1000);
  const { tone, sentence: outcome } = roadOf({ record, now });
  const { device, name, params, by, createdAt, finishedAt, status } = record;
  const kinds = useKinds();
  const { title, fields } = useMemo(() => commandNamed(kindsOf(kinds, called), name), [kinds, called, name]);
  return (
    <div className="line" role="row">
      <span role="cell" className="when">
        <Ago at={createdAt} />
      </span>
      <span role="cell" className="target">
        <DeviceLink id={device} called={called} to="/devices/$id/commands" />
      </span>
      <span role="cell" className="what">
        {title} <span className="params">{paramsInWords(params, fields)}</span>
      </span>
      <span role="cell" className="by">{by.name}</span>
      <span role="cell" className="outcome">
        <span className="outcome-mark" data-tone={tone}>
          <i aria-hidden="true" />
          {sentence(status)}
        </span>
        {status !== "succeeded" && <span className="sentence">{outcome}</span>}
      </span>
      <span role="cell" className="took number">{finishedAt !== undefined && latencyOf(finishedAt - createdAt)}</span>
    </div>
  );
}
