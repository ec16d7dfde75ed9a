/** All that was asked of the device, newest first. */
import { useTitle } from "../../shell/title.ts";
import { TABS } from "../../words/device.ts";
import { useAbout } from "./about.ts";
import { AllCommands } from "./command_rows.tsx";

export function CommandsTab() {
  const { device, kind, ledger } = useAbout();
  useTitle(`${device.name} · ${TABS.commands}`);
  return <AllCommands device={device} kind={kind} ledger={ledger} />;
}
