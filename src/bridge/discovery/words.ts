/** Home Assistant's words that decide what a field becomes. A class that a platform does not know refuses the entity. */

export type Platform =
  | "binary_sensor"
  | "button"
  | "climate"
  | "cover"
  | "device_tracker"
  | "event"
  | "light"
  | "lock"
  | "number"
  | "select"
  | "sensor"
  | "switch"
  | "text"
  | "valve";

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Of sensors that are numbers, and of number entities. */
export const NUMBER_CLASSES = words(`
  absolute_humidity apparent_power aqi area atmospheric_pressure battery blood_glucose_concentration carbon_dioxide
  carbon_monoxide conductivity current data_rate data_size distance duration energy energy_distance energy_storage
  frequency gas humidity illuminance irradiance moisture monetary nitrogen_dioxide nitrogen_monoxide nitrous_oxide ozone
  ph pm1 pm10 pm25 pm4 power power_factor precipitation precipitation_intensity pressure radon reactive_energy
  reactive_power signal_strength sound_pressure speed sulphur_dioxide temperature temperature_delta
  volatile_organic_compounds volatile_organic_compounds_parts voltage volume volume_flow_rate volume_storage water weight
  wind_direction wind_speed`);

/** Of these a sensor is a total and never a level. */
export const TOTAL_CLASSES = words("energy gas monetary reactive_energy volume water");

/** Of these it takes no unit, not even one that says the same again. */
export const UNITLESS_CLASSES = words("aqi ph");

export const BINARY_CLASSES = words(`
  battery battery_charging carbon_monoxide cold connectivity door garage_door gas heat light lock moisture motion moving
  occupancy opening plug power presence problem running safety smoke sound tamper update vibration window`);

/** What of two words is `on` there: a door that is open, a bolt that is not shut. */
export const ON_WORDS = words("open unlocked on yes true detected wet low charging plugged connected running");

export const SWITCH_CLASSES = words("outlet switch");
export const COVER_CLASSES = words("awning blind curtain damper door garage gate shade shutter window");
export const VALVE_CLASSES = words("gas water");
export const EVENT_CLASSES = words("button doorbell motion");

export const CLIMATE_MODES = words("auto cool dry fan_only heat heat_cool off");
export const CLIMATE_ACTIONS = words("cooling defrosting drying fan heating idle off preheating");

/** What a state of Home Assistant can be long. */
export const LONGEST_STATE = 255;
/** The least step of a number entity. */
export const LEAST_STEP = 0.001;
