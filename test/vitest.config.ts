/**
 * Four projects: "pure" has tests of functions that have no state, "deno" the other tests in this process's runtime;
 * "workerd" runs inside workerd, and so do those called "bridge", each file with a broker of its own beside it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { ClosingLine } from "./closing_line.ts";
import { LongestFirst } from "./order.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
// The plugin reads wrangler.toml when the project starts, and fails the whole run where there is none.
const hasWorker = existsSync(`${root}/wrangler.toml`);

/** For the hub inside the tests' own workerd. */
const SETTINGS = {
  SIGNALBOX_ADMIN_TOKEN: "0f2e7c4b9a1d8e5f6a3b2c7d4e9f0a1b",
  // Here, where nothing is bundled, a module of readable-stream's own streams would be loaded twice, and fails at that.
  READABLE_STREAM: "disable",
};

/** They leave nothing behind, so that one process runs many of these files and loads the hub and zod once. */
const PURE = ["history", "http", "hub", "kind", "mqtt", "protocol"].map((folder) => `test/${folder}/**/*.test.ts`);

/** Those whose hub has a bridge to a broker. */
const BRIDGED = "test/workerd/bridge";
const bridged = existsSync(`${root}/${BRIDGED}`)
  ? readdirSync(`${root}/${BRIDGED}`).filter((name) => name.endsWith(".test.ts"))
  : [];

/** What the Worker's bundle has in the place of packages, which the plugin does not read. */
function aliases(): { find: string; replacement: string }[] {
  const [, section = ""] = readFileSync(`${root}/wrangler.toml`, "utf8").split(/^\[alias\]$/m);
  return [...section.split(/^\[/m)[0].matchAll(/^"(.+)" = "\.\/(.+)"$/gm)]
    .map(([, find, path]) => ({ find, replacement: `${root}/${path}` }));
}

/**
 * Whoever waits for a process, a browser or a broker on a machine that does other work too may be late: it has two
 * more tries, each a while later, and the run's end says who needed them. What a property's random input showed is no
 * such thing.
 */
const retry = { count: 2, delay: 2_000, condition: /^(?!Property failed)/ };

/**
 * What a hub logs in there goes straight to the terminal. Vitest would wait, at a file's end, for the answer to a line
 * of an object that was logged too late to be sent: for ever.
 */
const inWorkerd = { retry, disableConsoleIntercept: true };

/** For whose bridge there is this one that arrives by a mapping. */
const DEVICES = '[{"device":"plug","mapping":"tasmota-relay","topic":"hall-plug"}]';

/** Settings of whoever runs the tests, for those that run where there is no environment. */
const given = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => process.env[name] === undefined ? [] : [[name, process.env[name]]]));

export default defineConfig({
  root,
  test: {
    root,
    reporters: ["default", new ClosingLine()],
    passWithNoTests: true,
    sequence: { sequencer: LongestFirst },
    // Far more than there are cores: most of what takes long waits, for a process, a browser or a clock.
    maxWorkers: 6,
    teardownTimeout: 30_000,
    projects: [
      {
        root,
        test: { name: "pure", pool: "forks", isolate: false, retry, include: PURE, testTimeout: 120_000 },
      },
      {
        root,
        test: {
          name: "deno",
          pool: "forks",
          include: ["test/**/*.test.ts"],
          exclude: ["test/workerd/**", ...PURE],
          retry,
          // The wire suite's tests wait for the hub, not for the processor.
          maxConcurrency: 12,
          testTimeout: 120_000,
          // What a browser draws may take seconds where three of them draw on two cores that do other work too.
          expect: { poll: { timeout: 20_000 } },
          hookTimeout: 120_000,
        },
      },
      ...hasWorker
        ? [
          {
            root,
            plugins: [cloudflareTest({
              wrangler: { configPath: "./wrangler.toml" },
              miniflare: { bindings: { ...SETTINGS, ...given("KILLS", "SEED", "DAYS") } },
            })],
            test: { name: "workerd", ...inWorkerd, include: ["test/workerd/**/*.test.ts"], exclude: [`${BRIDGED}/**`] },
          },
          ...bridged.map((file) => ({
            root,
            resolve: { alias: aliases() },
            plugins: [cloudflareTest(({ inject }) => ({
              wrangler: { configPath: "./wrangler.toml" },
              miniflare: {
                bindings: {
                  ...SETTINGS,
                  ...given("KILLS", "SEED"),
                  SIGNALBOX_MQTT_URL: inject("broker"),
                  SIGNALBOX_MQTT_DEVICES: DEVICES,
                },
              },
            }))],
            test: {
              name: `bridge ${file.replace(".test.ts", "")}`,
              ...inWorkerd,
              include: [`${BRIDGED}/${file}`],
              globalSetup: ["test/support/broker_beside.ts"],
            },
          })),
        ]
        : [],
    ],
  },
});
