/** Everything that can be asked of a device, in the order of its kind. */
import { useMemo } from "react";
import type { KindDocument } from "../../kind/schema.ts";
import { type CommandControl, controlsOf, forDevice, reportedOnly } from "../form/controls.ts";
import type { Ledger } from "../live/ledger.ts";
import type { Shown } from "../live/watch.ts";
import { useIsConnected } from "../parts/link_state.ts";
import { useMe } from "../parts/me.ts";
import { Actions } from "./actions.tsx";
import { useLatch } from "./estop.tsx";
import { interlockWhy } from "./interlocks.ts";
import { Lease, useDriver } from "./lease.tsx";
import { type Situation, STOPPED } from "./permit.ts";
import { FieldCard, ReachCard, ReportedOnly } from "./control.tsx";

interface Props {
  kind: KindDocument;
  device: Shown;
  ledger: Ledger;
}

export function Controls({ kind, device, ledger }: Props) {
  const all = useMemo(() => controlsOf(kind), [kind]);
  const controls = forDevice(all, device.reported);
  const situation: Situation = {
    isConnected: useIsConnected(),
    me: useMe(),
    presence: device.presence ?? "new",
    isStopped: useLatch(device) !== null,
    driver: useDriver(kind, device),
    interlocked: (name) => interlockWhy(kind, name, device),
  };
  const shared = { kind, device, ledger, situation };
  const actions = controls.filter((control): control is CommandControl => control.sort === "command");
  const toldOnly = reportedOnly(kind, controls, device.reported);
  return (
    <div className="controls">
      {situation.driver && <Lease device={device} driver={situation.driver} situation={situation} />}
      {situation.isStopped && <p className="said-once">{STOPPED}</p>}
      {controls.map((control) => {
        switch (control.sort) {
          case "field":
            return <FieldCard key={control.field.name} control={control} {...shared} />;
          case "reach":
            return <ReachCard key={control.field.name} control={control} {...shared} />;
          case "command":
            return null;
        }
      })}
      {toldOnly.length > 0 && <ReportedOnly fields={toldOnly} device={device} />}
      {actions.length > 0 && <Actions controls={actions} {...shared} />}
    </div>
  );
}
