/** The metrics as text, and what reads them in the tests. */
import { describe, expect, it } from "vitest";
import type { Metric } from "../../src/hub/call.ts";
import { metricsText } from "../../src/http/metrics.ts";
import { readPrometheus } from "../support/prometheus.ts";

const ODD = 'a "b" \\ c\nd';
const METRICS: Metric[] = [
  { name: "a_total", help: "All of it", type: "counter", values: [{ labels: { word: ODD, other: "" }, value: 1.5 }] },
  { name: "b", help: "Now", type: "gauge", values: [{ labels: {}, value: -3e-7 }, { labels: { n: "1" }, value: 2 }] },
  {
    name: "c_seconds",
    help: "How long",
    type: "histogram",
    values: [
      { suffix: "_bucket", labels: { le: "0.5" }, value: 1 },
      { suffix: "_bucket", labels: { le: "+Inf" }, value: 3 },
      { suffix: "_sum", labels: {}, value: 7.25 },
      { suffix: "_count", labels: {}, value: 3 },
    ],
  },
];

describe("metrics as text", () => {
  it("[R6] says what was counted, whatever is in it", async () => {
    const families = readPrometheus(await metricsText(METRICS).text());
    expect(families).toEqual(METRICS.map(({ name, help, type, values }) => ({
      name,
      help,
      type,
      samples: values.map(({ suffix = "", labels, value }) => ({ name: name + suffix, labels, value })),
    })));
  });
});

const GOOD = "# HELP a_total x\n# TYPE a_total counter\na_total 1\n";
const histogram = (lines: string) => `# HELP h x\n# TYPE h histogram\n${lines}`;

describe("what reads them", () => {
  it.each([
    ["without an end", GOOD.trimEnd()],
    ["without HELP", "# TYPE a_total counter\na_total 1\n"],
    ["without TYPE", "# HELP a_total x\na_total 1\n"],
    ["a family twice", GOOD + GOOD],
    ["a sample twice", `${GOOD}a_total 2\n`],
    ["somebody else's sample", `${GOOD}b_total 2\n`],
    ["a counter without _total", GOOD.replaceAll("a_total", "a")],
    ["a gauge with it", GOOD.replace("counter", "gauge")],
    ["a counter below nothing", GOOD.replace(" 1", " -1")],
    ["a number that is none", GOOD.replace(" 1\n", " undefined\n")],
    ["a label with a bare quote", GOOD.replace("a_total 1", 'a_total{b="c"d"} 1')],
    ["a label with an odd escape", GOOD.replace("a_total 1", 'a_total{b="\\t"} 1')],
    ["a label twice", GOOD.replace("a_total 1", 'a_total{b="1",b="2"} 1')],
    ["a comma too many", GOOD.replace("a_total 1", 'a_total{b="1",} 1')],
    ["an empty line", `${GOOD}\n`],
    ["buckets without an end", histogram('h_bucket{le="1"} 1\nh_sum 1\nh_count 1\n')],
    ["buckets that shrink", histogram('h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n')],
    ["buckets and another count", histogram('h_bucket{le="+Inf"} 1\nh_sum 1\nh_count 2\n')],
    ["a histogram without a sum", histogram('h_bucket{le="+Inf"} 1\nh_count 1\n')],
  ])("refuses %s", (_, text) => {
    expect(() => readPrometheus(text)).toThrow();
    expect(readPrometheus(GOOD)).toHaveLength(1);
  });
});
