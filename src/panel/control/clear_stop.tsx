/** Clears an emergency stop: only a person does, and says why it is safe again [E6]. */
import { clearStop } from "../live/estop.ts";
import type { Shown } from "../live/watch.ts";
import { ReasonDialog } from "../parts/reason.tsx";
import { tell } from "../parts/tell.tsx";
import { ESTOP } from "../words/estop.ts";

export function ClearStop({ device, onClose }: { device: Shown; onClose(): void }) {
  const wanted = Object.keys(device.desired?.state ?? {}).length;
  const clear = async (reason: string) => {
    await clearStop(device.id, reason);
    tell(ESTOP.cleared(device.name ?? device.id));
  };
  return (
    <ReasonDialog
      title={ESTOP.clearTitle(device.name ?? device.id)}
      label={ESTOP.whySafe}
      button={ESTOP.clearNow}
      act={clear}
      onClose={onClose}
    >
      <p>{ESTOP.afterClear}</p>
      {wanted > 0 && <p>{ESTOP.desired}</p>}
    </ReasonDialog>
  );
}
