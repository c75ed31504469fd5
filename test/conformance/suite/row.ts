/**
 * What the conformance suite checks, as data: one row is one call and the fault or answer that a server owes it. A call is
 * described by what is wrong with it, so that two rows can be broken by one call: the earlier check must answer.
 */
import type { Tester } from './tester.ts'

/** What the server must be like beyond serving; rows of other states are skipped with a reason. */
export const serverStates = [
  'decommissioned',
  'publishing-off',
  'external-address',
  'mode-1',
  'machine-excluded',
  'account-excluded',
  'caller-excluded',
  'caller-without-mail',
  'caller-with-malformed-mail',
] as const

export type ServerState = (typeof serverStates)[number]

/** Of a machine certificate chain. */
export interface MachineFlaws {
  readonly missing?: boolean
  readonly tampered?: boolean
  /** Below an authority that the server does not list. */
  readonly stranger?: boolean
  /** With a key of the other mode, below an authority that the server lists. */
  readonly otherMode?: boolean
}

/** Of a rights account certificate chain. */
export interface AccountFlaws {
  readonly missing?: boolean
  readonly unparsable?: boolean
  /** The certificate of the server where that of the account belongs. */
  readonly wrongType?: boolean
  readonly tampered?: boolean
  readonly expired?: boolean
  readonly otherMode?: boolean
  /** Issued by a server that is not trusted. */
  readonly stranger?: boolean
  readonly federated?: boolean
  /** Credentials made long after every document. */
  readonly createdLate?: boolean
  /** UTF-8 bytes of the certificate, with a longer address of its server, signed anew. */
  readonly bytes?: number
  /** Certificates sent: the last issuer stands as often as that takes. */
  readonly certificates?: number
}

/** Of a publishing licence with the certificate that signed it. */
export interface LicenseFlaws {
  readonly missing?: boolean
  readonly tampered?: boolean
  /** The certificate that signed it is changed. */
  readonly tamperedSigner?: boolean
  /** Issued before the certificate that signed it might sign. */
  readonly beforeSigner?: boolean
  /** Signed by a client licensor certificate of another server. */
  readonly strangeSigner?: boolean
  readonly expired?: boolean
  /** Sealed to the key of another server. */
  readonly sealedElsewhere?: boolean
  /** Sealed to the key of the server under another OBJECT ID. */
  readonly otherServerId?: boolean
  /** Sealed to a Mode 2 key, for servers of Mode 1. */
  readonly mode2?: boolean
  /** Names nobody, and somebody else as owner. */
  readonly noRights?: boolean
  /** Signed by the server; whether it lets servers edit it. */
  readonly editable?: boolean
}

/** Of an unsigned publishing licence. */
export interface DraftFlaws {
  readonly missing?: boolean
  readonly withoutPrincipal?: boolean
  readonly sealedElsewhere?: boolean
  /** Sealed to the key of the server under another OBJECT ID. */
  readonly otherServerId?: boolean
  /** Its rights data claim to be an official template, signed by another server. */
  readonly strangeTemplate?: boolean
  readonly des?: boolean
  /** The hash inside the seal is not that of the element around it. */
  readonly unbound?: boolean
}

export interface Sent {
  readonly states?: readonly ServerState[]
  /** `user` unless told otherwise; `admitted` is named for the closed endpoints, `nobody` sends no credentials. */
  readonly caller?: 'user' | 'admitted' | 'nobody'
  /** Content of the VersionData header, as text; absent: both values 1.0.0.0; null: no header, or not that value. */
  readonly versions?: { readonly minimum?: string | null; readonly maximum?: string | null } | null
  readonly machine?: MachineFlaws
  /** Certify: a certificate for a machine that is not the user's. */
  readonly temporary?: boolean
  readonly account?: AccountFlaws
  readonly license?: LicenseFlaws
  readonly draft?: DraftFlaws
  /** Instead of the parameters that the operation is usually called with. */
  readonly parameters?: object
  /** The same, where they depend on what is known of the server. @throws NotApplicable if it is not known */
  readonly parametersFrom?: (tester: Tester) => object
  /** Precertify: the address of one account with the identifier of another. */
  readonly disagreeing?: boolean
  /** A message that no description has, at a path below the base path: the content of the body. */
  readonly raw?: { readonly path: string; readonly body: string }
  /** Beside the usual parameters of AcquireLicense: UTF-8 bytes of markup. */
  readonly applicationDataBytes?: number
  /** AcquirePreLicense: addresses of people, of whom all but the first are unknown. */
  readonly licensees?: number
  /** Sends the only item of the request so often. */
  readonly times?: number
}

export type Expected =
  /** The last segment of the exception's name; or `any`, where none is stated. */
  | { readonly fault: string }
  /** What the answer's text must hold. */
  | { readonly holds: readonly RegExp[] }
  /** What is wrong with the answer's text, undefined if nothing is. @throws NotApplicable if too little is known for that */
  | { readonly complaint: (answer: string, tester: Tester) => string | undefined }

export interface Row {
  /** Section of the fact sheet and number or names of the rows. */
  readonly id: string
  readonly what: string
  readonly operation: string
  /** The only version of SOAP that the row is asked in; absent: every version that has the operation. */
  readonly soap?: '1.1' | '1.2'
  readonly sent: Sent
  readonly expected: Expected
}

/** One row of an order of checks. */
export interface Check {
  /** Number or short name; unique in its table. */
  readonly name: string
  readonly what: string
  readonly sent: Sent
  readonly fault: string
  /** Why the pair with the row before cannot be told apart or made, where that is so. */
  readonly pairless?: string
}

/** The rows of an order of checks: each alone, and each with the one before it, whose fault must win. */
export function orderedChecks(
  section: string,
  operation: string,
  base: Sent,
  checks: readonly Check[],
): readonly Row[] {
  return checks.flatMap((check, index) => {
    const before = checks[index - 1]
    const alone = rowOf(`${section}/${operation}/${check.name}`, operation, [base, check.sent], check)
    if (before === undefined || check.pairless !== undefined) return [alone]
    const pair = rowOf(
      `${section}/${operation}/${before.name}+${check.name}`,
      operation,
      [base, before.sent, check.sent],
      { what: `${before.what}, and ${check.what}`, fault: before.fault },
    )
    return [alone, pair]
  })
}

function rowOf(
  id: string,
  operation: string,
  parts: readonly Sent[],
  { what, fault }: Pick<Check, 'what' | 'fault'>,
): Row {
  return { id, operation, what, sent: parts.reduce(both), expected: { fault } }
}

/** One call with the flaws of both; what only one call can have is taken from the second. */
export function both(first: Sent, second: Sent): Sent {
  const states = [...new Set([...(first.states ?? []), ...(second.states ?? [])])]
  return {
    ...first,
    ...second,
    ...(states.length === 0 ? {} : { states }),
    ...merged('machine', first, second),
    ...merged('account', first, second),
    ...merged('license', first, second),
    ...merged('draft', first, second),
  }
}

function merged(part: 'machine' | 'account' | 'license' | 'draft', first: Sent, second: Sent): Sent {
  if (first[part] === undefined && second[part] === undefined) return {}
  return { [part]: { ...first[part], ...second[part] } }
}
