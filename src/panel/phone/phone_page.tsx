/** This phone as a device: outside any operator's session, with the token of its address. */
import { useState } from "react";
import type { Status } from "../../device/link.ts";
import { useValue } from "../live/value.ts";
import { Mark } from "../parts/mark.tsx";
import { PresenceShape } from "../parts/presence.tsx";
import { tell, Teller } from "../parts/tell.tsx";
import { PART_STATES, PART_TITLES, PHONE, statusInWords, WHYS } from "../words/phone.ts";
import { PhoneDevice } from "./device.ts";
import { type Part, PARTS, type PartState, Sensors } from "./sensors.ts";
import { pageTitle, SAY } from "../words/common.ts";
import "../styles/phone.css";

interface Running {
  device: PhoneDevice;
  sensors: Sensors;
}

export function PhonePage() {
  // Once, whatever React does: a device is no part of what is drawn.
  const [running] = useState(begun);
  return (
    <main className="phone">
      <title>{pageTitle(PHONE.title)}</title>
      <header className="phone-head">
        <Mark isClear size={24} />
        {SAY.brand}
      </header>
      {running === null || typeof running === "string" ? <NoToken why={running} /> : <Phone {...running} />}
      <Teller />
    </main>
  );
}

/** Null without a token, a sentence with one that cannot be. */
function begun(): Running | string | null {
  const token = location.hash.slice(1);
  if (token === "") return null;
  try {
    const sensors = new Sensors();
    return { sensors, device: new PhoneDevice(location.origin, token, sensors) };
  } catch {
    return PHONE.badToken;
  }
}

const NoToken = ({ why }: { why: string | null }) => (
  <div className="grid gap-4">
    <h1 className="text-huge font-semibold">{PHONE.noToken}</h1>
    <p className="text-ink2">{why} {PHONE.noTokenLead}</p>
    <a className="button" href="/">{PHONE.toPanel}</a>
  </div>
);

function Phone({ device, sensors }: Running) {
  const status = useValue(device.status);
  const { screen, message, isFlashing } = useValue(device.face);
  const parts = useValue(sensors.parts);
  const isUntouched = PARTS.some((part) => parts[part].state === "untouched");
  const press = () => {
    device.pressed();
    tell(PHONE.pressed);
  };
  return (
    <>
      <h1 className="phone-status">
        <PresenceShape presence={presenceOf(status)} />
        {statusInWords(status)}
      </h1>
      <section className="phone-screen" aria-label={PHONE.screen} data-screen={screen} data-flashing={isFlashing}>
        {screen === "off" && message === "" ? <p className="phone-off">{PHONE.screenOff}</p> : <p>{message}</p>}
      </section>
      <div className="grid gap-2">
        {isUntouched && (
          <button type="button" className="button" onClick={() => void sensors.touched()}>{PHONE.allow}</button>
        )}
        <button type="button" className="button primary" onClick={press}>{PHONE.press}</button>
      </div>
      <section aria-labelledby="phone-parts">
        <h2 id="phone-parts" className="heading">{PHONE.parts}</h2>
        <dl className="phone-parts">
          {PARTS.map((part) => <PartRow key={part} part={part} state={parts[part]} />)}
        </dl>
      </section>
    </>
  );
}

const PartRow = ({ part, state }: { part: Part; state: PartState }) => (
  <div data-state={state.state}>
    <dt>{PART_TITLES[part]}</dt>
    <dd>{state.state === "none" ? WHYS[state.why] : PART_STATES[state.state]}</dd>
  </div>
);

const presenceOf = ({ state }: Status) => state === "online" ? "online" : state === "stopped" ? "offline" : "suspect";
