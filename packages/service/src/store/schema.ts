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
  /** To whom templates are offered, by GUID; those without a row to everybody. */
  template_scope: { tenant: string; id: string; address: string }
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
  exclusion: {
    tenant: string
    kind: string
    subject: string
    minimum: string
    maximum: string
    added_at: string
  }
  revocation: {
    tenant: string
    type: string
    subject: string
    publisher: string
    id_type: string
    modulus: string
    revoked_at: string
  }
  /** `usable_until` may be `never`; `refresh` is in milliseconds. */
  issued_license: {
    tenant: string
    content_id: string
    user_id: string
    address: string
    usable_until: string
    refresh: number | null
    issued_at: string
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
  /** The directory that the tenant keeps itself: how far each source was read. */
  directory_source: {
    tenant: string
    source: string
    cookie: string | null
    synchronised_at: string
    revision: number
  }
  /** Its people and groups; `sid_history` is a JSON list. */
  directory_entry: {
    tenant: string
    immutable_id: string
    id: string
    source: string
    type: string
    name: string
    display_name: string
    sid: string
    sid_history: string
    account: string | null
    account_name: string | null
    primary_group: string | null
    kind: string
    disabled: number
    expires_at: string | null
    address: string | null
    deleted_at: string | null
  }
  directory_sid: { tenant: string; sid: string; entry: string }
  /** Addresses that entries list, or listed once. */
  directory_address: {
    tenant: string
    address: string
    entry: string
    current: number
    main: number
    holder: number
    contested: number
    since: string
    until: string | null
  }
  directory_member: { tenant: string; entry: string; member: string }
  /** Its contacts and foreign security principals; `aliases` is a JSON list. */
  directory_stand_in: {
    tenant: string
    immutable_id: string
    source: string
    type: string
    name: string
    address: string | null
    aliases: string
    forest: string | null
    sid: string | null
    deleted_at: string | null
  }
  /** Addresses and security identifiers of those that are not deleted. */
  directory_stand_in_name: { tenant: string; name: string; entry: string }
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
  /** Whom identity providers mean by the subjects of their tokens. */
  token_subject: {
    tenant: string
    issuer: string
    claim: string
    subject: string
    person: string
    address: string
    bound_at: string
    refused_person: string | null
    refused_address: string | null
    refused_at: string | null
  }
  log_row: { tenant: string; log: string; sequence: number; record: string; hash: string }
  log_head: { tenant: string; log: string; sequence: number; hash: string; seal: Uint8Array }
}
