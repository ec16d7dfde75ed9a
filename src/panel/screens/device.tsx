/** One device: what it is, what can be asked of it, what it measures, and what was asked. */
import { getRouteApi, Link } from "@tanstack/react-router";
import { Controls } from "../control/controls.tsx";
import { EstopBanner } from "../control/estop.tsx";
import { useKind } from "../live/kinds.ts";
import { useLedger } from "../live/ledger.ts";
import { useOutline, useShown, useWatch } from "../live/use_watch.ts";
import type { Shown, WatchStore } from "../live/watch.ts";
import { useTitle } from "../shell/title.ts";
import { Blobs } from "./blobs.tsx";
import { Commands } from "./commands.tsx";
import { Events } from "./events.tsx";
import { DeviceHead } from "./device_head.tsx";
import { Values } from "./values.tsx";

const route = getRouteApi("/devices/$id");
const INCLUDE = ["telemetry", "state", "presence", "commands", "events"];

export function DeviceScreen() {
  const { id } = route.useParams();
  const store = useWatch({ device: id, include: INCLUDE, rate: 4 })!;
  const device = useShown(store, id);
  useTitle(device?.name ?? id);
  return device ? <Device device={device} /> : <Absent store={store} id={id} />;
}

function Device({ device }: { device: Shown }) {
  const kind = useKind(device.kind);
  const ledger = useLedger(device.id);
  return (
    <div className="device">
      <div className="device-top">
        <EstopBanner device={device} />
        <DeviceHead device={device} kind={kind} />
      </div>
      {kind && (
        <div className="device-body">
          <Controls kind={kind} device={device} ledger={ledger} />
          <div className="min-w-0">
            <Values kind={kind} device={device} ledger={ledger} />
            <Blobs device={device.id} kind={kind} />
          </div>
        </div>
      )}
      <Commands device={device} kind={kind} ledger={ledger} />
      {kind && <Events device={device.id} kind={kind} />}
    </div>
  );
}

/** Nothing while it is asked for; a sentence once the hub said that there is none, or no more. */
function Absent({ store, id }: { store: WatchStore; id: string }) {
  const { isLoading, error } = useOutline(store);
  if (isLoading) return null;
  return (
    <div className="flex grow flex-col items-center px-6 pt-24 text-center">
      <h1 className="text-large font-semibold">
        {error && error.code !== "not_found" ? "This device cannot be shown" : "There is no such device"}
      </h1>
      <p className="mt-1 mb-5 text-ink2">
        {error && error.code !== "not_found" ? error.message : (
          <>
            Nothing is known as <code className="font-mono">{id}</code>. It may have been deleted.
          </>
        )}
      </p>
      <Link to="/devices" className="button">All devices</Link>
    </div>
  );
}
