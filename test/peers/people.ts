/** People and groups as data, for directory servers of every kind: the same organisation in each of them. */

export interface Person {
  /** Account name; the name of the entry. */
  readonly name: string
  readonly displayName?: string
  /** Without it the person does not exist for rights management. */
  readonly mail?: string
  readonly aliases?: readonly string[]
  /** Active Directory wants lower and upper case, digits and signs. */
  readonly password: string
  readonly disabled?: boolean
  /** Former security identifiers; Active Directory only. */
  readonly sidHistory?: readonly string[]
  /** Kerberos services that run as this account, such as `HTTP/rms.lakeside.test`; Active Directory only. */
  readonly services?: readonly string[]
}

/** An account of a computer, which has no mail address; Active Directory only. */
export interface Computer {
  /** Without the `$` with which account names of computers end. */
  readonly name: string
  readonly password: string
}

export interface Group {
  readonly name: string
  readonly mail?: string
  readonly aliases?: readonly string[]
  /** Distribution groups differ from security groups in Active Directory only. */
  readonly kind?: 'security' | 'distribution'
  /** Names of people, of contacts and of other groups; cycles are allowed. */
  readonly members: readonly string[]
}

/** Somebody of another forest, or a group there; Active Directory only. */
export interface Contact {
  readonly name: string
  readonly mail: string
  readonly aliases?: readonly string[]
}

export interface Organisation {
  readonly people: readonly Person[]
  readonly computers?: readonly Computer[]
  readonly groups: readonly Group[]
  readonly contacts?: readonly Contact[]
}

/** The account with which a service reads the directory; every server has it besides the organisation's people. */
export const reader = { name: 'svc-sealward', password: 'R3ader-of-Lakeside' }

/** RFC 2849: a value that is not plain ASCII goes in base64. */
export function ldifLine(attribute: string, value: string | Uint8Array): string {
  if (typeof value === 'string' && /^[!-9;=-~](?:[ -~]*[!-~])?$/.test(value)) return `${attribute}: ${value}`
  return `${attribute}:: ${Buffer.from(value).toString('base64')}`
}
