/** Reads Prometheus text 0.0.4, and throws at whatever a scraper might forgive. */

export interface Family {
  name: string;
  help: string;
  type: string;
  samples: Sample[];
}

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const HELP = new RegExp(`^# HELP (${NAME}) (\\S.*)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/;
const VALUE = /^(?:[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)$/;

export function readPrometheus(text: string): Family[] {
  if (!text.endsWith("\n")) throw new Error("The last line has no end");
  const families: Family[] = [];
  const seen = new Set<string>();
  const lines = text.slice(0, -1).split("\n");
  for (let at = 0; at < lines.length;) {
    const help = match(HELP, lines[at++], "a HELP");
    const type = match(TYPE, lines[at++], "a TYPE");
    if (help[1] !== type[1]) throw new Error(`HELP of ${help[1]}, TYPE of ${type[1]}`);
    const family: Family = { name: help[1], help: help[2], type: type[2], samples: [] };
    if (families.some(({ name }) => name === family.name)) throw new Error(`${family.name} comes twice`);
    for (; at < lines.length && !lines[at].startsWith("#"); at++) family.samples.push(readSample(lines[at], seen));
    checkFamily(family);
    families.push(family);
  }
  return families;
}

/** The value of one sample. */
export function valueOf(families: readonly Family[], name: string, labels: Record<string, string> = {}): number {
  const samples = families.flatMap((family) => family.samples).filter((sample) =>
    sample.name === name && JSON.stringify(sample.labels) === JSON.stringify(labels)
  );
  if (samples.length !== 1) throw new Error(`${samples.length} of ${name} ${JSON.stringify(labels)}`);
  return samples[0].value;
}

function match(pattern: RegExp, line: string | undefined, what: string): RegExpExecArray {
  const found = pattern.exec(line ?? "");
  if (!found) throw new Error(`This is not ${what}: ${line}`);
  return found;
}

function readSample(line: string, seen: Set<string>): Sample {
  const [, name, labelText, value] = match(SAMPLE, line, "a sample");
  if (!VALUE.test(value)) throw new Error(`This is no number: ${line}`);
  const labels = labelText === undefined ? {} : readLabels(labelText, line);
  const key = JSON.stringify([name, Object.entries(labels).sort()]);
  if (seen.has(key)) throw new Error(`This comes twice: ${line}`);
  seen.add(key);
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}

function readLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== "";) {
    const [all, name, value, comma] = match(LABEL, rest, `a label, in ${line}`);
    if (Object.hasOwn(labels, name)) throw new Error(`${name} comes twice in ${line}`);
    labels[name] = value.replaceAll(/\\(.)/g, (_, letter) => letter === "n" ? "\n" : letter);
    rest = rest.slice(all.length);
    if (comma === "," && rest === "") throw new Error(`A comma with nothing behind it: ${line}`);
  }
  return labels;
}

function checkFamily({ name, type, samples }: Family): void {
  if (samples.length === 0) throw new Error(`${name} has no samples`);
  if (type === "histogram") return checkHistogram(name, samples);
  if (samples.some((sample) => sample.name !== name)) throw new Error(`Samples of others in ${name}`);
  if ((type === "counter") !== name.endsWith("_total")) throw new Error(`${name} is a ${type}`);
  if (type === "counter" && samples.some(({ value }) => !(value >= 0))) throw new Error(`${name} shrank`);
}

/** Of histograms without further labels. */
function checkHistogram(name: string, samples: readonly Sample[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const ends = buckets.map(({ labels }) => Number(labels.le.replace("Inf", "Infinity")));
  const counts = buckets.map(({ value }) => value);
  const isGrowing = (numbers: readonly number[]) =>
    numbers.every((number, at) => at === 0 || number >= numbers[at - 1]);
  const rest = samples.filter((sample) => sample.name !== `${name}_bucket`).map((sample) => sample.name).sort();
  if (JSON.stringify(rest) !== JSON.stringify([`${name}_count`, `${name}_sum`])) throw new Error(`${name}: ${rest}`);
  if (ends.at(-1) !== Infinity || !isGrowing(ends) || new Set(ends).size < ends.length) {
    throw new Error(`${name}: ends`);
  }
  if (!isGrowing(counts) || counts.at(-1) !== samples.find((sample) => sample.name === `${name}_count`)!.value) {
    throw new Error(`${name}: its buckets do not add up`);
  }
}
