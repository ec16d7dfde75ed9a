/** What is remembered of who steers: leases, emergency stops, selections. */

export interface LeaseRow {
  fence: number;
  holder: { id: string; name: string };
  /** The connection that took it; null where that was REST. */
  connection: string | null;
  since: number;
  /** The holder's newest proof of life that is written; its connection may know a newer one [G2]. */
  evidence: number;
}

export interface EstopRow {
  at: number;
  by: { id: string; name: string };
  reason: string;
  command: string | null;
  confirmedAt: number | null;
}

/** A command that was selected and not sent yet [C22]; its key is the device's and the command's. */
export interface SelectionRow {
  id: string;
  device: string;
  /** The operator's id. */
  by: string;
  digest: string;
  /** Of the params, together with what the operator was given. */
  args: string;
  expiresAt: number;
}
