/** Which of Zigbee2MQTT's models a run looks at: one in five, and each night all of them, by `MODELS=all`. */
import process from "node:process";

const ONE_IN = process.env.MODELS === "all" ? 1 : 5;

export const looked = <M>(models: readonly M[]): M[] => models.filter((_, index) => index % ONE_IN === 0);

/** What is true of all of them, for as many as are looked at. */
export const ofAll = (count: number): number => count / ONE_IN;
