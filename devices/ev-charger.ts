/** Charges electric vehicles. Its words are those of OCPP: the station's status, and the session on it. */
import { z } from "zod";
import { defineKind } from "../src/kind/kind.ts";
import { desirable, duration, flag, oneOf } from "../src/kind/field.ts";
import { amperes, kilowattHours, percent, watts } from "../src/kind/quantities.ts";
import { integral, WATT_SECONDS_PER_KWH } from "../src/kind/world.ts";

/** What IEC 61851 lets a vehicle be told: less than six amperes is not charging, but a pause. */
const limit = amperes({ title: "Limit", precision: 0, min: 6, max: 32, step: 1 });

export default defineKind({
  name: "ev-charger",
  version: 1,
  title: "EV charger",
  description: "Charges an electric vehicle, and counts what each session takes.",
  icon: "plug",
  telemetry: {
    power: watts({ title: "Power", min: 0 }),
    current: amperes({ title: "Current" }),
    energy_session: kilowattHours({
      title: "Energy of the session",
      description: "From nothing at the start of each session.",
    }),
    soc: percent({ title: "Vehicle's battery", deviceClass: "battery" }),
  },
  state: {
    status: oneOf(["available", "occupied", "reserved", "unavailable", "faulted"], { title: "Status" }),
    session: oneOf(["none", "plugged", "charging", "suspended_ev", "suspended_evse", "ending"], { title: "Session" }),
    contactor: oneOf(["open", "closed"], { title: "Contactor", description: "Closed, the cable is live." }),
    connector: oneOf(["locked", "unlocked"], { title: "Connector", deviceClass: "lock" }),
    max_current: desirable(limit.meta({ ...limit.meta(), title: "Most current" })),
    enabled: desirable(flag({ title: "In service" })),
    plug_and_charge: desirable(flag({ title: "Starts when plugged in" })),
  },
  events: {
    session_started: z.object({ soc: percent({ title: "Vehicle's battery" }) }),
    session_ended: z.object({
      reason: oneOf(["remote", "vehicle", "fault"], { title: "Reason" }),
      energy: kilowattHours({ title: "Energy" }),
      seconds: duration({ title: "Took" }),
    }),
    fault: z.object({ code: oneOf(["ground_fault", "over_temperature"], { title: "Fault" }) }),
  },
  commands: {
    start: {
      title: "Start",
      description: "Begins a session with the vehicle that is plugged in.",
      effect: "once",
      params: z.object({ limit: limit.optional() }),
      errors: ["not_plugged", "unavailable", "ground_fault"],
    },
    stop: {
      title: "Stop",
      description: "Opens the contactor and ends the session. It overtakes whatever else waits.",
      effect: "set",
      // What it says is safe at any time; but an hour late it would end the session of somebody else.
      ttl: { max: 60 },
      confirms: { field: "contactor", value: "open" },
    },
    set_limit: {
      title: "Set limit",
      effect: "set",
      params: z.object({ amps: limit }),
      confirms: { field: "max_current", param: "amps" },
    },
    unlock_connector: {
      title: "Unlock connector",
      description: "Lets go of a cable that is stuck.",
      effect: "once",
      danger: "confirm",
      confirms: { field: "connector", value: "unlocked" },
      errors: ["ongoing_session"],
    },
    reset: {
      title: "Reset",
      description: "Back into service after a fault, if its cause is gone.",
      effect: "once",
      danger: "confirm",
      errors: ["ground_fault"],
    },
  },
  interlocks: [
    {
      commands: ["unlock_connector"],
      when: { field: "contactor", is: "closed" },
      sentence: "The cable is live. Stop the session first.",
    },
    { commands: ["start"], when: { field: "session", is: "none" }, sentence: "No vehicle is plugged in." },
    {
      commands: ["start"],
      when: { field: "status", is: "faulted" },
      sentence: "It has a fault. Reset it once the cause is gone.",
    },
    { commands: ["start"], when: { field: "enabled", is: false }, sentence: "It is out of service." },
  ],
  examples: {
    telemetry: [
      { power: 11_040, current: 16, energy_session: 4.217, soc: 46 },
      { power: 0, current: 0, energy_session: 0 },
    ],
    state: [
      {
        status: "occupied",
        session: "charging",
        contactor: "closed",
        connector: "locked",
        max_current: 16,
        enabled: true,
        plug_and_charge: true,
      },
      { status: "faulted", session: "ending", contactor: "open" },
    ],
    events: {
      session_started: [{ soc: 31 }],
      session_ended: [{ reason: "vehicle", energy: 22.418, seconds: 7_530 }],
      fault: [{ code: "ground_fault" }],
    },
    commands: {
      start: [{ params: {} }, { params: { limit: 10 } }],
      stop: [{ params: {} }],
      set_limit: [{ params: { amps: 16 } }],
      unlock_connector: [{ params: {} }],
      reset: [{ params: {} }],
    },
  },
  behaviour(self) {
    /** Three phases of 230 V. */
    const VOLTS = 690;
    /** Of what flows, this much arrives in the battery. */
    const EFFICIENCY = 0.9;
    /** A fault comes in so many seconds of charging, on average. */
    const FAULT_EVERY = 40 * 3600;
    /** Its battery in percent when the session began, in kilowatt-hours, and the most amperes that it takes. */
    let vehicle: { soc: number; capacity: number; accepts: number } | null = null;
    const energy = integral(self, WATT_SECONDS_PER_KWH);
    /** The most of this session, in amperes. */
    let most = Infinity;
    let startedAt = 0;
    let isFaulted = false;
    let causeIsGoneAt = 0;
    /** Grows with every stop, so that who is still at something knows of it. */
    let stops = 0;
    self.report({ max_current: 16, enabled: true, plug_and_charge: true, connector: "unlocked" });

    const show = (changed: Parameters<typeof self.report>[0]) => {
      const enabled = changed.enabled ?? self.state.enabled;
      const status = isFaulted ? "faulted" : !enabled ? "unavailable" : vehicle ? "occupied" : "available";
      self.report({ status, ...changed });
    };
    const soc = () => vehicle ? Math.min(100, vehicle.soc + energy.total * EFFICIENCY / vehicle.capacity * 100) : 0;
    const isLive = () => self.state.contactor === "closed";

    /** What the vehicle takes: the last tenth of its battery fills ever more slowly. */
    const drawn = () => {
      if (!vehicle || self.state.session !== "charging") return 0;
      const accepted = vehicle.accepts * Math.min(1, Math.max(0.1, (100 - soc()) / 10));
      const amps = Math.min(accepted, most, self.state.max_current ?? 0) * (0.98 + self.random() * 0.02);
      return Math.round(amps * 100) / 100;
    };
    const measure = () => {
      const current = drawn();
      const power = Math.round(current * VOLTS * 10) / 10;
      energy.flow(power);
      const energy_session = Math.round(energy.total * 1e6) / 1e6;
      self.telemetry({ power, current, energy_session, ...(vehicle && { soc: Math.floor(soc()) }) });
    };

    const begin = (amps = Infinity) => {
      if (!vehicle) return;
      vehicle.soc = soc();
      energy.reset();
      most = amps;
      startedAt = self.time;
      show({ session: "charging", contactor: "closed", connector: "locked" });
      self.event("session_started", { soc: Math.floor(soc()) });
      measure();
    };
    const end = (reason: "remote" | "vehicle" | "fault") => {
      if (!isOngoing()) return;
      show({ session: "ending", contactor: "open" });
      const seconds = Math.round(self.time - startedAt);
      self.event("session_ended", { reason, energy: Math.round(energy.total * 1000) / 1000, seconds });
      measure();
    };
    const isOngoing = () => ["charging", "suspended_ev", "suspended_evse"].includes(self.state.session ?? "none");

    const plugIn = () => {
      energy.reset();
      vehicle = { soc: 15 + self.random() * 45, capacity: 40 + self.random() * 40, accepts: 10 + self.random() * 22 };
      show({ session: "plugged", contactor: "open", connector: "locked" });
      if (self.state.plug_and_charge && self.state.enabled && !isFaulted) begin();
    };
    const plugOut = () => {
      end("vehicle");
      vehicle = null;
      show({ session: "none", contactor: "open", connector: "unlocked" });
    };
    /** Who lives here comes home for the night, and goes out now and then. */
    const comesOrGoes = (dt: number) => {
      const mean = vehicle
        ? (self.hour >= 6 && self.hour < 9 ? 0.5 : 10)
        : (self.hour >= 16 && self.hour < 20 ? 0.5 : 6);
      if (self.random() < 1 - Math.exp(-dt / (mean * 3600))) vehicle ? plugOut() : plugIn();
    };
    const fault = () => {
      isFaulted = true;
      causeIsGoneAt = self.time + 60 + self.random() * 540;
      self.event("fault", { code: "ground_fault" });
      end("fault");
    };
    show({ session: "none", contactor: "open" });

    return {
      every: 10,
      tick(dt) {
        comesOrGoes(dt);
        if (isLive() && self.random() < dt / FAULT_EVERY) fault();
        if (self.state.session === "charging" && soc() >= 100) show({ session: "suspended_ev" });
        measure();
      },
      commands: {
        async start({ limit }, { cancelled }) {
          if (isFaulted) self.fail("ground_fault", "It has a fault.");
          if (!self.state.enabled) self.fail("unavailable", "It is out of service.");
          if (!vehicle) self.fail("not_plugged", "No vehicle is plugged in.");
          if (isOngoing()) self.fail("busy", "A session is going on.");
          const before = stops;
          await self.sleep(1 + self.random() * 2, cancelled);
          if (stops !== before) self.fail("cancelled", "It was stopped before it began.");
          if (!vehicle || isFaulted) self.fail("hardware_fault", "The vehicle did not answer.");
          begin(limit);
        },
        stop() {
          stops += 1;
          end("remote");
          self.report({ contactor: "open" });
        },
        set_limit({ amps }) {
          self.report({ max_current: amps });
          measure();
        },
        async unlock_connector(_, { cancelled }) {
          if (isLive()) self.fail("ongoing_session", "The cable is live.");
          const before = stops;
          await self.sleep(0.5 + self.random(), cancelled);
          if (stops !== before) self.fail("cancelled", "It was stopped before it let go.");
          if (isLive()) self.fail("ongoing_session", "A session began meanwhile.");
          // One that was paused does not go on over a cable that anybody may pull.
          end("remote");
          self.report({ connector: "unlocked" });
        },
        reset() {
          if (!isFaulted) return;
          if (self.time < causeIsGoneAt) self.fail("ground_fault", "The fault is still there.");
          isFaulted = false;
          show({ ...(vehicle && { session: "plugged" }) });
        },
      },
      desired(wanted) {
        // Out of service is a pause for the session that is going on, not its end.
        const isPaused = wanted.enabled === false && isOngoing();
        const goesOn = wanted.enabled === true && self.state.session === "suspended_evse";
        show({
          ...wanted,
          ...(isPaused && { session: "suspended_evse", contactor: "open" }),
          ...(goesOn && { session: "charging", contactor: "closed" }),
        });
        measure();
      },
    };
  },
});
