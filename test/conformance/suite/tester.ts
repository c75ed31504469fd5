/**
 * What the tester holds when it asks a server. The more it holds, the more rows can be asked; a row for which something is
 * missing is not applicable, with the reason, and never passed.
 */
import type { KeyHandle, KeyedPrincipal } from '@sealward/xrml'
import type { KnownServer } from './known-server.ts'

export interface Account {
  readonly address: string
  readonly password: string
}

/** Something that issues certificates or licences. */
export interface Issuer {
  readonly principal: KeyedPrincipal
  readonly key: KeyHandle
  /** Its own certificate, then its issuers. */
  readonly chain: readonly string[]
}

export interface Machine {
  readonly chain: readonly string[]
  /** Of a Windows machine nobody has it: its account certificates can be shown, but nothing in them opened. */
  readonly key?: KeyHandle
}

export interface Tester {
  /** An account that the server certifies. */
  readonly user: Account
  /** An account that is named for all closed endpoints. */
  readonly admitted?: Account
  readonly machine?: Machine
  /** Of the other cryptographic mode, below the same authorities. */
  readonly otherMachine?: Machine
  /** The server's own key, out of its export. */
  readonly licensor?: Issuer
  /** A Mode 2 key that a server of Mode 1 holds as well. */
  readonly mode2Licensor?: Issuer
  readonly known?: KnownServer
}

/** A row cannot be asked of this server; the message says why. */
export class NotApplicable extends Error {}

/** @throws NotApplicable */
export function held<Thing>(thing: Thing | undefined, reason: string): Thing {
  if (thing === undefined) throw new NotApplicable(reason)
  return thing
}

/** What the server must be like, beside what it says. @throws NotApplicable for servers that somebody else runs */
export function knownOf({ known }: Tester): KnownServer {
  return held(known, 'what the answer must be is known of our own service alone')
}

/** The certificate of the server and its issuers. @throws NotApplicable without the export of the server */
export function chainOf({ licensor }: Tester): readonly string[] {
  return held(licensor, 'the chain of the server is known from its export').chain
}
