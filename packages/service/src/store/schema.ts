/** The tables, as kysely sees them. Every primary key begins with the tenant (threat P12); times are ISO 8601 in UTC. */

export interface Schema {
  tenant: { tenant: string; configuration_version: number; super_users_enabled: number }
  /** Secrets of the service itself, sealed. */
  service_secret: { tenant: string; purpose: string; sealed: Uint8Array }
  /** Private keys, sealed; see the software vault. */
  vault_key: { tenant: string; key_id: string; version: number; sealed: Uint8Array }
  service_key: {
    tenant: string
    id: string
    vault_key_id: string
    state: string
    origin: string
    created_at: string
    activated_at: string | null
    /** JSON list of exact texts. */
    chain: string
    friendly_name: string | null
    exported_at: string | null
  }
  authority: {
    tenant: string
    purpose: string
    mode: number
    vault_key_id: string
    chain: string
    created_at: string
  }
  template: { tenant: string; id: string; origin: string; state: string; text: string; changed_at: string }
  /** Trusted user domains: `chain` and `mail_domains` are JSON lists. */
  user_domain: {
    tenant: string
    id: string
    display_name: string
    chain: string
    mail_domains: string
    federated_users: number
    imported_at: string
  }
  super_user: { tenant: string; address: string }
  account_key: { tenant: string; user_id: string; mode: number; created_at: string; sealed: Uint8Array }
  lineage: { tenant: string; tag: string; content_id: string; first_seen_at: string }
  lineage_holder: { tenant: string; tag: string; holder: string }
  /** What administrators set: JSON values by name. */
  setting: { tenant: string; name: string; value: string; version: number; changed_at: string }
  /** One row per request; `record` is JSON. */
  request_row: {
    tenant: string
    sequence: number
    at: string
    operation: string
    template: string | null
    record: string
  }
  client_licensor: {
    tenant: string
    user_id: string
    key_id: string
    address: string
    issued_at: string
    valid_until: string
  }
  /** Keys with which people publish offline over REST; sealed. */
  offline_key: {
    tenant: string
    id: string
    user_id: string
    address: string
    licensor_key: string
    created_at: string
    valid_until: string
    sealed: Uint8Array
  }
  log_row: { tenant: string; log: string; sequence: number; record: string; hash: string }
  log_head: { tenant: string; log: string; sequence: number; hash: string; seal: Uint8Array }
}
