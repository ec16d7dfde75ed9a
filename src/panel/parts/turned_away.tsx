/** Who was refused in a device's name, why, and what to do about it [H6]. */
import { X } from "lucide-react";
import { useEffect } from "react";
import type { Refused } from "../live/hub.ts";
import type { TurnedAway } from "../live/turned_away.ts";
import { asSentence } from "../words/road.ts";
import { remedyInWords, TURNED_AWAY } from "../words/turned_away.ts";
import { Ago } from "./age.tsx";
import { tell } from "./tell.tsx";

interface Props {
  device: string;
  turnedAway: TurnedAway;
}

export function RefusedConnections({ device, turnedAway: { newest, total } }: Props) {
  const reason = newest.at(0)?.message;
  // The same again is not said again.
  useEffect(() => {
    if (reason !== undefined) tell(asSentence(reason));
  }, [reason]);
  if (newest.length === 0) return null;
  return (
    <div className="turned-away">
      <ul aria-label={TURNED_AWAY.title}>
        {newest.map((one) => <RefusedOne key={one.over + one.message} device={device} refused={one} />)}
      </ul>
      {total > newest.length && <p className="hint">{TURNED_AWAY.inAll(total)}</p>}
    </div>
  );
}

function RefusedOne({ device, refused }: { device: string; refused: Refused }) {
  const { at, over, message } = refused;
  const remedy = remedyInWords(refused, device);
  return (
    <li>
      <X size={14} className="text-fail" strokeWidth={2.5} aria-hidden="true" />
      <p className="text-fail">
        {over === "rest" ? TURNED_AWAY.call : TURNED_AWAY.connection} <Ago at={at} />
      </p>
      <p>{asSentence(message)}</p>
      {remedy && <p className="text-ink2">{remedy}</p>}
    </li>
  );
}
