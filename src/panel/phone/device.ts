/** This page as a device: what its sensors feel, told by the real client; what it is asked, done on its screen. */
import { CommandFailed, connect, type Device, phone, type Status } from "../../device/browser_phone.ts";
import { type Value, valueOf } from "../live/value.ts";
import type { Sensors } from "./sensors.ts";

export interface Face {
  screen: string;
  message: string;
  /** While it shows which one it is. */
  isFlashing: boolean;
}

/** Seconds. */
const IDENTIFIES_FOR = 3;
const REPORTS_EVERY = 2;
const TONE = 880;

export class PhoneDevice {
  readonly status: Value<Status> = valueOf<Status>({ state: "connecting", attempt: 1 });
  readonly face: Value<Face> = valueOf<Face>({ screen: "off", message: "", isFlashing: false });
  readonly #device: Device<typeof phone>;
  readonly #sensors: Sensors;
  #interval = REPORTS_EVERY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, token: string, sensors: Sensors) {
    this.#sensors = sensors;
    this.#device = connect(phone, {
      url,
      token,
      attended: true,
      firmware: "panel",
      onStatus: (status) => this.status.set(status),
      onDesired: (state) => this.#be(state),
      commands: {
        set_screen: ({ screen }) => this.#be({ screen }),
        show: ({ message }) => this.#be({ message }),
        vibrate: ({ seconds }) => {
          if (!sensors.vibrate(seconds)) throw new CommandFailed("unsupported", "this phone does not vibrate");
        },
        beep: ({ seconds, frequency = TONE }) => {
          if (!sensors.beep(seconds, frequency)) {
            throw new CommandFailed("not_touched", "nobody touched its page yet");
          }
        },
        identify: ({ seconds = IDENTIFIES_FOR }) => this.#identify(seconds),
        reboot: () => void this.#device.settled(5).then(() => location.reload()),
      },
    });
    this.#be({ screen: "off", message: "", report_interval: this.#interval });
    document.addEventListener("visibilitychange", () => this.#tell());
    this.#tell();
  }

  pressed(): void {
    this.#device.event("pressed", { times: 1 });
  }

  #be(state: { screen?: Face["screen"]; message?: string; report_interval?: number }): void {
    const { report_interval, ...shown } = state;
    this.#interval = report_interval ?? this.#interval;
    this.face.set({ ...this.face.get(), ...shown });
    this.#device.report(state as Parameters<Device<typeof phone>["report"]>[0]);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#device.telemetry({ ...this.#sensors.take(), visible: !document.hidden });
    this.#timer = setTimeout(() => this.#tell(), this.#interval * 1000);
  }

  #identify(seconds: number): void {
    this.#sensors.vibrate(0.3);
    this.#sensors.beep(0.3, TONE);
    this.face.set({ ...this.face.get(), isFlashing: true });
    setTimeout(() => this.face.set({ ...this.face.get(), isFlashing: false }), seconds * 1000);
  }
}
