/**
 * How a user gets certificates (MS-RMPR 1.3.1): the machine's key is made here and certified (SPC), the service certifies
 * the user (RAC) with a key that only this machine's key opens, and gives a certificate to publish offline (CLC). What
 * is in the store and still valid is used again; the rest is asked for anew.
 */
import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import {
  modeOfKey,
  openAccountKey,
  openClientLicensorKey,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parseMachineCertificate,
  parseSignedXrml,
  publicKeyFromKeyObject,
  RightsError,
  sameId,
  samePublicKey,
  softwareKeyHandle,
  within,
} from '@sealward/xrml'
import type {
  AccountCertificate,
  ClientLicensorCertificate,
  CryptographicMode,
  KeyHandle,
  PublicKey,
} from '@sealward/xrml'
import type { ClientStore } from './client-store.ts'
import type { Connection } from './connection.ts'
import { enrolMachine } from './enrol-machine.ts'
import { callSoap } from './soap-door.ts'
import { requireTrustedChain, rootOf, serverLicensorOf } from './trust.ts'

export interface Trust {
  /** Fingerprints of pinned keys. */
  readonly anchors: ReadonlySet<string>
  readonly onFirstUse: boolean
}

export interface ClientIdentity {
  readonly account: AccountCertificate
  /** RAC first. */
  readonly accountChain: readonly string[]
  readonly accountKey: KeyHandle
  readonly clientLicensor: ClientLicensorCertificate
  /** CLC first. */
  readonly clientLicensorChain: readonly string[]
  readonly clientLicensorKey: KeyHandle
  /** SLC first. */
  readonly serverChain: readonly string[]
  /** Fingerprints of the keys that this user's chains must lead to. */
  readonly anchors: ReadonlySet<string>
}

export interface BootstrapInput {
  readonly connection: Connection
  readonly store: ClientStore
  readonly trust: Trust
}

interface Chains {
  readonly account: readonly string[]
  readonly clientLicensor: readonly string[]
  readonly server: readonly string[]
}

const generateRsa = promisify(generateKeyPair)

/**
 * The user's identity, from the store or from the service.
 *
 * ```ts
 * const identity = await bootstrap({ connection, store, trust: { anchors: new Set([fingerprint]), onFirstUse: false } })
 * ```
 * @throws RightsError `chain-anchor-untrusted`, `certificate-not-ours`, and those of store, transport and chains
 */
export async function bootstrap(input: BootstrapInput): Promise<ClientIdentity> {
  const { connection, store } = input
  const machineKey = store.readMachineKey()
  const stored = storedChains(store)
  if (machineKey !== undefined && stored !== undefined) {
    const identity = await openIdentity(input, stored, machineKey).catch(() => undefined)
    // Whatever is wrong with stored certificates, new ones cure it.
    if (identity !== undefined) return identity
  }
  const { response: server, mode } = await askForServer(input)
  const key = await machineKeyOf(mode, machineKey, store)
  const machine = await machineChain(input, key)
  const { certificateChain: account } = await callSoap(connection, connection.service.certification, 'Certify', {
    machineCertificateChain: machine,
    persistent: true,
  })
  const answer = await callSoap(connection, connection.service.licensing, 'GetClientLicensorCert', {
    requests: [{ personaCertificates: account }],
  })
  const clientLicensor = answer.responses[0]?.certificateChain ?? []
  const chains: Chains = { account, clientLicensor, server }
  const identity = await openIdentity(input, chains, key)
  store.writeChain('account', account)
  store.writeChain('client-licensor', clientLicensor)
  store.writeChain('server-licensor', server)
  return identity
}

function storedChains(store: ClientStore): Chains | undefined {
  const account = store.readChain('account')
  const clientLicensor = store.readChain('client-licensor')
  const server = store.readChain('server-licensor')
  return account && clientLicensor && server && { account, clientLicensor, server }
}

/** The keys that this user trusts: those of the configuration, or the root pinned at first use. */
function anchorsOf({ store, trust }: BootstrapInput): ReadonlySet<string> {
  return trust.anchors.size > 0 || !trust.onFirstUse ? trust.anchors : new Set(store.readAnchors())
}

async function askForServer(
  input: BootstrapInput,
): Promise<{ readonly response: readonly string[]; readonly mode: CryptographicMode }> {
  const { connection, store, trust } = input
  const now = connection.now()
  const answer = await callSoap(connection, connection.service.licensing, 'GetLicensorCertificate', {})
  if (trust.onFirstUse && anchorsOf(input).size === 0) store.writeAnchors([rootOf(answer.certificateChain, now)])
  const documents = requireTrustedChain(answer.certificateChain, anchorsOf(input), now)
  return { response: answer.certificateChain, mode: modeOfKey(serverLicensorOf(documents).principal.publicKey) }
}

/** One machine key per cryptographic mode; a service that changed its mode needs a new one. */
async function machineKeyOf(
  mode: CryptographicMode,
  stored: KeyObject | undefined,
  store: ClientStore,
): Promise<KeyObject> {
  if (stored !== undefined && machinePublicKey(stored).bits === mode.keyBits) return stored
  const { privateKey } = await generateRsa('rsa', { modulusLength: mode.keyBits, publicExponent: 65537 })
  store.forgetCertificates()
  store.writeMachineKey(privateKey)
  return privateKey
}

function machinePublicKey(key: KeyObject): PublicKey {
  return publicKeyFromKeyObject(createPublicKey(key))
}

async function machineChain({ connection, store }: BootstrapInput, key: KeyObject): Promise<readonly string[]> {
  const publicKey = machinePublicKey(key)
  const stored = store.readChain('machine')
  if (stored !== undefined && certifiesMachine(stored, publicKey)) return stored
  const chain = await enrolMachine(connection, publicKey)
  if (!certifiesMachine(chain, publicKey)) throw new RightsError('certificate-not-ours', { detail: 'the machine' })
  store.writeChain('machine', chain)
  return chain
}

function certifiesMachine([leaf]: readonly string[], publicKey: PublicKey): boolean {
  if (leaf === undefined) return false
  return samePublicKey(parseMachineCertificate(parseSignedXrml(leaf)).principal.publicKey, publicKey)
}

/** Verifies everything before any key is taken out of it. */
async function openIdentity(input: BootstrapInput, chains: Chains, machineKey: KeyObject): Promise<ClientIdentity> {
  const { connection } = input
  const now = connection.now()
  const anchors = anchorsOf(input)
  const trusted = (chain: readonly string[]) => requireTrustedChain(chain, anchors, now)[0]
  const [rac, clc] = [trusted(chains.account), trusted(chains.clientLicensor)]
  if (rac === undefined || clc === undefined) throw new RightsError('certificate-not-ours')
  requireTrustedChain(chains.server, anchors, now)
  const account = parseAccountCertificate(rac)
  const clientLicensor = parseClientLicensorCertificate(clc)
  if (!account.addresses.includes(connection.user.toLowerCase())) {
    throw new RightsError('certificate-not-ours', { detail: 'another user' })
  }
  if (!sameId(account.principal.object, clientLicensor.principal.object) || !within(now, clientLicensor.issueRange)) {
    throw new RightsError('certificate-not-ours', { detail: 'the client licensor certificate' })
  }
  const accountKey = softwareKeyHandle(await openAccountKey(account, softwareKeyHandle(machineKey)))
  return {
    account,
    accountChain: chains.account,
    accountKey,
    clientLicensor,
    clientLicensorChain: chains.clientLicensor,
    clientLicensorKey: softwareKeyHandle(await openClientLicensorKey(clientLicensor, accountKey)),
    serverChain: chains.server,
    anchors,
  }
}
