/** Whose page this is: name, presence with since and reason, kind, how it fares. */
import { Link } from "@tanstack/react-router";
import { ArrowLeft, Joystick } from "lucide-react";
import { EstopButton } from "../../control/estop.tsx";
import { useDriver } from "../../control/lease.tsx";
import type { KindDocument } from "../../../kind/schema.ts";
import { EVERYWHERE } from "../../form/controls.ts";
import { fieldsOf } from "../../form/field.ts";
import { lastSearch, returnToList } from "../../live/list_place.ts";
import type { Shown, WatchStore } from "../../live/watch.ts";
import { Ago } from "../../parts/age.tsx";
import { KindIcon } from "../../parts/icon.tsx";
import { PresenceMark } from "../../parts/presence.tsx";
import { Written } from "../../parts/written.tsx";
import { DEVICE } from "../../words/device.ts";
import { wholeMomentOf } from "../../words/format.ts";
import { flagInWords, reasonInWords } from "../../words/words.ts";
import { Lookers } from "./lookers.tsx";

interface Props {
  device: Shown;
  kind: KindDocument | undefined;
}

export function DeviceHead({ device, kind, people }: Props & Pick<WatchStore, "people">) {
  const { id, name, tags = [], flags = [], firmware } = device;
  return (
    <header className="device-head">
      <Link
        to="/devices"
        search={lastSearch()}
        className="button quiet small square"
        aria-label={DEVICE.all}
        title={DEVICE.all}
        onClick={returnToList}
      >
        <ArrowLeft size={16} aria-hidden="true" />
      </Link>
      <div className="min-w-0 grow">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 tabIndex={-1} className="min-w-0 text-huge font-semibold wrap-anywhere leading-8 outline-none">
            <bdi>{name}</bdi>
          </h1>
          {tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}
        </div>
        <ul className="facts">
          <li className="live">
            <Standing device={device} />
          </li>
          <li className="device-kind">
            <KindIcon name={kind?.icon} size={14} />
            {kind ? <a href={`/docs/kinds/${kind.kind}`} className="link">{kind.title}</a> : device.kind}
          </li>
          {name !== id && <li className="device-id font-mono text-small">{id}</li>}
          {firmware && (
            <li>
              <span className="text-ink3">{DEVICE.firmware}</span> {firmware}
            </li>
          )}
          <Health device={device} kind={kind} />
          {kind?.lease && <DrivenBy device={device} kind={kind} />}
          <Lookers people={people} lease={device.lease} />
        </ul>
        {flags.map((flag) => <p key={flag} className="flag">{flagInWords(flag)}</p>)}
      </div>
      <EstopButton device={device} />
    </header>
  );
}

/** [G] Whoever steers is named on every tab, and not only beside the controls. */
function DrivenBy({ device, kind }: { device: Shown; kind: KindDocument }) {
  const driver = useDriver(kind, device);
  if (!driver || driver.state === "nobody") return null;
  return (
    <li>
      <Joystick size={14} aria-hidden="true" />
      {driver.state === "other" ? DEVICE.driver(driver.name) : DEVICE.youDrive}
    </li>
  );
}

function Standing({ device: { presence = "new", since, reason, seen } }: { device: Shown }) {
  return (
    <>
      <PresenceMark presence={presence} />
      {presence === "online" && since !== undefined && (
        <span className="text-ink3">
          {DEVICE.since} <Ago at={since} />
        </span>
      )}
      {presence !== "online" && seen
        ? (
          <span className="text-ink3">
            {DEVICE.lastSeen} <Ago at={seen} />
          </span>
        )
        : null}
      {presence === "offline" && reason && <span className="text-ink3">({reasonInWords(reason)})</span>}
    </>
  );
}

/** The battery is a tile: its course matters. */
const IN_HEAD = EVERYWHERE.filter((name) => name !== "battery");

/** [K3] Signal, uptime and the like are about the device and not about what it measures. */
function Health({ device, kind }: Props) {
  if (!kind) return null;
  return fieldsOf(kind.properties.telemetry).filter(({ name }) => IN_HEAD.includes(name)).map((field) => {
    const last = device.telemetry?.[field.name];
    if (!last) return null;
    return (
      <li key={field.name} className="live" title={`${field.title}, told ${wholeMomentOf(last.at)}`}>
        <span className="text-ink3">{field.title}</span> <Written value={last.value} field={field} />
      </li>
    );
  });
}
