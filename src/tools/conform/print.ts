/** The list as a person reads it, and as a program does. */
import type { Finding, Findings, Verdict } from "./findings.ts";

export interface Heading {
  kind: string;
  as: "hub" | "operator";
  device: string;
  connections: number;
  seconds: number;
}

const COLOURS: Record<Verdict, string> = { green: "32", red: "31", "not seen": "2" };

/** What the lines below a check are set in by. */
const INDENT = " ".repeat(15);
const WIDTH = 100;

export function readable(findings: Findings, heading: Heading, isColoured: boolean): string {
  const { kind, as, device, connections, seconds } = heading;
  const paint = (text: string, verdict: Verdict) => isColoured ? `\x1b[${COLOURS[verdict]}m${text}\x1b[0m` : text;
  const counts = (["green", "red", "not seen"] as const).map((verdict) =>
    paint(`${findings.count(verdict)} ${verdict}`, verdict)
  );
  return [
    `${device} (${kind}), tried by the kit as its ${as}: ` +
    `${connections} ${connections === 1 ? "connection" : "connections"} in ${Math.round(seconds)} s`,
    "",
    ...findings.list.flatMap((finding) => lines(finding, paint)),
    "",
    counts.join(", "),
  ].join("\n");
}

function lines(finding: Finding, paint: (text: string, verdict: Verdict) => string): string[] {
  const { verdict, rule, says, why, help } = finding;
  const below = [...why, ...verdict === "red" ? [`To do: ${help}`] : []];
  return [
    `${paint(verdict.padEnd(9), verdict)} ${rule.padEnd(4)} ${says}`,
    ...below.flatMap((text) =>
      wrapped(text).map((line) => paint(INDENT + line, verdict === "green" ? "not seen" : verdict))
    ),
  ];
}

function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== "" && last.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}

export const asJson = (findings: Findings, heading: Heading): string =>
  JSON.stringify(
    {
      ...heading,
      green: findings.count("green"),
      red: findings.count("red"),
      notSeen: findings.count("not seen"),
      checks: findings.list.map(({ help, ...finding }) => ({ ...finding, ...(finding.verdict === "red" && { help }) })),
    },
    null,
    2,
  );
