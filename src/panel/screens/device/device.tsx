/** One device: who it is and how it fares, and below that the tab that the address names. */
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useMemo } from "react";
import { EstopBanner } from "../../control/estop.tsx";
import { useKind } from "../../live/kinds.ts";
import { useLedger } from "../../live/ledger.ts";
import { useOutline, useShown, useWatch } from "../../live/use_watch.ts";
import type { Shown, WatchStore } from "../../live/watch.ts";
import { useTitle } from "../../shell/title.ts";
import { DEVICE } from "../../words/device.ts";
import { AboutContext } from "./about.ts";
import { DeviceHead } from "./head.tsx";
import { Tabs } from "./tabs.tsx";
import { Say } from "../../parts/say.tsx";

const route = getRouteApi("/devices/$id");
const INCLUDE = ["telemetry", "state", "presence", "commands", "events", "people"];

export function DeviceScreen() {
  const { id } = route.useParams();
  const store = useWatch({ device: id, include: INCLUDE, rate: 4 })!;
  const device = useShown(store, id);
  // Nothing of one device may stand on another's page.
  return device ? <Device key={id} device={device} people={store.people} /> : <Absent store={store} id={id} />;
}

function Device({ device, people }: { device: Shown } & Pick<WatchStore, "people">) {
  const kind = useKind(device.kind);
  const ledger = useLedger(device.id);
  const about = useMemo(() => ({ device, kind, ledger }), [device, kind, ledger]);
  return (
    <AboutContext value={about}>
      <div className="device">
        <div className="device-top">
          <EstopBanner device={device} />
          <DeviceHead device={device} kind={kind} people={people} />
          <Tabs id={device.id} />
        </div>
        <Outlet />
      </div>
    </AboutContext>
  );
}

/** Nothing while it is asked for; a sentence once the hub said that there is none, or no more. */
function Absent({ store, id }: { store: WatchStore; id: string }) {
  const { isLoading, error } = useOutline(store);
  useTitle(id);
  if (isLoading) return null;
  return (
    <div className="flex grow flex-col items-center px-6 pt-24 text-center">
      <h1 className="text-large font-semibold">
        {error && error.code !== "not_found" ? DEVICE.hidden : DEVICE.absent}
      </h1>
      <p className="mt-1 mb-5 text-ink2">
        {error && error.code !== "not_found"
          ? error.message
          : <Say text={DEVICE.absentHint} with={{ id: <code className="font-mono">{id}</code> }} />}
      </p>
      <Link to="/devices" className="button">{DEVICE.all}</Link>
    </div>
  );
}
