/** Every REST call [R], in the order of the contract. */
import { access } from "./access.ts";
import { blobs } from "./blobs.ts";
import { commands } from "./commands.ts";
import { control } from "./control.ts";
import { devices } from "./devices.ts";
import { jobs } from "./jobs.ts";
import { reads } from "./reads.ts";
import type { Route } from "./route.ts";
import { stream } from "./stream.ts";
import { tables } from "./table.ts";
import { things } from "./things.ts";
import { views } from "./views.ts";

export const ROUTES: readonly Route[] = [
  ...devices,
  ...commands,
  ...control,
  ...jobs,
  ...things,
  ...reads,
  ...tables,
  ...stream,
  ...blobs,
  ...views,
  ...access,
];
