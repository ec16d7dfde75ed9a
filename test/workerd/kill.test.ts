/** The hub's object is aborted again and again under load: its memory is gone in the middle, and every socket breaks. */
import { it } from "vitest";
import { campaign, timeFor } from "../kill/campaign.ts";
import { killsOr, SEED, VICTIM } from "./killed.ts";

const kills = killsOr(12);
it(
  "[C7, C18, C20] nothing accepted is lost and nothing is done twice, whenever the object is aborted",
  () => campaign(VICTIM, { seed: SEED, kills }),
  timeFor(kills),
);
