/** Weather and air: reports what it measures, and can be asked for a reading. */
import { z } from "zod";
import { celsius, desirable, duration, hectopascal, lux, percent, ppm } from "../src/kind/field.ts";
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
});
