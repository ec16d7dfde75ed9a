/** The emergency stop of a device: one press and nothing asked; while it is latched, what holds and how it ends [E]. */
import { OctagonX } from "lucide-react";
import { useEffect, useState } from "react";
import type { EstopView } from "../../protocol/record.ts";
import { pressOf, pressStop } from "../live/estop.ts";
import { ledgerOf } from "../live/ledger.ts";
import { useClock } from "../live/time.ts";
import { useValue } from "../live/value.ts";
import type { Shown } from "../live/watch.ts";
import { Ago } from "../parts/age.tsx";
import { useIsConnected } from "../parts/link_state.ts";
import { useMe } from "../parts/me.ts";
import { tell } from "../parts/tell.tsx";
import { ESTOP, failedPressInWords, knowsInWords, latchOf } from "../words/estop.ts";
import { clockOf } from "../words/format.ts";
import { ClearStop } from "./clear_stop.tsx";
import { CUT_OFF, whyNotAs } from "./permit.ts";
import { Say } from "../parts/say.tsx";
import { DO } from "../words/common.ts";

/** Never disabled for whoever may press it, a lost connection included: there is a second way to the hub. */
export function EstopButton({ device }: { device: Shown }) {
  const why = whyNotAs(useMe(), "operator");
  return (
    <button
      type="button"
      className="button estop-button"
      title={why ??
        ESTOP.title}
      disabled={why !== null}
      onClick={() => void pressStop(device.id)}
    >
      <OctagonX size={16} aria-hidden="true" />
      {ESTOP.button}
    </button>
  );
}

/** As the hub told it to whoever pressed, and then to all who watch. */
export function useLatch(device: Shown): EstopView | null {
  const pressed = useValue(pressOf(device.id), (press) => press?.state === "latched" ? press.latch : null);
  return latchOf(device) ?? pressed;
}

export function EstopBanner({ device }: { device: Shown }) {
  const press = useValue(pressOf(device.id));
  const latch = useLatch(device);
  if (latch) return <Latched device={device} latch={latch} hasFailed={press?.state === "failed"} />;
  if (press?.state === "asking") {
    return (
      <div className="estop-banner" role="alert">
        <OctagonX size={20} aria-hidden="true" />
        <p>
          <strong>{ESTOP.asking}</strong>
        </p>
      </div>
    );
  }
  if (press?.state === "failed") {
    return (
      <div className="estop-banner" role="alert">
        <OctagonX size={20} aria-hidden="true" />
        <p>
          <strong>{ESTOP.notLatched}</strong> {failedPressInWords(press.fault)}
        </p>
        <button type="button" className="button small" onClick={() => pressOf(device.id).set(null)}>
          {DO.dismiss}
        </button>
      </div>
    );
  }
  return null;
}

function Latched({ device, latch, hasFailed }: { device: Shown; latch: EstopView; hasFailed: boolean }) {
  const [isClearing, setClearing] = useState(false);
  const why = whyNotClear(useIsConnected(), whyNotAs(useMe(), "operator"));
  const { by, at, reason, command } = latch;
  const record = useValue(ledgerOf(device.id), ({ records }) => records.find(({ id }) => id === command));
  const knows = useClock((now) => knowsInWords({ latch, presence: device.presence ?? "new", record, now }).sentence);
  // Told once, and again when the device says more; an alert would be read out anew with every second of its age.
  useEffect(() => tell(ESTOP.told(by.name, knows)), [at, knows]);
  useEffect(() => () => void requestAnimationFrame(keepFocus), []);
  return (
    <section className="estop-banner" aria-label={ESTOP.latched}>
      <OctagonX size={20} aria-hidden="true" />
      <div>
        <p>
          <Say
            text={ESTOP.head(reason)}
            with={{ what: <strong>{ESTOP.button}</strong>, name: by.name, time: clockOf(at), ago: <Ago at={at} /> }}
          />
        </p>
        <p>{knows}</p>
        {hasFailed && <p>{ESTOP.noAnswer}</p>}
        {why !== null && why !== CUT_OFF && <p className="text-ink2">{ESTOP.toClear(why)}</p>}
      </div>
      <button
        type="button"
        className="button"
        disabled={why !== null}
        title={why ?? undefined}
        onClick={() => setClearing(true)}
      >
        {ESTOP.clear}
      </button>
      {isClearing && <ClearStop device={device} onClose={() => setClearing(false)} />}
    </section>
  );
}

/** The banner takes its button away, and would take the focus with it. */
function keepFocus(): void {
  if (document.activeElement === document.body) document.querySelector<HTMLElement>("h1[tabindex]")?.focus();
}

const whyNotClear = (isConnected: boolean, byRole: string | null): string | null => isConnected ? byRole : CUT_OFF;
