/** One event of the fleet: when, where and what, in the words of the device's kind where they are known. */
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { EventView } from "../../../protocol/record.ts";
import { eventNamed } from "../../form/named.ts";
import { useKinds } from "../../live/kinds.ts";
import { Ago } from "../../parts/age.tsx";
import { paramsInWords } from "../../words/params.ts";

export function EventRow({ event: { at, device, name, data } }: { event: EventView }) {
  const kinds = useKinds();
  const { title, fields } = useMemo(() => eventNamed(kinds.values(), name), [kinds, name]);
  return (
    <div className="line" role="row">
      <span role="cell" className="when">
        <Ago at={at} />
      </span>
      <span role="cell" className="target">
        <Link to="/devices/$id" params={{ id: device }} className="link">{device}</Link>
      </span>
      <span role="cell" className="what">{title}</span>
      <span role="cell" className="data">{paramsInWords(data, fields)}</span>
    </div>
  );
}
