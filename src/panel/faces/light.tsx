/** A lamp: how it shines and how it was asked to, white and colour, and how bright. */
import { type PointerEvent, useState } from "react";
import { type Asking, useAsking } from "../control/asking.ts";
import { useDraft } from "../control/draft.ts";
import { Picker } from "../control/picker.tsx";
import { Slider } from "../control/slider.tsx";
import { LookMark } from "../control/look_mark.tsx";
import { ToldAll } from "../control/told.tsx";
import type { CommandControl, FieldControl } from "../form/controls.ts";
import { send } from "../live/ledger.ts";
import { newestTravel } from "../live/travel.ts";
import { Roads } from "../control/roads.tsx";
import { whyNot } from "../control/permit.ts";
import { inWords } from "../words/format.ts";
import { LIGHT } from "../words/faces.ts";
import { type Look, lookOf } from "../words/look.ts";
import { ofHue, ofWhite, onWheel } from "./color.ts";
import type { FaceProps } from "./mod.ts";
import type { ColorParts, LightParts } from "./shapes/light.ts";

type Props = FaceProps<LightParts>;

export default function Light(props: Props) {
  const { parts, kind: _, ...around } = props;
  const on = useAsking(parts.on, around);
  return (
    <section className="control face light-face" aria-label={LIGHT.lamp}>
      <header>
        <h2 className="heading">{on.field.title}</h2>
        <LookMark look={on.look} />
      </header>
      <div className="light-top">
        <Swatches {...props} on={on} />
        <div className="grow">
          <Picker
            field={on.field}
            value={on.reported}
            pending={on.pending}
            look={on.look}
            why={on.why}
            onPick={on.pick}
          />
          <p className="hint live">{inTheWordsOf(props)}</p>
        </div>
      </div>
      {parts.brightness && <NumberSlider control={parts.brightness} track="brightness" {...around} />}
      {parts.white && (
        <NumberSlider
          control={parts.white}
          track={parts.white.field.unit === "mired" ? "white-mired" : "white"}
          {...around}
        />
      )}
      {parts.color && <Color {...props} color={parts.color} />}
      <Rest {...props} on={on} />
    </section>
  );
}

/** What goes on with any of its fields, below all of them. */
function Rest({ parts, kind: _, on, ...around }: Props & { on: Asking }) {
  const controls = [parts.brightness, parts.white, parts.color?.by].filter((one): one is FieldControl =>
    one?.sort === "field"
  );
  return <RestOf key={controls.length} controls={controls} first={on} {...around} />;
}

function RestOf(
  { controls, first, ...around }: { controls: FieldControl[]; first: Asking } & Omit<Props, "parts" | "kind">,
) {
  // As many as the kind has, which never changes while this is there.
  const askings = [first, ...controls.map((control) => useAsking(control, around))];
  return <ToldAll askings={askings} device={around.device} situation={around.situation} />;
}

type Around = Omit<Props, "parts" | "kind">;

function NumberSlider({ control, track, ...around }: Around & { control: FieldControl; track: string }) {
  const { field, reported, pending, look, why, pick } = useAsking(control, around);
  return (
    <Slider field={field} reported={reported} pending={pending} look={look} why={why} onPick={pick} track={track} />
  );
}

interface HueSaturation {
  hue: number;
  saturation: number;
}

/** Colour as one value, whatever shape the kind gives it. */
function useColor({ by, hue, saturation }: ColorParts, around: Around) {
  const byField = by.sort === "field" ? useAsking(by, around) : null;
  const { device, ledger, situation } = around;
  const read = (value: unknown): HueSaturation | null => {
    const parts = value as Record<string, unknown> | undefined | null;
    const [h, s] = [parts?.[hue.name], parts?.[saturation.name]];
    return typeof h === "number" && typeof s === "number" ? { hue: h, saturation: s } : null;
  };
  if (byField) {
    return {
      reported: read(byField.reported),
      pending: read(byField.pending),
      look: byField.look,
      why: byField.why,
      pick: (value: HueSaturation) => byField.pick({ [hue.name]: value.hue, [saturation.name]: value.saturation }),
    };
  }
  const { command } = by as CommandControl;
  const travel = newestTravel(ledger, [command.name]);
  const [hueParam, saturationParam] = [
    command.params.find(({ name }) => /^h/.test(name)),
    command.params.find(({ name }) => /^s/.test(name)),
  ];
  const asked = travel?.record?.params ?? travel?.ask?.params;
  const isMoving = travel !== null && !travel.record?.finishedAt && !travel.ask?.fault;
  const look: Look = lookOf({ travel, isConfirmed: undefined, standing: { state: "not_desired" }, isNews: false });
  return {
    reported: read(device.reported),
    pending: isMoving && asked
      ? { hue: Number(asked[hueParam!.name]), saturation: Number(asked[saturationParam!.name]) }
      : null,
    look,
    why: whyNot(situation, command),
    pick: (value: HueSaturation) =>
      void send({
        device: device.id,
        name: command.name,
        params: { [hueParam!.name]: value.hue, [saturationParam!.name]: value.saturation },
      }),
  };
}

function Color({ color, parts: _, kind: _kind, ...around }: Props & { color: ColorParts }) {
  const { reported, pending, look, why, pick } = useColor(color, around);
  const draft = useDraft<HueSaturation>(why, pick);
  const [isHeld, setHeld] = useState(false);
  const value = draft.value ?? pending ?? reported ?? { hue: 0, saturation: 0 };
  const at = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return onWheel(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2, box.width / 2 - 10);
  };
  const point = ({ hue, saturation }: HueSaturation) => {
    const radians = hue * Math.PI / 180;
    return {
      left: `${50 + Math.sin(radians) * saturation * 0.44}%`,
      top: `${50 - Math.cos(radians) * saturation * 0.44}%`,
    };
  };
  return (
    <div className="color-face" data-look={look}>
      {/* For a hand; the two sliders beside it say and do the same. */}
      <div
        className="wheel"
        aria-hidden="true"
        data-off={why !== null}
        onPointerDown={(event) => {
          if (why !== null) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setHeld(true);
          draft.hold(at(event));
        }}
        onPointerMove={(event) => isHeld && draft.hold(at(event))}
        onPointerUp={(event) => {
          if (!isHeld) return;
          setHeld(false);
          draft.now(at(event));
        }}
        onPointerCancel={() => {
          setHeld(false);
          draft.drop();
        }}
      >
        {reported && <i className="wheel-reported" style={point(reported)} />}
        <i className="wheel-knob" style={{ ...point(value), background: ofHue(value.hue, value.saturation) }} />
      </div>
      <div className="grow">
        <Slider
          field={{ ...color.hue, min: color.hue.min ?? 0, max: color.hue.max ?? 360, step: 1 }}
          reported={reported?.hue}
          pending={value.hue}
          look={look}
          why={why}
          track="hue"
          onPick={(hue) => draft.now({ ...value, hue })}
        />
        <Slider
          field={{ ...color.saturation, min: color.saturation.min ?? 0, max: color.saturation.max ?? 100, step: 1 }}
          reported={reported?.saturation}
          pending={value.saturation}
          look="settled"
          why={why}
          track="saturation"
          style={{ "--hue": ofHue(value.hue, 100) } as React.CSSProperties}
          onPick={(saturation) => draft.now({ ...value, saturation })}
        />
        {color.by.sort === "command" && <Roads commands={[color.by.command]} {...around} />}
      </div>
    </div>
  );
}

/** Which of the two it shines in. */
function showsColor({ parts, device }: Pick<Props, "parts" | "device">): boolean {
  const shows = parts.shows && device.reported?.[parts.shows.name];
  return shows === undefined ? !parts.white && parts.color !== undefined : !/temp/.test(String(shows));
}

/** How it shines, by its report. */
function shineOf(props: Pick<Props, "parts" | "device">): string | null {
  const { parts, device } = props;
  const reported = device.reported ?? {};
  if (showsColor(props) && parts.color) {
    const group = parts.color.by.sort === "field" ? reported[parts.color.by.field.name] : reported;
    const { [parts.color.hue.name]: hue, [parts.color.saturation.name]: saturation } = (group ?? {}) as Record<
      string,
      unknown
    >;
    return typeof hue === "number" && typeof saturation === "number" ? ofHue(hue, saturation) : null;
  }
  const white = parts.white && reported[parts.white.field.name];
  return typeof white === "number" ? ofWhite(white, parts.white!.field.unit) : ofWhite(2700, "K");
}

/** Reported and asked, side by side as soon as they differ. */
function Swatches({ on, ...props }: Props & { on: Asking }) {
  const { parts, ledger, device } = props;
  const { kind: _, parts: _p, ...around } = props;
  const white = parts.white
    ? <AskedOf control={parts.white} {...around} as={(value) => ofWhite(Number(value), parts.white!.field.unit)} />
    : null;
  const color = parts.color?.by.sort === "field"
    ? (
      <AskedOf
        control={parts.color.by}
        {...around}
        as={(value) => {
          const { [parts.color!.hue.name]: hue, [parts.color!.saturation.name]: saturation } = value as Record<
            string,
            number
          >;
          return ofHue(hue, saturation);
        }}
      />
    )
    : null;
  void ledger;
  const isOn = device.reported?.[on.field.name] === true;
  const brightness = parts.brightness && device.reported?.[parts.brightness.field.name];
  const share = typeof brightness === "number" ? brightness / (parts.brightness!.field.max ?? 100) : 1;
  const shine = shineOf(props);
  return (
    <div className="swatches" aria-hidden="true">
      <span
        className="swatch-lamp live"
        data-on={isOn}
        style={isOn && shine ? { background: shine, opacity: 0.35 + 0.65 * share } : undefined}
      />
      {white}
      {color}
    </div>
  );
}

function AskedOf({ control, as, ...around }: Around & { control: FieldControl; as(value: unknown): string }) {
  const { pending } = useAsking(control, around);
  return pending === undefined ? null : <span className="swatch-asked" style={{ background: as(pending) }} />;
}

function inTheWordsOf(props: Pick<Props, "parts" | "device">): string {
  const { parts, device } = props;
  const reported = device.reported ?? {};
  const on = reported[parts.on.field.name];
  if (on === undefined) return LIGHT.unknown;
  const fields = [parts.brightness?.field, showsColor(props) ? undefined : parts.white?.field];
  const said = fields.flatMap((field) =>
    field && reported[field.name] !== undefined ? [`${field.title} ${inWords(reported[field.name], field)}`] : []
  );
  const color = parts.color?.by.sort === "field" && showsColor(props) ? parts.color.by.field : undefined;
  if (color && reported[color.name] !== undefined) said.push(inWords(reported[color.name], color));
  return said.join(" · ");
}
