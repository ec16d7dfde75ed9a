/** Clears an emergency stop: only a person does, and says why it is safe again [E6]. */
import { clearStop } from "../live/estop.ts";
import type { Shown } from "../live/watch.ts";
import { ReasonDialog } from "../parts/reason.tsx";
import { tell } from "../parts/tell.tsx";

export function ClearStop({ device, onClose }: { device: Shown; onClose(): void }) {
  const wanted = Object.keys(device.desired?.state ?? {}).length;
  const clear = async (reason: string) => {
    await clearStop(device.id, reason);
    tell(`The emergency stop of ${device.name} is cleared.`);
  };
  return (
    <ReasonDialog
      title={`Clear the emergency stop · ${device.name}`}
      label="Why it is safe again"
      button="Clear the stop"
      act={clear}
      onClose={onClose}
    >
      <p>Commands go through again. Those that the stop cancelled stay cancelled: nothing begins by itself.</p>
      {wanted > 0 && <p>What is desired is sent to the device at once, and may move it.</p>}
    </ReasonDialog>
  );
}
