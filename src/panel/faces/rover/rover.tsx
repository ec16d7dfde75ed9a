/** A rover: the stick and its stop, how fast it may go, and where it is. */
import { Gamepad2, Square } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { saidOnce, whyNot } from "../../control/permit.ts";
import { Press } from "../../control/press.tsx";
import { Roads } from "../../control/roads.tsx";
import { hub } from "../../live/connection.ts";
import { fenceOf } from "../../live/leases.ts";
import { useValue } from "../../live/value.ts";
import { tell } from "../../parts/tell.tsx";
import { ROVER } from "../../words/faces.ts";
import { inWords } from "../../words/format.ts";
import { faultInWords } from "../../words/words.ts";
import type { FaceProps } from "../mod.ts";
import type { RoverParts } from "../shapes/rover.ts";
import { useGamepad } from "./hands.ts";
import { type End, Lane } from "./lane.ts";
import { Plan } from "./plan.tsx";
import { Stick } from "./stick.tsx";

const SHARES = [0.25, 0.5, 1];
/** What lets frames go nowhere [L2]; the rest is a frame that is wrong, and ends it as well. */
const LEASE = ["lease_lost", "lease_required"];

export default function Rover({ parts, kind, ...around }: FaceProps<RoverParts>) {
  const { device, situation } = around;
  const { lane: spec, most } = parts;
  const [share, setShare] = useState(SHARES[1]);
  const limits = {
    forward: limitOf(spec.forward.max!, most.forward && device.reported?.[most.forward.name]),
    turn: limitOf(spec.turn.max!, most.turn && device.reported?.[most.turn.name]),
  };
  const steering = useMemo(() => ({ forward: 0, turn: 0 }), [device.id]);
  steering.forward = limits.forward * share;
  steering.turn = limits.turn * share;
  const lane = useMemo(() =>
    new Lane({
      stream: (frame, isLast) => hub.stream({ device: device.id, name: spec.name, ...frame }, isLast),
      fence: () => fenceOf(device.id),
      // Above zero is to the left, as everywhere that turns in radians.
      data: ({ ahead, right }) => ({
        [spec.forward.name]: rounded(ahead * steering.forward),
        [spec.turn.name]: rounded(-right * steering.turn),
      }),
    }, kind.lease), [device.id, kind.lease]);
  const drive = useValue(lane.drive);
  const why = whyNot(situation, { name: spec.name, role: spec.role, effect: "stream", mayQueue: false });
  const isDriver = situation.driver === null || situation.driver.state === "you";
  useEffect(() => {
    lane.allow(why === null, !situation.isConnected ? "link" : !isDriver ? "lease" : { refused: why ?? "" });
  }, [lane, why]);
  useEffect(() => hub.link.subscribe(() => hub.link.get().phase !== "open" && lane.stop("link")), [lane]);
  useEffect(
    () => hub.onLaneRefused(({ code }) => lane.stop(LEASE.includes(code) ? "lease" : { refused: faultInWords(code) })),
    [lane],
  );
  const hasPad = useGamepad(lane);
  const ended = drive.end === null ? null : endInWords(drive.end);
  useEffect(() => {
    if (ended !== null) tell(ended);
  }, [ended]);
  const speed = parts.speed && device.telemetry?.[parts.speed.name];
  const ahead = parts.ahead && device.telemetry?.[parts.ahead.name];
  return (
    <section className="control face rover-face" aria-label={spec.title}>
      <div className="rover-hands">
        <Stick lane={lane} why={why} />
        <div className="rover-side">
          {parts.stop && (
            <div onPointerDown={() => lane.stop("released")}>
              <Press
                command={parts.stop}
                kind={kind}
                device={device}
                situation={situation}
                className="button rover-stop"
              >
                <Square size={14} fill="currentColor" aria-hidden="true" />
              </Press>
            </div>
          )}
          <p className="rover-state" data-live={drive.isLive}>
            {drive.isLive ? <Rate lane={lane} /> : ROVER.idle}
          </p>
          <p className="rover-speed live">
            <b>{speed ? inWords(speed.value, parts.speed!) : "–"}</b>
          </p>
          {ahead && (
            <p className="hint live">
              {parts.ahead!.title} {inWords(ahead.value, parts.ahead!)}
            </p>
          )}
          <div className="segments small" role="group" aria-label={ROVER.most}>
            {SHARES.map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={one === share}
                onClick={() => setShare(one)}
              >
                {inWords(one * 100, { unit: "%" })}
              </button>
            ))}
          </div>
          <p className="hint">{ROVER.atMost(inWords(steering.forward, { ...spec.forward, precision: 2 }))}</p>
        </div>
      </div>
      {drive.isSlow && <p className="problem" role="alert">{ROVER.slow}</p>}
      {ended !== null && <p className="rover-ended">{ended}</p>}
      {why !== null && why !== saidOnce(situation) && <p className="hint">{why}</p>}
      <p className="hint" id="stick-hint">
        {ROVER.hold}
        {hasPad && (
          <>
            {" "}
            <Gamepad2 size={14} className="inline" aria-hidden="true" /> {ROVER.pad}
          </>
        )}
      </p>
      {parts.place && <Plan device={device} place={parts.place} ahead={parts.ahead} />}
      {parts.stop && <Roads commands={[parts.stop]} {...around} />}
    </section>
  );
}

/** Frames that went out in the last half second, as so many a second. */
function Rate({ lane }: { lane: Lane }) {
  const [rate, setRate] = useState(25);
  useEffect(() => {
    let before = lane.sent;
    const timer = setInterval(() => {
      setRate((lane.sent - before) * 2);
      before = lane.sent;
    }, 500);
    return () => clearInterval(timer);
  }, [lane]);
  return ROVER.live(rate);
}

/** What the kind takes, or less where the device says so. */
const limitOf = (max: number, reported: unknown): number =>
  typeof reported === "number" && reported > 0 ? Math.min(max, reported) : max;

const rounded = (value: number) => Math.round(value * 1000) / 1000 || 0;

function endInWords(end: End): string {
  return typeof end === "object" ? ROVER.stopped.refused(end.refused) : end === "released" ? "" : ROVER.stopped[end];
}
