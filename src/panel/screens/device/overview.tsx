/** What can be asked of it, what it measures, and what was asked and happened lately. */
import { Controls } from "../../control/controls.tsx";
import { useTitle } from "../../shell/title.ts";
import { useAbout } from "./about.ts";
import { Blobs } from "./blobs.tsx";
import { NewestCommands } from "./command_rows.tsx";
import { Events } from "./events.tsx";
import { Values } from "./values.tsx";

export function OverviewTab() {
  const { device, kind, ledger } = useAbout();
  useTitle(device.name ?? device.id);
  return (
    <>
      {kind && (
        <div className="device-body">
          <Controls kind={kind} device={device} ledger={ledger} />
          <div className="min-w-0">
            <Values kind={kind} device={device} ledger={ledger} />
            <Blobs device={device.id} kind={kind} />
          </div>
        </div>
      )}
      <div className="device-newest">
        <NewestCommands device={device} kind={kind} ledger={ledger} />
        {kind && <Events device={device.id} kind={kind} />}
      </div>
    </>
  );
}
