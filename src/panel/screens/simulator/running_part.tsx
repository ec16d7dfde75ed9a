/** What runs in this window: how each sees itself, and how the hub sees it. */
import { Link } from "@tanstack/react-router";
import { useShown } from "../../live/use_watch.ts";
import type { WatchStore } from "../../live/watch.ts";
import { KindIcon } from "../../parts/icon.tsx";
import { PresenceMark } from "../../parts/presence.tsx";
import type { Machine } from "../../simulator/fleet.ts";
import { FAULT_BUTTONS, SIMULATOR, standingInWords } from "../../words/simulator.ts";

interface Props {
  running: readonly Machine[];
  store: WatchStore;
}

export const RunningPart = ({ running, store }: Props) => (
  <section aria-labelledby="simulator-running">
    <h2 id="simulator-running" className="heading">{SIMULATOR.running}</h2>
    <table className="plain-table running">
      <thead>
        <tr>
          <th scope="col">{SIMULATOR.device}</th>
          <th scope="col">{SIMULATOR.itSays}</th>
          <th scope="col">{SIMULATOR.hubSays}</th>
        </tr>
      </thead>
      <tbody>{running.map((machine) => <Row key={machine.id} machine={machine} store={store} />)}</tbody>
    </table>
  </section>
);

function Row({ machine: { id, kind, standing, faults }, store }: { machine: Machine; store: WatchStore }) {
  const shown = useShown(store, id);
  return (
    <tr>
      <td>
        <span className="flex items-center gap-2">
          <KindIcon name={kind.icon} />
          <Link to="/devices/$id" params={{ id }} className="link font-medium">{shown?.name ?? id}</Link>
        </span>
        {faults.length > 0 && (
          <p className="broken">{SIMULATOR.broken(faults.map((fault) => FAULT_BUTTONS[fault].word).join(", "))}</p>
        )}
      </td>
      <td className="text-ink2">{standingInWords(standing)}</td>
      <td>{shown?.presence && <PresenceMark presence={shown.presence} />}</td>
    </tr>
  );
}
