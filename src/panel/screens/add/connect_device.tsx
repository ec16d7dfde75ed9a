/** A new device's token, shown once, with programs to paste and what the hub sees of them. */
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import type { DeviceView } from "../../../protocol/record.ts";
import { sampleOf } from "../../form/sample.ts";
import { useKind } from "../../live/kinds.ts";
import { Secret } from "../../parts/copy.tsx";
import { Qr } from "../../parts/qr.tsx";
import { CONNECT } from "../../words/add.ts";
import { isLoopback } from "../../words/snippet.ts";
import { snippetsOf } from "../../words/snippets.ts";
import { Checklist } from "./checklist.tsx";
import { Snippets } from "./snippets.tsx";

/** What the hub answers to a new device; the token is in no other answer. */
export interface NewDevice {
  device: DeviceView;
  token: string;
  tokenId: string;
}

interface Props {
  added: NewDevice;
  onAnother(): void;
}

/** The kind whose devices are the browsers of phones. */
const PHONE = "phone";

export function ConnectDevice({ added: { device, token }, onAnother }: Props) {
  const kind = useKind(device.kind);
  const lead = useRef<HTMLParagraphElement>(null);
  // The form and what had the focus in it are gone.
  useEffect(() => lead.current?.focus(), []);
  const snippets = useMemo(
    () =>
      kind
        ? snippetsOf({
          origin: location.origin,
          id: device.id,
          kind: device.kind,
          token,
          heartbeat: kind.heartbeat,
          sample: sampleOf(kind),
        })
        : [],
    [kind, device.id, token],
  );
  return (
    <>
      <p ref={lead} tabIndex={-1} className="mb-2 text-ink2 outline-none">{CONNECT.once}</p>
      <Secret text={token} what={CONNECT.tokenOf(device.name)} />
      <div className="connect">
        <div className="grid min-w-0 content-start gap-5">
          {device.kind === PHONE
            ? <PhoneDoor device={device} token={token} />
            : <TokenCode device={device} token={token} />}
          <section className="min-w-0" aria-label={CONNECT.programs}>
            {snippets.length > 0 && <Snippets snippets={snippets} />}
          </section>
        </div>
        <Checklist device={device.id} kind={kind} />
      </div>
      <div className="add-foot">
        <button type="button" className="button" onClick={onAnother}>{CONNECT.another}</button>
        <Link to="/devices" className="button primary">{CONNECT.kept}</Link>
      </div>
    </>
  );
}

interface CodeProps {
  device: DeviceView;
  token: string;
}

/** Folded: most boards have no camera, and a glance over the shoulder should not be enough. */
const TokenCode = ({ device, token }: CodeProps) => (
  <details className="qr-fold">
    <summary>{CONNECT.qr}</summary>
    <div className="qr-part">
      <Qr text={token} label={CONNECT.qrToken(device.name)} />
      <p className="hint">{CONNECT.qrTokenHint}</p>
    </div>
  </details>
);

/** The whole device is a page: its address with the token in the fragment, which no server sees. */
function PhoneDoor({ device, token }: CodeProps) {
  const address = `/phone#${token}`;
  return (
    <section className="qr-part" aria-label={CONNECT.qr}>
      <Qr text={location.origin + address} label={CONNECT.qrPhone(device.name)} />
      <div>
        <p>{CONNECT.qrPhoneHint}</p>
        {isLoopback(location.hostname) && <p className="problem mt-2">{CONNECT.loopback(location.hostname)}</p>}
        <a className="link mt-2 inline-block font-medium" href={address} target="_blank" rel="noopener">
          {CONNECT.open}
        </a>
      </div>
    </section>
  );
}
