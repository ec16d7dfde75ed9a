/** The roads of commands that have no field of their own: what goes on, and what went wrong here. */
import type { CommandModel } from "../form/controls.ts";
import { newestTravel } from "../live/travel.ts";
import type { Around } from "./asking.ts";
import { whyNot } from "./permit.ts";
import { RoadOf } from "./road.tsx";
import { Whys } from "./whys.tsx";

export function Roads({ commands, device, ledger, situation }: Around & { commands: readonly CommandModel[] }) {
  const travel = newestTravel(ledger, commands.map(({ name }) => name));
  const travelled = commands.find(({ name }) => name === (travel?.record ?? travel?.ask)?.name);
  return (
    <>
      <Whys commands={commands} situation={situation} />
      {travel && travelled && (
        <RoadOf
          key={travel.key}
          device={device}
          situation={situation}
          title={travelled.title}
          isTitled
          travel={travel}
          why={whyNot(situation, travelled)}
        />
      )}
    </>
  );
}
