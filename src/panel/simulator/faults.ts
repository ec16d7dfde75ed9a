/** What can be broken of a simulated device. Each is seen elsewhere in the panel as what it would be of a real one. */
export const FAULTS = ["cut", "half_open", "slow", "refuses", "lies", "clock", "bad_frame", "reboot"] as const;

export type Fault = typeof FAULTS[number];

/** These happen once; the others stay until they are taken away. */
export const isMomentary = (fault: Fault): boolean => fault === "bad_frame" || fault === "reboot";
