/** What of the audit is asked for [A9], as the address and the call have it. Pure. */
export interface AuditFilter {
  who?: string;
  what?: string;
  target?: string;
  outcome?: string;
  /** In ms; `to` itself is not included. */
  from?: number;
  to?: number;
}

const TEXTS = ["who", "what", "target", "outcome"] as const;
const TIMES = ["from", "to"] as const;
export const PARTS = [...TEXTS, ...TIMES] as const;

/** Of what an address says; what cannot be one is left out. */
export function auditFilter(search: Record<string, unknown>): AuditFilter {
  const texts = TEXTS.map((part) => [part, `${search[part] ?? ""}`.trim()] as const)
    .filter(([, text]) => text !== "" && text.length <= 1024);
  const times = TIMES.map((part) => [part, Number(search[part] ?? NaN)] as const)
    .filter(([, time]) => Number.isSafeInteger(time) && time >= 0);
  return Object.fromEntries([...texts, ...times]);
}

export const isFiltered = (filter: AuditFilter): boolean => PARTS.some((part) => filter[part] !== undefined);

export const without = (filter: AuditFilter, ...parts: (keyof AuditFilter)[]): AuditFilter =>
  Object.fromEntries(Object.entries(filter).filter(([part]) => !parts.includes(part as keyof AuditFilter)));
