/** How a run ends, in plain words for whoever reads only its end: `512 passed, 0 failed, 3 skipped`. */
import type { Reporter, SerializedError, TestModule, TestResultSkipped } from "vitest/node";

export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    for (const line of closingLines(modules, unhandled)) console.log(line);
  }
}

/** Why something was skipped, and then the numbers. */
export function closingLines(modules: readonly TestModule[], unhandled: readonly SerializedError[]): string[] {
  const tests = modules.flatMap(({ children }) => [...children.allTests()]);
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  const count = (state: string) => tests.filter((test) => test.result().state === state).length;
  // A file that does not load, a hook that throws and an error that nobody caught fail a run without a failed test.
  const failed = count("failed") + suites.filter((suite) => suite.errors().length > 0).length + unhandled.length;
  const skipped = tests.filter((test) => test.result().state === "skipped");
  const notes = Map.groupBy(skipped, (test) => (test.result() as TestResultSkipped).note ?? "");
  // Without a note it is only what nobody asked for: `-t "C7"`.
  notes.delete("");
  const late = tests.filter((test) => test.diagnostic()?.flaky);
  const total = `${count("passed")} passed, ${failed} failed`;
  return [
    ...late.map((test) =>
      `not at its first try: ${test.fullName}: ${test.result().errors?.[0]?.message.split("\n")[0]}`
    ),
    ...[...notes].map(([note, { length }]) => `skipped ${length}: ${note}`),
    skipped.length > 0 ? `${total}, ${skipped.length} skipped` : total,
  ];
}
