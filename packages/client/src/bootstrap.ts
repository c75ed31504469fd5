/**
 * How a user gets an identity (MS-RMPR 1.3.1): the machine's key is made here and certified (SPC), and the service
 * certifies the user (RAC) with a key that only this machine's key opens. That is all that opening needs; protecting takes
 * a client licensor certificate besides. What is in the store and still valid is used again; the rest is asked for anew.
 */
import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import {
  isRightsError,
  openAccountKey,
  parseAccountCertificate,
  parseMachineCertificate,
  parseSignedXrml,
  publicKeyFromKeyObject,
  RightsError,
  samePublicKey,
  softwareKeyHandle,
} from '@sealward/xrml'
import type { AccountCertificate, CryptographicMode, KeyHandle, PublicKey } from '@sealward/xrml'
import { findCertification, type CertificationService } from './certification-service.ts'
import type { ClientStore } from './client-store.ts'
import { enrolMachine } from './enrol-machine.ts'
import { callSoap } from './soap-door.ts'
import { anchorsOf, requireTrustedChain, type BootstrapInput } from './trust.ts'

/** Who the user is: enough to open what others protected. */
export interface ClientIdentity {
  readonly account: AccountCertificate
  /** RAC first. */
  readonly accountChain: readonly string[]
  readonly accountKey: KeyHandle
  /** Fingerprints of the keys that this user's chains must lead to. */
  readonly anchors: ReadonlySet<string>
}

const generateRsa = promisify(generateKeyPair)

/**
 * The user's identity, from the store or from the service.
 *
 * ```ts
 * const identity = await bootstrap({ connection, store, trust: { anchors: new Set([fingerprint]), onFirstUse: false } })
 * ```
 * @throws RightsError `chain-anchor-untrusted`, `certificate-not-ours`, `service-host-not-allowed` if the root cluster of a
 * service that only licenses is on a host that nobody allowed, and those of store, transport and chains
 */
export async function bootstrap(input: BootstrapInput): Promise<ClientIdentity> {
  const { store } = input
  const machineKey = store.readMachineKey()
  const stored = store.readChain('account')
  if (machineKey !== undefined && stored !== undefined) {
    const identity = await openIdentity(input, stored, machineKey).catch(() => undefined)
    // Whatever is wrong with stored certificates, new ones cure it.
    if (identity !== undefined) return identity
  }
  const certification = await findCertification(input)
  const key = await machineKeyOf(certification.mode, machineKey, store)
  const chain = await certify(input, certification, key)
  const identity = await openIdentity(input, chain, key)
  store.writeChain('account', chain)
  return identity
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

async function certify(
  { connection, store }: BootstrapInput,
  certification: CertificationService,
  key: KeyObject,
): Promise<readonly string[]> {
  const publicKey = machinePublicKey(key)
  const certifyWith = async (machineCertificateChain: readonly string[]): Promise<readonly string[]> => {
    const request = { machineCertificateChain, persistent: true }
    return (await callSoap(connection, certification.directory, 'Certify', request)).certificateChain
  }
  const stored = store.readChain('machine')
  if (stored !== undefined && certifiesMachine(stored, publicKey)) {
    try {
      return await certifyWith(stored)
    } catch (error) {
      // Another service may certify people than the one that certified this machine.
      if (!isRightsError(error, 'machine-chain-untrusted')) throw error
    }
  }
  const chain = await enrolMachine(connection, certification.machine, publicKey)
  if (!certifiesMachine(chain, publicKey)) throw new RightsError('certificate-not-ours', { detail: 'the machine' })
  store.writeChain('machine', chain)
  return certifyWith(chain)
}

function certifiesMachine([leaf]: readonly string[], publicKey: PublicKey): boolean {
  if (leaf === undefined) return false
  return samePublicKey(parseMachineCertificate(parseSignedXrml(leaf)).principal.publicKey, publicKey)
}

/** Verifies everything before any key is taken out of it. */
async function openIdentity(
  input: BootstrapInput,
  accountChain: readonly string[],
  machineKey: KeyObject,
): Promise<ClientIdentity> {
  const { connection } = input
  const anchors = anchorsOf(input)
  const [rac] = requireTrustedChain(accountChain, anchors, connection.now())
  if (rac === undefined) throw new RightsError('certificate-not-ours')
  const account = parseAccountCertificate(rac)
  if (!account.addresses.includes(connection.user.toLowerCase())) {
    throw new RightsError('certificate-not-ours', { detail: 'another user' })
  }
  const accountKey = softwareKeyHandle(await openAccountKey(account, softwareKeyHandle(machineKey)))
  return { account, accountChain, accountKey, anchors }
}
