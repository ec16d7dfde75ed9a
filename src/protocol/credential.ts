/** What a peer may show to prove itself [I], before anybody looked whether it is true. */

export type Credential =
  | { sort: "none" }
  /** The program that runs the hub, such as the demo; no request can say this. */
  | { sort: "process" }
  /** The hub's own bridge to a broker, and a device that speaks through it; no request can say this either [N20]. */
  | { sort: "bridge" }
  | { sort: "bridged"; device: string }
  /** A device's or an operator's token; `user` is the name of HTTP Basic, which must be the device's id. */
  | { sort: "token"; token: string; user?: string }
  | { sort: "ticket"; ticket: string }
  | { sort: "cookie"; secret: string };
