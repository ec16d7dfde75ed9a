/** What this browser can feel and do, and why not: told before anybody asks for it. */
import { type Value, valueOf } from "../live/value.ts";

export interface Reading {
  battery?: number;
  charging?: boolean;
  /** The greatest since it was last told. */
  acceleration?: number;
  heading?: number;
  pitch?: number;
  roll?: number;
}

export const PARTS = ["battery", "motion", "tilt", "vibration", "sound", "awake"] as const;
export type Part = typeof PARTS[number];

export type Why = "insecure" | "missing" | "silent" | "refused";
export type PartState =
  | { state: "on" }
  /** It is listened to, and nothing came yet. */
  | { state: "waiting" }
  /** It takes somebody's finger first. */
  | { state: "untouched" }
  | { state: "none"; why: Why };

/** The few things of a browser that this is about; a test has its own. */
export interface Abilities {
  isSecure: boolean;
  battery: boolean;
  motion: boolean;
  tilt: boolean;
  vibration: boolean;
  sound: boolean;
  awake: boolean;
  /** Safari asks whoever holds the phone, and only on a touch. */
  asks: boolean;
}

type Parts = Record<Part, PartState>;

/** Browsers hide these where the page came over plain http; the others are there or not. */
const SECURE_ONLY: readonly Part[] = ["battery", "motion", "tilt", "awake"];

export function partsAtFirst(has: Abilities): Parts {
  const stateOf = (part: Part): PartState => {
    if (!has.isSecure && SECURE_ONLY.includes(part)) return { state: "none", why: "insecure" };
    if (!has[part]) return { state: "none", why: "missing" };
    if (part === "vibration" || part === "battery") return { state: part === "battery" ? "waiting" : "on" };
    const isTouched = part === "sound" || part === "awake" || has.asks;
    return { state: isTouched ? "untouched" : "waiting" };
  };
  return Object.fromEntries(PARTS.map((part) => [part, stateOf(part)])) as Parts;
}

interface Battery extends EventTarget {
  level: number;
  charging: boolean;
}
type Asking = { requestPermission?(): Promise<string> };

const here = globalThis as unknown as {
  DeviceMotionEvent?: Asking;
  DeviceOrientationEvent?: Asking;
  AudioContext?: typeof AudioContext;
};
const browser = globalThis.navigator as Navigator & { getBattery?(): Promise<Battery> };

const abilities = (): Abilities => ({
  isSecure: globalThis.isSecureContext,
  battery: browser.getBattery !== undefined,
  motion: here.DeviceMotionEvent !== undefined,
  tilt: here.DeviceOrientationEvent !== undefined,
  vibration: browser.vibrate !== undefined,
  sound: here.AudioContext !== undefined,
  awake: browser.wakeLock !== undefined,
  asks: here.DeviceMotionEvent?.requestPermission !== undefined,
});

/** A sensor that exists and says nothing for so long is not there: browsers of desks have them in name only, in ms. */
const SILENT_AFTER = 4_000;

export class Sensors {
  readonly parts: Value<Parts>;
  #reading: Reading = {};
  #audio: AudioContext | null = null;

  constructor(has = abilities()) {
    this.parts = valueOf(partsAtFirst(has));
    if (this.#is("battery", "waiting")) void this.#followBattery();
    for (const part of ["motion", "tilt"] as const) if (this.#is(part, "waiting")) this.#listen(part);
    document.addEventListener("visibilitychange", () => {
      // The browser lets go of it with the page out of sight.
      if (!document.hidden && this.#is("awake", "on")) void this.#stayAwake();
    });
  }

  /** What is known now; a jerk counts once. */
  take(): Reading {
    const { acceleration, ...rest } = this.#reading;
    this.#reading = rest;
    return acceleration === undefined ? rest : { ...rest, acceleration };
  }

  /** On a touch: browsers give sound, and Safari its sensors, to nobody else. */
  async touched(): Promise<void> {
    // All are asked for in the same touch, before anything is waited for.
    const asked = (["motion", "tilt"] as const).filter((part) => this.#is(part, "untouched")).map(async (part) => {
      const ask = part === "motion" ? here.DeviceMotionEvent : here.DeviceOrientationEvent;
      const answer = await ask?.requestPermission?.().catch(() => "denied");
      if (answer === "granted") this.#listen(part);
      else this.#put(part, { state: "none", why: "refused" });
    });
    if (this.#is("sound", "untouched")) {
      this.#audio = new AudioContext();
      asked.push(this.#audio.resume().then(() => this.#put("sound", { state: "on" })));
    }
    if (this.#is("awake", "untouched")) asked.push(this.#stayAwake());
    await Promise.all(asked);
  }

  /** False where nobody touched the page yet. */
  beep(seconds: number, frequency: number): boolean {
    if (this.#audio?.state !== "running") return false;
    const tone = this.#audio.createOscillator();
    const volume = this.#audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(this.#audio.destination);
    tone.start();
    tone.stop(this.#audio.currentTime + seconds);
    return true;
  }

  vibrate(seconds: number): boolean {
    return this.#is("vibration", "on") && browser.vibrate(Math.round(seconds * 1000));
  }

  #is(part: Part, state: PartState["state"]): boolean {
    return this.parts.get()[part].state === state;
  }

  #put(part: Part, state: PartState): void {
    this.parts.set({ ...this.parts.get(), [part]: state });
  }

  #feel(part: Part, reading: Reading): void {
    this.#reading = { ...this.#reading, ...reading };
    if (!this.#is(part, "on")) this.#put(part, { state: "on" });
  }

  async #followBattery(): Promise<void> {
    try {
      const battery = await browser.getBattery!();
      const look = () =>
        this.#feel("battery", { battery: Math.round(battery.level * 100), charging: battery.charging });
      battery.addEventListener("levelchange", look);
      battery.addEventListener("chargingchange", look);
      look();
    } catch {
      this.#put("battery", { state: "none", why: "refused" });
    }
  }

  #listen(part: "motion" | "tilt"): void {
    this.#put(part, { state: "waiting" });
    setTimeout(() => this.#is(part, "waiting") && this.#put(part, { state: "none", why: "silent" }), SILENT_AFTER);
    if (part === "motion") {
      addEventListener("devicemotion", ({ acceleration }) => {
        if (acceleration?.x == null) return;
        const jerk = Math.hypot(acceleration.x, acceleration.y ?? 0, acceleration.z ?? 0);
        const most = Math.max(jerk, this.#reading.acceleration ?? 0);
        this.#feel("motion", { acceleration: Math.min(200, Math.round(most * 10) / 10) });
      });
      return;
    }
    addEventListener("deviceorientation", (event) => {
      const { beta, gamma } = event;
      if (beta === null || gamma === null) return;
      const compass = (event as { webkitCompassHeading?: number }).webkitCompassHeading;
      this.#feel("tilt", {
        pitch: Math.round(beta),
        roll: Math.round(gamma),
        ...(compass !== undefined && { heading: Math.round(compass) }),
      });
    });
    // Towards north; the other event's angle begins wherever the page was opened.
    addEventListener("deviceorientationabsolute", (event) => {
      const { alpha } = event as DeviceOrientationEvent;
      if (alpha !== null) this.#feel("tilt", { heading: Math.round(360 - alpha) % 360 });
    });
  }

  async #stayAwake(): Promise<void> {
    try {
      await browser.wakeLock.request("screen");
      this.#put("awake", { state: "on" });
    } catch {
      // As with a battery that is nearly empty.
      this.#put("awake", { state: "none", why: "refused" });
    }
  }
}
