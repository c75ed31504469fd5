/** For tests: what a client does on its side of the service, for one person at the one machine that everybody shares. */
import assert from 'node:assert/strict'
import { createPublicKey, randomBytes, randomUUID } from 'node:crypto'
import {
  element,
  isRightsError,
  openAccountKey,
  openClientLicensorKey,
  openUseLicense,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parseUseLicense,
  parseXrml,
  publicKeyFromKeyObject,
  signPublishingLicenseOffline,
  softwareKeyHandle,
  textElement,
  writeContentKey,
  writeOwner,
  writeRightsData,
  type ContentKey,
  type Grant,
  type KeyHandle,
  type PublicKey,
  type PublishingLicenseParts,
  type RightsDataInput,
  type UseLicense,
} from '@sealward/xrml'
import { traceDecision } from '../administration/explain-decision.ts'
import { acquireLicense } from './acquire-license/index.ts'
import { certify } from './certify.ts'
import { issueClientLicensor } from './client-licensor.ts'
import { at, info, machineKeyOf, type TestCluster } from './cluster.fixture.ts'
import { enrolMachine } from './enrol-machine.ts'
import type { Caller } from './ports.ts'

/** One person at one machine with an account certificate. */
export interface TestAccount {
  readonly caller: Caller
  readonly chain: readonly string[]
  readonly key: KeyHandle
  readonly machineChain: readonly string[]
}

export async function signUp(cluster: TestCluster, name: string): Promise<TestAccount> {
  const { context } = cluster
  const caller = await cluster.caller(name)
  const machine = await machineKeyOf(cluster)
  const machineKey = publicKeyFromKeyObject(createPublicKey(machine))
  const { chain: machineChain } = await enrolMachine(context, { caller, info, machineKey })
  const { chain } = await certify(context, { caller, info, machineChain, persistent: true })
  const certificate = parseAccountCertificate(parseXrml(at(chain, 0)))
  const key = softwareKeyHandle(await openAccountKey(certificate, softwareKeyHandle(machine)))
  return { caller, chain, key, machineChain }
}

export interface OfflinePolicy {
  readonly grants: readonly Grant[]
  readonly owner?: string
  readonly preconditions?: RightsDataInput['preconditions']
  /** Instead of a custom policy. */
  readonly rightsData?: string
  readonly contentKey?: ContentKey
  readonly additions?: string
  /** Instead of the addresses of the service. */
  readonly parts?: Partial<PublishingLicenseParts>
  /** REFRESH markup. */
  readonly refresh?: string
  /** Instead of the server's key: what a forger seals to. */
  readonly sealTo?: PublicKey
  /** Instead of the server's identifier: GUID in braces. */
  readonly serverId?: string
}

export interface OfflineLicense {
  /** Publishing licence and client licensor certificate. */
  readonly chain: readonly string[]
  readonly contentKey: ContentKey
}

/** What a client does that publishes without asking. */
export async function publishOffline(
  cluster: TestCluster,
  account: TestAccount,
  policy: OfflinePolicy,
): Promise<OfflineLicense> {
  const { context } = cluster
  const issuedAt = context.clock.now()
  const { chain } = await issueClientLicensor(context, { info, accountChain: account.chain })
  const certificate = parseClientLicensorCertificate(parseXrml(at(chain, 0)))
  const key = softwareKeyHandle(await openClientLicensorKey(certificate, account.key))
  const owner = { idType: 'Windows', id: '', address: policy.owner ?? account.caller.user.address }
  const contentId = `{${randomUUID()}}`
  const contentKey = policy.contentKey ?? writeContentKey('cbc4k', randomBytes(32))
  const { issuer } = certificate
  const content =
    policy.serverId === undefined ? issuer.content : issuer.content.replace(issuer.object.id, policy.serverId)
  const license = await signPublishingLicenseOffline({
    issuedAt,
    licensingUrl: context.cluster.licensingUrl,
    server: { ...issuer, content, publicKey: policy.sealTo ?? issuer.publicKey },
    contentKey,
    work: element(
      'WORK',
      {},
      element('OBJECT', {}, textElement('ID', { type: 'MS-GUID' }, contentId)),
      writeOwner(owner),
    ),
    rightsData:
      policy.rightsData ??
      writeRightsData({
        issuedAt,
        contentId,
        owner,
        names: [],
        grants: policy.grants,
        ...(policy.refresh === undefined ? {} : { refresh: policy.refresh }),
        ...(policy.preconditions === undefined ? {} : { preconditions: policy.preconditions }),
      }),
    ...(policy.additions === undefined ? {} : { additions: policy.additions }),
    ...policy.parts,
    random: randomBytes,
    licensor: certificate.principal,
    key,
    clientVersion: '1.0.0.0',
  })
  return { chain: [license, at(chain, 0)], contentKey }
}

export interface OpenedUse {
  readonly license: UseLicense
  readonly contentKey: ContentKey
  readonly rights: readonly string[]
}

/** Asks for a use licence and opens it. @throws RightsError the refusals of AcquireLicense */
export async function openAs(
  cluster: TestCluster,
  account: TestAccount,
  publishingLicense: readonly string[],
): Promise<OpenedUse> {
  const { chain } = await agreed(cluster, account, publishingLicense, () =>
    acquireLicense(cluster.context, { info, accountChain: account.chain, publishingLicense }),
  )
  const license = parseUseLicense(parseXrml(at(chain, 0)))
  return {
    license,
    contentKey: await openUseLicense(license, account.key),
    rights: license.rights.map((entry) => entry.right),
  }
}

/** What the explanation does not look at: the account certificate, the machine behind it, and how often somebody failed. */
const ofTheCertificate: readonly string[] = [
  'account-certificate-expired',
  'account-certificate-not-callers',
  'account-certificate-signature-invalid',
  'account-certificate-unexpected',
  'account-certificate-untrusted',
  'credential-too-new',
  'cryptographic-mode-mismatch',
  'machine-excluded',
  'unsealing-throttled',
]

/**
 * Every decision of every test, and its explanation beforehand: both say the same, and the explanation changes nothing that
 * the decision depends on.
 */
async function agreed<T>(
  { context }: TestCluster,
  account: TestAccount,
  publishingLicense: readonly string[],
  acquire: () => Promise<T>,
): Promise<T> {
  const { address, id } = account.caller.user
  // A certificate is somebody's for ever; an address, which explanations are about, may have gone to somebody else.
  const holder = await context.directory.findByAddress(address).catch(() => undefined)
  if (holder !== undefined && holder.id !== id) return acquire()
  const ask = (): ReturnType<typeof traceDecision> =>
    traceDecision({ core: context, serialized: publishingLicense.join(''), address })
  const explained = await ask().catch((error: unknown) => error)
  if (isRightsError(explained, 'unsealing-throttled')) return acquire()
  try {
    const acquired = await acquire()
    assert.ok(explained !== null && typeof explained === 'object' && 'granted' in explained, String(explained))
    assert.equal(explained.granted, true, JSON.stringify(explained))
    return acquired
  } catch (error) {
    if (!isRightsError(error) || ofTheCertificate.includes(error.code)) throw error
    const said = isRightsError(explained) ? explained.code : (explained as { readonly reason?: string }).reason
    // A key of the account alone may be excluded: the person is not.
    const ofTheKey = error.code === 'account-excluded' && said !== 'account-excluded'
    if (!ofTheKey) assert.equal(said, error.code)
    throw error
  }
}
