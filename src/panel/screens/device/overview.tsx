/** What can be asked of it, what it measures, and what was asked and happened lately. */
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { searchOf, type View, viewOf } from "../../chart/view.ts";
import { Controls } from "../../control/controls.tsx";
import { curlGet } from "../../live/curl.ts";
import { path } from "../../live/rest.ts";
import { CopyButton } from "../../parts/copy.tsx";
import { useTitle } from "../../shell/title.ts";
import { COMMANDS } from "../../words/device.ts";
import { useAbout } from "./about.ts";
import { Blobs } from "./blobs.tsx";
import { NewestCommands } from "./command_rows.tsx";
import { Events } from "./events.tsx";
import { Values } from "./values.tsx";

const route = getRouteApi("/devices/$id/");

export function OverviewTab() {
  const { device, kind, ledger } = useAbout();
  useTitle(device.name ?? device.id);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const view = useMemo(() => viewOf(search), [search.show, search.span, search.from, search.to]);
  const look = (next: Partial<View>) =>
    void navigate({ search: searchOf({ ...view, ...next }), replace: true, resetScroll: false });
  return (
    <>
      {kind && (
        <div className="device-body">
          <Controls kind={kind} device={device} ledger={ledger} />
          <div className="min-w-0">
            <Values kind={kind} device={device} ledger={ledger} view={view} onView={look} />
            <Blobs device={device.id} kind={kind} />
          </div>
        </div>
      )}
      <div className="device-newest">
        <NewestCommands device={device} kind={kind} ledger={ledger} />
        {kind && <Events device={device.id} kind={kind} />}
      </div>
      <div className="mt-6">
        <CopyButton text={() => curlGet(path.device(device.id))} label={COMMANDS.curl} />
      </div>
    </>
  );
}
