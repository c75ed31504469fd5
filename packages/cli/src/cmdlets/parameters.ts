/** What a parameter of a cmdlet takes. Cmdlets say it as data; reading, help and the reference page follow from it. */

/** Gives the secret: asks for it, or reads the file that was named. */
export type Secret = () => Promise<string>

interface Kinds {
  readonly text: string
  readonly number: number
  readonly boolean: boolean
  readonly switch: boolean
  readonly secret: Secret
  /** Several values, with commas or as words of their own. */
  readonly list: readonly string[]
  /** Several values that may hold commas; each is a word of its own. */
  readonly items: readonly string[]
  readonly time: Date
  /** A parameter of the original that is known, and refused with what to use instead. */
  readonly unsupported: never
}

export interface Parameter {
  readonly kind: keyof Kinds
  readonly says: string
  readonly required?: boolean
  /** The only values there are, in their spelling. */
  readonly values?: readonly string[]
}

export type Parameters = Readonly<Record<string, Parameter>>

type ValueOf<P extends Parameter> = P extends { readonly values: readonly (infer Value)[] } ? Value : Kinds[P['kind']]

type Always<P extends Parameters> = {
  [Name in keyof P]: P[Name] extends { readonly required: true } | { readonly kind: 'switch' | 'secret' } ? Name : never
}[keyof P]

/** The values of parameters, by their names in the spelling of the table. */
export type ValuesOf<P extends Parameters> = { readonly [Name in Always<P>]: ValueOf<P[Name]> } & {
  readonly [Name in Exclude<keyof P, Always<P>>]?: ValueOf<P[Name]> | undefined
}

/** Every cmdlet takes these. */
export const commonParameters = {
  Service: { kind: 'text', says: 'address of the service, instead of the one that is connected' },
  AdminTokenFile: { kind: 'text', says: 'file with its administration token' },
  Data: { kind: 'text', says: 'data directory of the service, instead of an address' },
  Json: { kind: 'switch', says: 'one JSON document on standard output' },
  Verbose: { kind: 'switch', says: 'say more about the work' },
} as const satisfies Parameters

/** Cmdlets that change something take these too. */
export const changeParameters = {
  Force: { kind: 'switch', says: 'do not ask, and go over warnings' },
  Confirm: { kind: 'boolean', says: '$false does not ask' },
  WhatIf: { kind: 'switch', says: 'show what would change, and change nothing' },
} as const satisfies Parameters

/** Names without case and hyphens: `-TpdFile`, `-tpdfile` and `--tpd-file` are the same. */
export function parameterKey(name: string): string {
  return name.replaceAll('-', '').toLowerCase()
}
