/** Beside a latitude and a longitude: both from where this browser is, from where the device is, or pasted at once. */
import { LocateFixed, Navigation } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { FieldModel } from "../../form/field.ts";
import { placeIn, placeInText } from "../../form/place.ts";
import { PLACE } from "../../words/form.ts";
import { tellForm } from "./shared.ts";

interface Props {
  fields: readonly FieldModel[];
  nameOf(field: FieldModel): string;
  /** Where the device told that it is. */
  device?: { lat: number; lon: number } | null;
}

export function PlaceHelp({ fields, nameOf, device }: Props) {
  const place = placeIn(fields);
  return place && <Help lat={nameOf(place.lat)} lon={nameOf(place.lon)} device={device} />;
}

function Help({ lat, lon, device }: { lat: string; lon: string } & Pick<Props, "device">) {
  const box = useRef<HTMLSpanElement>(null);
  const [said, setSaid] = useState<string | null>(null);
  const inputs = () => {
    const elements = box.current?.closest("form")?.elements;
    return [lat, lon].map((name) => elements?.namedItem(name)) as (HTMLInputElement | null)[];
  };
  const fill = (values: { lat: number; lon: number }) => {
    const [first, second] = inputs();
    if (!first || !second) return;
    [first.value, second.value] = [values.lat, values.lon].map((degrees) => String(Number(degrees.toFixed(6))));
    tellForm(first);
  };
  useEffect(() => {
    const form = box.current?.closest("form");
    const paste = (event: ClipboardEvent) => {
      if (!inputs().includes(event.target as HTMLInputElement)) return;
      const pasted = placeInText(event.clipboardData?.getData("text") ?? "");
      if (!pasted) return;
      event.preventDefault();
      fill(pasted);
    };
    form?.addEventListener("paste", paste);
    return () => form?.removeEventListener("paste", paste);
  }, [lat, lon]);
  const ask = () => {
    setSaid(PLACE.asking);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setSaid(null);
        fill({ lat: coords.latitude, lon: coords.longitude });
      },
      () => setSaid(PLACE.refused),
    );
  };
  const mayAsk = globalThis.isSecureContext === true;
  return (
    <span ref={box} className="input-place">
      <button type="button" className="button small" disabled={!mayAsk} onClick={ask}>
        <LocateFixed size={14} aria-hidden="true" />
        {PLACE.here}
      </button>
      {device && (
        <button type="button" className="button small" onClick={() => fill(device)}>
          <Navigation size={14} aria-hidden="true" />
          {PLACE.device}
        </button>
      )}
      <span className="hint" role="status">{mayAsk ? said : PLACE.insecure}</span>
    </span>
  );
}
