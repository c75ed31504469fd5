/**
 * The record of one request. The ServiceRequest view of a cluster and the usage log of a tenant are both made from it. A
 * decision about a licence writes it in the decision's own transaction, before the key leaves; every other request has a
 * transaction of its own.
 */
import type { OperationName } from './operations.ts'

export interface RequestRecord {
  /** GUID, without braces. */
  readonly id: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly operation: OperationName
  /** The machine that answered. */
  readonly node: string
  readonly path: string
  /** Host and port that the client asked for. */
  readonly host?: string
  readonly secure: boolean
  readonly remoteAddress: string
  /** What the client calls itself. */
  readonly application?: string
  readonly correlationId: string
  /** Mail address of the user, or the name of an account without one; absent for nobody. */
  readonly address?: string
  /** How HTTP knew the user; absent if only an account certificate did. */
  readonly authentication?: 'basic' | 'bearer' | 'kerberos' | 'ntlm' | 'certificate' | 'federated'
  /** `Success`, or the code of the refusal. */
  readonly result: string
  /** Canonical GUIDs. */
  readonly contentId?: string
  readonly template?: string
  readonly owner?: string
  readonly issuer?: string
  /** Fingerprint of the key that the licence was made for. */
  readonly key?: string
  readonly publishedAt?: string
  /** Licensing address that the licence names. */
  readonly url?: string
}
