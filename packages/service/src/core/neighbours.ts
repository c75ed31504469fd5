/** What the administration of a tenant may know of other tenants of the installation; never a secret. */
export interface Neighbour {
  readonly tenant: string
  /** Names and web sites that it answers for. */
  readonly hostNames: readonly string[]
  /** Fingerprints of its keys. */
  readonly keys: readonly string[]
  /** Of those that sign or have signed: account certificates under them name its people. */
  readonly activated: readonly string[]
}
