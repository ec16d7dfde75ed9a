/** What a building takes from the grid and gives to it, on three phases. */
import { z } from "zod";
import { annotate, annotationsOf, desirable, duration, type Fields, oneOf } from "../src/kind/field.ts";
import { integral, WATT_SECONDS_PER_KWH } from "../src/kind/world.ts";
import { defineKind } from "../src/kind/kind.ts";
import { amperes, hertz, kilowattHours, powerFactor, vars, voltAmperes, volts, watts } from "../src/kind/quantities.ts";

const PHASES = ["l1", "l2", "l3"] as const;
type PerPhase<F extends Fields> = { [N in keyof F & string as `${N}_${(typeof PHASES)[number]}`]: F[N] };

/** A field for each phase, `voltage_l1` to `voltage_l3`; the plain name is that of all together. */
function perPhase<F extends Fields>(fields: F): PerPhase<F> {
  return Object.fromEntries(PHASES.flatMap((phase) =>
    Object.entries(fields).map(([name, field]) => {
      const title = `${annotationsOf(field).title} ${phase.toUpperCase()}`;
      return [`${name}_${phase}`, annotate(field, { title })];
    })
  )) as PerPhase<F>;
}

const total = oneOf(["energy_import", "energy_export"], { title: "Counter" });

export default defineKind({
  name: "energy-meter",
  version: 1,
  title: "Energy meter",
  description: "Measures what is taken from the grid, and what is given to it, on up to three phases.",
  icon: "gauge",
  telemetry: {
    power: watts({ title: "Power", description: "Of all phases; below 0 it is given to the grid." }),
    energy_import: kilowattHours({ title: "Taken" }),
    energy_export: kilowattHours({ title: "Given" }),
    frequency: hertz({ title: "Frequency" }),
    ...perPhase({
      power: watts({ title: "Power" }),
      voltage: volts({ title: "Voltage" }),
      current: amperes({ title: "Current" }),
      apparent_power: voltAmperes({ title: "Apparent power" }),
      reactive_power: vars({ title: "Reactive power" }),
      power_factor: powerFactor({ title: "Power factor" }),
    }),
  },
  state: {
    report_interval: desirable(duration({ title: "Report every", min: 1, max: 3600 })),
  },
  events: {
    counter_reset: z.strictObject({ name: total, value: kilowattHours({ title: "Before" }) }),
  },
  commands: {
    reset_counter: {
      title: "Reset counter",
      description: "Begins a total at 0 again; what it was is kept as an event.",
      effect: "once",
      danger: "confirm",
      role: "admin",
      params: z.object({ name: total }),
      errors: ["not_permitted"],
    },
  },
  examples: {
    telemetry: [
      {
        ...{ power: 840.5, energy_import: 5120.331, energy_export: 1840.02, frequency: 50.01 },
        ...{ power_l1: 420.1, voltage_l1: 231.2, current_l1: 1.91, apparent_power_l1: 441.6 },
        ...{ reactive_power_l1: 136.1, power_factor_l1: 0.95 },
        ...{ power_l2: 300.4, voltage_l2: 230.4, current_l2: 1.37, apparent_power_l2: 315.6 },
        ...{ reactive_power_l2: 96.8, power_factor_l2: 0.95 },
        ...{ power_l3: 120, voltage_l3: 229.9, current_l3: 0.55, apparent_power_l3: 126.4 },
        ...{ reactive_power_l3: 39.7, power_factor_l3: 0.95 },
      },
      { power: -2310.4, energy_export: 1840.021 },
    ],
    state: [{ report_interval: 10 }],
    events: { counter_reset: [{ name: "energy_import", value: 5120.331 }] },
    commands: { reset_counter: [{ params: { name: "energy_import" } }] },
  },
  behaviour(self) {
    /** Watts of the panels on the roof at noon, on all phases alike. */
    const PEAK = 4500 + self.random() * 1500;
    const taken = integral(self, WATT_SECONDS_PER_KWH);
    const given = integral(self, WATT_SECONDS_PER_KWH);
    const loads = PHASES.map((phase) => ({ phase, base: 60 + self.random() * 120, appliance: 0, until: 0 }));
    let clouds = self.random() * 0.6;
    let interval = 10;
    self.report({ report_interval: interval });

    const noise = (width: number) => (self.random() - 0.5) * width;
    const round = (value: number, decimals = 2) => Number(value.toFixed(decimals));
    const sunshine = () => PEAK * Math.max(0, Math.sin((self.hour - 6) / 12 * Math.PI)) * (1 - 0.8 * clouds);
    const phaseOf = ({ phase, base, appliance }: (typeof loads)[number], sun: number) => {
      const voltage = round(230 + noise(3), 1);
      const power = round(base + appliance + noise(4) - sun, 1);
      const factor = round(0.93 + self.random() * 0.06);
      const apparent = Math.abs(power) / factor;
      return {
        [`power_${phase}`]: power,
        [`voltage_${phase}`]: voltage,
        [`current_${phase}`]: round(apparent / voltage),
        [`apparent_power_${phase}`]: round(apparent, 1),
        [`reactive_power_${phase}`]: round(Math.sqrt(apparent ** 2 - power ** 2), 1),
        [`power_factor_${phase}`]: factor,
      };
    };
    const measure = () => {
      const sun = sunshine() / PHASES.length;
      const phases: Record<string, number> = Object.assign({}, ...loads.map((load) => phaseOf(load, sun)));
      const power = round(PHASES.reduce((sum, phase) => sum + phases[`power_${phase}`], 0), 1);
      taken.flow(Math.max(0, power));
      given.flow(Math.max(0, -power));
      self.telemetry({
        power,
        energy_import: round(taken.total, 6),
        energy_export: round(given.total, 6),
        frequency: round(50 + noise(0.06)),
        ...phases,
      });
    };
    return {
      get every() {
        return interval;
      },
      tick(dt) {
        clouds = Math.min(1, Math.max(0, clouds + noise(0.05) * Math.sqrt(dt / 10)));
        for (const load of loads) {
          if (load.until > self.time) continue;
          // Something is switched on about every twenty minutes, and runs for some.
          const starts = self.random() < dt / 1200;
          load.appliance = starts ? 400 + self.random() * 1800 : 0;
          if (starts) load.until = self.time + 120 + self.random() * 900;
        }
        measure();
      },
      commands: {
        reset_counter({ name }) {
          const counter = name === "energy_import" ? taken : given;
          // The last word of the old total: without it the history would lack what flowed since the last report.
          measure();
          self.event("counter_reset", { name, value: round(counter.total, 6) });
          counter.reset();
          measure();
        },
      },
      desired({ report_interval }) {
        if (report_interval === undefined) return;
        interval = report_interval;
        self.report({ report_interval });
      },
    };
  },
});
