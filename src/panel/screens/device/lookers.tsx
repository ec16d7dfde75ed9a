/** Who else has this device open [O16]: two at one device should not find out by its moving. */
import { Eye } from "lucide-react";
import type { DeviceView, LookerView } from "../../../protocol/record.ts";
import { useValue, type Value } from "../../live/value.ts";
import { useIsConnected } from "../../parts/link_state.ts";
import { useMe } from "../../parts/me.ts";
import { LOOKERS } from "../../words/device.ts";

interface Props {
  people: Value<readonly LookerView[]>;
  lease: DeviceView["lease"] | undefined;
}

/** Not announced: who comes and goes would talk into whatever somebody reads. */
export function Lookers({ people, lease }: Props) {
  const me = useMe();
  const all = useValue(people);
  // Without a connection nobody knows.
  if (!useIsConnected()) return null;
  const others = all.filter(({ id }) => id !== me.id);
  const own = (all.find(({ id }) => id === me.id)?.windows ?? 1) - 1;
  const names = others.map(({ id, name }) => lease?.holder?.id === id ? LOOKERS.driving(name) : name);
  return (
    <>
      {others.length > 0 && (
        <li
          className="device-lookers"
          title={others.map(({ name, windows }) => LOOKERS.windows(name, windows)).join("\n")}
        >
          <Eye size={14} aria-hidden="true" />
          {LOOKERS.others(names)}
        </li>
      )}
      {own > 0 && (
        <li className="device-lookers">
          <Eye size={14} aria-hidden="true" />
          {LOOKERS.own(own)}
        </li>
      )}
    </>
  );
}
