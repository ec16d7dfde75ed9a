/** MQTT's words for why [M3, M9, M12]: reason codes of version 5, and what 3.1.1 has of them. */

export const REASON = {
  success: 0x00,
  unspecified: 0x80,
  malformed: 0x81,
  protocol_error: 0x82,
  implementation: 0x83,
  bad_version: 0x84,
  bad_client_id: 0x85,
  bad_credential: 0x86,
  not_authorized: 0x87,
  unavailable: 0x88,
  busy: 0x89,
  shutting_down: 0x8b,
  bad_auth_method: 0x8c,
  keep_alive_timeout: 0x8d,
  taken_over: 0x8e,
  bad_filter: 0x8f,
  bad_topic: 0x90,
  bad_alias: 0x94,
  too_large: 0x95,
  too_many_messages: 0x96,
  quota_exceeded: 0x97,
  administrative: 0x98,
  bad_payload: 0x99,
  no_retain: 0x9a,
  no_qos_2: 0x9b,
  too_many_connections: 0x9f,
  no_shared: 0x9e,
  no_subscription_ids: 0xa1,
} as const;

export type Reason = keyof typeof REASON;

/** What 3.1.1 says in its CONNACK instead; where it has no word, that the server is not available. */
const RETURNS: Partial<Record<Reason, number>> = {
  bad_version: 1,
  bad_client_id: 2,
  bad_credential: 4,
  not_authorized: 5,
  bad_topic: 5,
  bad_auth_method: 5,
};

export const returnOf = (reason: Reason): number => RETURNS[reason] ?? 3;
