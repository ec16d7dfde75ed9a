/** In which order test files begin: the longest first, so that the run does not end with one that began last. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes ten seconds or more, the longest first; whatever is not here comes after them. */
export const LONGEST: readonly string[] = [
  "simulation/zoo.test.ts",
  "runtime/workerd.test.ts",
  "panel/browser_steering.test.ts",
  "panel/browser.test.ts",
  "workerd/bridge/bridge.test.ts",
  "simulation/simulation.test.ts",
  "bridge/faults.test.ts",
  "runtime/streams.test.ts",
  "foreign/mqtt.test.ts",
  "tools/conform.test.ts",
  "runtime/frozen.test.ts",
  "bridge/mosquitto.test.ts",
  "panel/browser_faces.test.ts",
  "runtime/deno.test.ts",
  "tools/conform_cli.test.ts",
  "panel/browser_list.test.ts",
  "panel/browser_device.test.ts",
  "bridge/home_assistant.test.ts",
  "foreign/import.test.ts",
  "kill/wrangler.test.ts",
  "kill/deno.test.ts",
  "runtime/bridge_worker.test.ts",
  "foreign/discovery.test.ts",
  "foreign/mqtt_programs.test.ts",
  "panel/browser_adding.test.ts",
  "workerd/budget.test.ts",
  "hub/control_any.test.ts",
  "foreign/mqtt_interop.test.ts",
  "panel/browser_shell.test.ts",
  "panel/browser_history.test.ts",
  "replay/seattle.test.ts",
  "runtime/drive.test.ts",
  "foreign/mqtt_vectors.test.ts",
  "workerd/bridge/kill.test.ts",
  "hub/outbox_any.test.ts",
  "workerd/hibernation.test.ts",
  "runtime/life.test.ts",
  "panel/browser_jobs.test.ts",
  "hub/jobs_any.test.ts",
  "workerd/kill.test.ts",
  "tools/kinds.test.ts",
  "bridge/mqtt.test.ts",
  "panel/browser_access.test.ts",
  "runtime/worker.test.ts",
  "workerd/mqtt.test.ts",
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((path) => moduleId.endsWith(`/test/${path}`));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
