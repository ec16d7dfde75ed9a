/** What one control knows of its field: what is reported, what was asked, and how the two stand. */
import { useState } from "react";
import { type CommandModel, commandsOf, type FieldControl, type ReachControl, type Way } from "../form/controls.ts";
import type { FieldModel } from "../form/field.ts";
import { faultOf } from "../live/fault.ts";
import { desire, type Ledger, send } from "../live/ledger.ts";
import { type Standing, standingOf } from "../live/standing.ts";
import { isSame } from "../live/series.ts";
import { useClock } from "../live/time.ts";
import { isReported, newestTravel, type Travel } from "../live/travel.ts";
import type { Shown } from "../live/watch.ts";
import { tell } from "../parts/tell.tsx";
import { type Look, lookOf } from "../words/look.ts";
import { DESIRED_ALREADY } from "../words/control.ts";
import { refusalInWords } from "../words/road.ts";
import { isReachable, type Situation, whyNot } from "./permit.ts";
import { LINGER } from "./road.tsx";

export interface Around {
  device: Shown;
  ledger: Ledger;
  situation: Situation;
}

export interface Asking {
  field: FieldModel;
  reported: unknown;
  reportedAt: number | undefined;
  /** The device is away: what it reported is what it was. */
  isPast: boolean;
  /** The value that is under way, while it is. */
  pending: unknown;
  look: Look;
  why: string | null;
  /** It is kept for the device rather than sent to it. */
  byDesire: boolean;
  commands: readonly CommandModel[];
  travel: Travel | null;
  /** Of the command that the travel is about. */
  title: string;
  isConfirmed: boolean | undefined;
  standing: Standing;
  problem: string | null;
  /** Sends it, unless the same is under way. */
  pick(value: unknown): Promise<void> | void;
  letGo(): void;
}

export function useAsking(control: FieldControl, around: Around): Asking {
  const { field, by, to } = control;
  const { device, ledger, situation } = around;
  const [problem, setProblem] = useState<string | null>(null);
  const travel = by ? newestTravel(ledger, commandsOf(control), by.fixed) : null;
  const byDesire = !by || (field.isDesirable && !isReachable(situation.presence));
  const why = whyNot(
    situation,
    byDesire
      ? { name: by?.command.name, role: by?.command.role ?? "operator", effect: "set", mayQueue: true }
      : by!.command,
  );
  const standing = standingOf(field.name, device);
  const wanted = wantedBy(control, travel);
  const isMoving = travel !== null && !travel.record?.finishedAt && !travel.ask?.fault;
  const pending = isMoving ? wanted : standing.state === "pending" ? standing.wanted : undefined;
  const wish = async (value: unknown) => {
    try {
      await desire(device.id, { [field.name]: value });
      setProblem(null);
    } catch (thrown) {
      const sentence = refusalInWords(faultOf(thrown));
      setProblem(sentence);
      tell(`${field.title}: ${sentence}`);
    }
  };
  const pick = (value: unknown) => {
    // The line below the control says what is desired, and that it is not answered yet.
    if (!isMoving && pending !== undefined && isSame(pending, value)) return tell(`${field.title}: ${DESIRED_ALREADY}`);
    if (byDesire) return wish(value);
    const params = { ...by!.fixed, [by!.param]: value };
    void send({ device: device.id, name: by!.command.name, params, before: device.reported?.[field.name] });
  };
  const isConfirmed = travel ? confirmation(travel, field, wanted, device) : undefined;
  return {
    field,
    ...seenOf(field, device),
    pending,
    look: useLook(travel, isConfirmed, standing),
    why,
    byDesire,
    commands: byDesire ? [] : [by!.command, ...to.map(({ command }) => command)],
    travel: byDesire ? null : travel,
    title: field.title,
    isConfirmed,
    standing,
    problem,
    pick,
    letGo: () => void wish(null),
  };
}

/** As `useAsking`, of a field that commands lead to: there is nothing to pick, but ways to go. */
export function useReaching(control: ReachControl, { device, ledger, situation }: Around): Asking & { to: Way[] } {
  const { field, to } = control;
  const travel = newestTravel(ledger, commandsOf(control));
  const reached = to.find(({ command }) => command.name === (travel?.record ?? travel?.ask)?.name);
  const standing = standingOf(field.name, device);
  const isConfirmed = travel && reached ? confirmation(travel, field, reached.value, device) : undefined;
  const isMoving = travel !== null && !travel.record?.finishedAt && !travel.ask?.fault;
  return {
    field,
    ...seenOf(field, device),
    pending: isMoving ? reached?.value : undefined,
    look: useLook(travel, isConfirmed, standing),
    why: reached ? whyNot(situation, reached.command) : null,
    byDesire: false,
    commands: to.map(({ command }) => command),
    travel: reached ? travel : null,
    title: reached?.command.title ?? field.title,
    isConfirmed,
    standing,
    problem: null,
    pick: () => {},
    letGo: () => {},
    to,
  };
}

const seenOf = ({ name }: FieldModel, { reported, reportedAt, presence = "new" }: Shown) => ({
  reported: reported?.[name],
  reportedAt: reportedAt?.[name],
  isPast: !isReachable(presence),
});

/** A confirmation is news for as long as its road is there. */
function useLook(travel: Travel | null, isConfirmed: boolean | undefined, standing: Standing): Look {
  const endedAt = travel?.record?.finishedAt ?? 0;
  const isNews = useClock((now) => now - endedAt <= LINGER);
  return lookOf({ travel, isConfirmed, standing, isNews });
}

/** The value that was asked for: as a param, or as that to which the command leads. */
function wantedBy({ by, to }: FieldControl, travel: Travel | null): unknown {
  const asked = travel?.record ?? travel?.ask;
  return asked && asked.name === by?.command.name
    ? asked.params[by.param]
    : to.find(({ command }) => command.name === asked?.name)?.value;
}

const confirmation = ({ record }: Travel, { name }: FieldModel, wanted: unknown, device: Shown) =>
  isReported(record, { wanted, reported: device.reported?.[name], reportedAt: device.reportedAt?.[name] });
