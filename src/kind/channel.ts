/** Devices that have a thing several times: a parameter `channel`, and a field for each, `on`, `on_2` … `on_8` [K6]. */
import { z } from "zod";
import { annotate, annotationsOf, type Field } from "./field.ts";

export const MOST_CHANNELS = 8;
type Further = 2 | 3 | 4 | 5 | 6 | 7 | 8;

export type PerChannel<F extends Record<string, Field>> =
  & F
  & { [N in keyof F & string as `${N}_${Further}`]: F[N] };

/** What one channel tells, under the names of its fields. */
export const onChannel = <V extends object>(channel: number, values: V) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [channelField(name, channel), value])) as {
    [N in keyof V & string as N | `${N}_${Further}`]?: V[N];
  };

/** The field of a channel: the first one has the plain name. */
export const channelField = (name: string, channel = 1): string => channel === 1 ? name : `${name}_${channel}`;

/** The field without its channel: `on` for `on_3`. */
export const plainField = (name: string, field: Field): string => {
  const { channel } = annotationsOf(field);
  return channel === undefined ? name : name.slice(0, -`_${channel}`.length);
};

/** The field that a command with these params confirms. */
export const confirmedField = ({ field }: { field: string }, params: Record<string, unknown>): string =>
  channelField(field, typeof params.channel === "number" ? params.channel : 1);

/** Each field for every channel. A device reports those that it has. */
export function perChannel<F extends Record<string, Field>>(fields: F): PerChannel<F> {
  const all = Object.entries(fields).flatMap(([name, field]) =>
    Array.from({ length: MOST_CHANNELS }, (_, index) => [channelField(name, index + 1), ofChannel(field, index + 1)])
  );
  return Object.fromEntries(all);
}

function ofChannel(field: Field, channel: number): Field {
  const { title } = annotationsOf(field);
  return channel === 1 ? field : annotate(field, { channel, ...(title && { title: `${title} ${channel}` }) });
}

/** Which channel a command is for; left out it is the first. Commands of different channels supersede nothing [C17]. */
export const channel = () =>
  z.number().int().min(1).max(MOST_CHANNELS).meta({ title: "Channel", key: true, default: 1 }).optional();
