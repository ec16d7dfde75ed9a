/** Who drives: take control, let go, take over with a reason; and how it was lost [G]. */
import { Joystick } from "lucide-react";
import { useRef, useState } from "react";
import type { KindDocument } from "../../kind/schema.ts";
import { faultOf, type HubFault } from "../live/fault.ts";
import { forgetLoss, leases, letGo, take, takeOver } from "../live/leases.ts";
import { useClock } from "../live/time.ts";
import { useValue } from "../live/value.ts";
import type { Shown } from "../live/watch.ts";
import { useLink } from "../parts/link_state.ts";
import { useMe } from "../parts/me.ts";
import { ReasonDialog } from "../parts/reason.tsx";
import { clockOf } from "../words/format.ts";
import { cutInWords, type Driver, driverOf, LEASE, lossInWords } from "../words/lease.ts";
import { refusalInWords } from "../words/road.ts";
import { CUT_OFF, saidAbove, type Situation } from "./permit.ts";
import { DO } from "../words/common.ts";

/** Null where the kind lets anybody drive. */
export function useDriver({ lease: isDriven }: KindDocument, { id, lease = null }: Shown): Driver | null {
  const me = useMe();
  const held = useValue(leases, ({ held }) => held[id]?.fence);
  const over = useValue(leases, ({ over }) => over[id]);
  return isDriven ? driverOf({ lease, held, over, me: me.id }) : null;
}

/** In ms. */
const DOUBLE_CLICK = 600;

const leaseRefusal = (fault: HubFault): string => fault.code === "conflict" ? LEASE.first : refusalInWords(fault);

interface Props {
  device: Shown;
  driver: Driver;
  situation: Situation;
}

export function Lease({ device, driver, situation }: Props) {
  const loss = useValue(leases, ({ lost }) => lost[device.id]);
  const [problem, setProblem] = useState<string | null>(null);
  const [isForcing, setForcing] = useState(false);
  const isBusy = useRef(false);
  const act = async (what: () => Promise<void>) => {
    // The second press of a double click must not undo the first.
    if (isBusy.current) return;
    isBusy.current = true;
    setTimeout(() => isBusy.current = false, DOUBLE_CLICK);
    setProblem(null);
    await what().catch((thrown) => setProblem(leaseRefusal(faultOf(thrown))));
  };
  const press = () => {
    if (driver.state === "other") return setForcing(true);
    void act(() => driver.state === "you" ? letGo(device.id) : take(device));
  };
  const { isConnected } = situation;
  const why = isConnected ? saidAbove(situation) : CUT_OFF;
  return (
    <section className="control lease" aria-label={LEASE.label} data-driver={driver.state}>
      <div className="driver">
        <Joystick size={16} aria-hidden="true" />
        <p>
          <Sentence driver={driver} />
        </p>
        {/* One button whatever it does, so that the focus stays on it. */}
        <button
          type="button"
          className={driver.state === "nobody" ? "button primary" : "button"}
          disabled={why !== null}
          title={why ?? undefined}
          onClick={press}
        >
          {LEASE.buttons[driver.state]}
        </button>
      </div>
      {driver.state === "you" && !isConnected && <Cut />}
      {driver.state !== "you" && <p className="hint">{LEASE.onlyDriver}</p>}
      {driver.state === "you" && isConnected && <p className="hint">{LEASE.lapses}</p>}
      {loss && (
        <div className="loss" role="alert">
          <p>{lossInWords(loss)}</p>
          <button type="button" className="button small quiet" onClick={() => forgetLoss(device.id)}>
            {DO.dismiss}
          </button>
        </div>
      )}
      {problem && <p className="problem mt-2" role="alert">{problem}</p>}
      {isForcing && driver.state === "other" && (
        <ReasonDialog
          title={LEASE.takeOverFrom(driver.name, device.name ?? device.id)}
          button={LEASE.takeOver}
          act={(reason) => takeOver(device, reason)}
          onClose={() => setForcing(false)}
        >
          <p>{LEASE.takeOverHint(driver.name)}</p>
        </ReasonDialog>
      )}
    </section>
  );
}

function Sentence({ driver }: { driver: Driver }) {
  if (driver.state === "nobody") return <b>{LEASE.nobody}</b>;
  const { since } = driver;
  const who = driver.state === "other" ? LEASE.other(driver.name) : LEASE.you;
  return (
    <>
      <b>{who}</b>
      {driver.state === "elsewhere" && LEASE.elsewhere}{" "}
      {since !== null && <span className="text-ink3">{LEASE.since(clockOf(since))}</span>}
    </>
  );
}

function Cut() {
  const link = useLink();
  const lostAt = link.phase === "open" ? null : link.lostAt;
  const sentence = useClock((now) => lostAt === null ? null : cutInWords(lostAt, now));
  return sentence && <p className="hint">{sentence}</p>;
}
