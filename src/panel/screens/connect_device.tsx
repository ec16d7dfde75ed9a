/** A new device's token, shown once, with programs to paste and what the hub sees of them. */
import { useEffect, useMemo, useRef } from "react";
import type { DeviceView } from "../../protocol/record.ts";
import { sampleOf } from "../form/sample.ts";
import { useKind } from "../live/kinds.ts";
import { Secret } from "../parts/copy.tsx";
import { snippetsOf } from "../words/snippets.ts";
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
  onDone(): void;
}

export function ConnectDevice({ added: { device, token }, onDone }: Props) {
  const kind = useKind(device.kind);
  const lead = useRef<HTMLParagraphElement>(null);
  // The form and what had the focus in it are gone.
  useEffect(() => lead.current?.focus(), []);
  const snippets = useMemo(
    () =>
      kind
        ? snippetsOf({ origin: location.origin, id: device.id, kind: device.kind, token, sample: sampleOf(kind) })
        : [],
    [kind, device.id, token],
  );
  return (
    <div className="grid gap-5">
      <div>
        <p ref={lead} tabIndex={-1} className="mb-2 text-ink2 outline-none">
          This is its token, shown this once. A lost one cannot be shown again, only replaced by a new one.
        </p>
        <Secret text={token} what={`Token of ${device.name}`} />
      </div>
      <div className="connect">
        <section className="min-w-0" aria-label="Programs to paste">
          {snippets.length > 0 && <Snippets snippets={snippets} />}
        </section>
        <Checklist device={device.id} kind={kind} />
      </div>
      <div className="dialog-foot">
        <button type="button" className="button primary" onClick={onDone}>I have kept it</button>
      </div>
    </div>
  );
}
