/** One event of the fleet: when, where and what, in the words of the device's kind where they are known. */
import { Link } from "@tanstack/react-router";
import type { EventView } from "../../../protocol/record.ts";
import { sentence } from "../../form/field.ts";
import { Ago } from "../../parts/age.tsx";

export const EventRow = ({ event: { at, device, name, data } }: { event: EventView }) => (
  <div className="line" role="row">
    <span role="cell" className="when">
      <Ago at={at} />
    </span>
    <span role="cell" className="target">
      <Link to="/devices/$id" params={{ id: device }} className="link">{device}</Link>
    </span>
    <span role="cell" className="what">{sentence(name)}</span>
    <span role="cell" className="data">{dataOf(data)}</span>
  </div>
);

const dataOf = (data: Record<string, unknown>): string =>
  Object.entries(data).map(([name, value]) =>
    `${sentence(name)} ${typeof value === "string" ? value : JSON.stringify(value)}`
  ).join(", ");
