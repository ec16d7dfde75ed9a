/** One event of the fleet: when, where and what, in the words of the device's kind where they are known. */
import { useMemo } from "react";
import type { EventView } from "../../../protocol/record.ts";
import { eventNamed } from "../../form/named.ts";
import type { Called } from "../../live/called.ts";
import { kindsOf, useKinds } from "../../live/kinds.ts";
import { Ago } from "../../parts/age.tsx";
import { DeviceLink } from "../../parts/device_link.tsx";
import { paramsInWords } from "../../words/params.ts";

interface Props {
  event: EventView;
  called: Called | undefined;
}

export function EventRow({ event: { at, device, name, data }, called }: Props) {
  const kinds = useKinds();
  const { title, fields } = useMemo(() => eventNamed(kindsOf(kinds, called), name), [kinds, called, name]);
  return (
    <div className="line" role="row">
      <span role="cell" className="when">
        <Ago at={at} />
      </span>
      <span role="cell" className="target">
        <DeviceLink id={device} called={called} />
      </span>
      <span role="cell" className="what">{title}</span>
      <span role="cell" className="data">{paramsInWords(data, fields)}</span>
    </div>
  );
}
