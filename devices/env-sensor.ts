/** Weather and air: reports what it measures, and can be asked for a reading. */
import { z } from "zod";
import { desirable, duration } from "../src/kind/field.ts";
import { celsius, hectopascal, lux, percent, ppm } from "../src/kind/quantities.ts";
import { defineKind } from "../src/kind/kind.ts";

export default defineKind({
  name: "env-sensor",
  version: 1,
  title: "Environment sensor",
  description: "Measures temperature, humidity, pressure, light and carbon dioxide.",
  icon: "cloud-sun",
  telemetry: {
    temperature: celsius({ title: "Temperature" }),
    humidity: percent({ title: "Humidity", deviceClass: "humidity" }),
    pressure: hectopascal({ title: "Pressure" }),
    illuminance: lux({ title: "Light" }),
    co2: ppm({ title: "Carbon dioxide", deviceClass: "carbon_dioxide" }),
  },
  state: {
    report_interval: desirable(duration({ title: "Report every", min: 1, max: 86_400 })),
  },
  commands: {
    read_now: {
      title: "Read now",
      description: "Measures at once and reports.",
      effect: "query",
      params: z.object({}),
    },
  },
  examples: {
    telemetry: [
      { temperature: 21.5, humidity: 48, pressure: 1013.2, illuminance: 320, co2: 620 },
      { temperature: -3.5, battery: 64 },
    ],
    state: [{ report_interval: 60 }],
    commands: { read_now: [{ params: {} }] },
  },
  behaviour(self) {
    const mean = 10 + self.random() * 8;
    let pressure = 1005 + self.random() * 20;
    let co2 = 450;
    let interval = 10;
    self.report({ report_interval: interval });

    const noise = (width: number) => (self.random() - 0.5) * width;
    /** From -1 at three in the morning to 1 at three in the afternoon. */
    const warmth = () => Math.sin((self.hour - 9) / 24 * 2 * Math.PI);
    const measure = () => {
      const daylight = Math.max(0, Math.sin((self.hour - 6) / 12 * Math.PI));
      self.telemetry({
        temperature: Math.round((mean + 4 * warmth() + noise(0.2)) * 100) / 100,
        humidity: Math.round(62 - 15 * warmth() + noise(2)),
        pressure: Math.round(pressure * 10) / 10,
        illuminance: Math.round(daylight * 30_000 * (0.9 + self.random() * 0.1)),
        co2: Math.round(co2),
      });
    };
    return {
      get every() {
        return interval;
      },
      tick(dt) {
        const isBusy = self.hour > 8 && self.hour < 18;
        pressure = Math.min(1040, Math.max(980, pressure + noise(0.02) * Math.sqrt(dt)));
        // People breathe it out, and the windows let it go, within about half an hour.
        co2 += ((isBusy ? 850 : 430) - co2) * (1 - Math.exp(-dt / 1800)) + noise(4);
        measure();
      },
      commands: { read_now: () => measure() },
      desired({ report_interval }) {
        if (report_interval === undefined) return;
        interval = report_interval;
        self.report({ report_interval });
      },
    };
  },
});
