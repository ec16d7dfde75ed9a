/** The hub's counts as Prometheus text, format 0.0.4. */
import type { Metric } from "../hub/call.ts";

export function metricsText(metrics: readonly Metric[]): Response {
  const text = metrics.flatMap(({ name, help, type, values }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map(({ suffix = "", labels, value }) => `${name}${suffix}${labelText(labels)} ${value}`),
  ]);
  return new Response(text.join("\n") + "\n", {
    headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store" },
  });
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

const escaped = (value: string) => value.replaceAll(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
