/** One of everything for tests: a small hierarchy in one cryptographic mode, with every certificate and licence below it. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { parseAccountCertificate, issueAccountCertificate } from './certificates/account-certificate.ts'
import {
  issueClientLicensorCertificate,
  parseClientLicensorCertificate,
} from './certificates/client-licensor-certificate.ts'
import { issueCertificate, parseIssuingCertificate, rootIssuer } from './certificates/issuing-certificate.ts'
import type { IssuingCertificate } from './certificates/issuing-certificate.ts'
import { issueMachineCertificate, parseMachineCertificate } from './certificates/machine-certificate.ts'
import { writeContentKey } from './crypto/key-header.ts'
import { mode1, modeOfKey, type CryptographicMode, type HashName } from './crypto/modes.ts'
import { parseXrml, type XrmlDocument } from './document.ts'
import { writeObject } from './elements/object.ts'
import { writeOwner } from './elements/work.ts'
import { testKey, type TestKey } from './keys.fixture.ts'
import {
  parsePublishingLicense,
  signPublishingLicenseOffline,
  signPublishingLicenseOnline,
} from './licenses/publishing-license.ts'
import { issueRightsTemplate, writeRightsData } from './licenses/rights-policy.ts'
import { issueOwnerUseLicense, issueUseLicense } from './licenses/use-license.ts'
import { signXrml } from './signature.ts'
import { element } from './text/writer.ts'

export const guid = (digit: string): string =>
  `{${digit.repeat(8)}-${digit.repeat(4)}-4${digit.repeat(3)}-a${digit.repeat(3)}-${digit.repeat(12)}}`
export const at = (text: string): Date => new Date(`${text}Z`)
export const random = (size: number): Uint8Array => randomBytes(size)

export const issuedAt = at('2020-05-04T08:15')
export const forever = { from: at('2010-01-01T00:00'), until: at('2250-01-01T00:00') }
export const accountValidity = { from: at('2020-05-03T08:15'), until: at('2021-05-04T08:15') }
export const owner = { idType: 'Windows', id: '', address: 'ada@lakeside.example' } as const
export const licensingUrl = 'http://rms.lakeside.example/_wmcs/licensing'

/** A copy of a document with another BODY, signed with a key of the test's choice. */
export async function resigned(
  document: XrmlDocument,
  key: TestKey,
  change: (body: string) => string,
  hash: HashName = modeOfKey(key.publicKey).hash,
): Promise<XrmlDocument> {
  const body = change(document.bodyText)
  assert.notEqual(body, document.bodyText)
  return parseXrml(await signXrml({ body, key: key.handle, hash, order: 'server' }))
}

const hierarchies = new Map<number, ReturnType<typeof buildHierarchy>>()

/** The hierarchy of that mode; made once per test file. */
export function hierarchy(mode: CryptographicMode = mode1): ReturnType<typeof buildHierarchy> {
  const known = hierarchies.get(mode.number)
  if (known !== undefined) return known
  const built = buildHierarchy(mode)
  hierarchies.set(mode.number, built)
  return built
}

interface IssuingFields {
  readonly issuer: string
  readonly signer: TestKey
  readonly kind: 'DRM-CA-Certificate' | 'Server-Licensor-Certificate'
  readonly object: { readonly type: string; readonly idType: string; readonly id: string; readonly name?: string }
  readonly key: TestKey
  readonly digit: string
  readonly hash: HashName
}

function issuing(fields: IssuingFields): Promise<string> {
  return issueCertificate({
    kind: fields.kind,
    certificateId: guid(fields.digit),
    issuedAt,
    issuer: fields.issuer,
    subject: fields.object,
    subjectKey: fields.key.publicKey,
    issueRange: forever,
    key: fields.signer.handle,
    hash: fields.hash,
  })
}

function parsed(text: string): IssuingCertificate {
  return parseIssuingCertificate(parseXrml(text))
}

async function buildHierarchy(mode: CryptographicMode) {
  const names = ['root', 'authority', 'service', 'server', 'processor', 'machine', 'account', 'client'] as const
  const pairs = await Promise.all(names.map((name) => testKey(name, name === 'root' ? 2048 : mode.keyBits)))
  const keyOf = (name: (typeof names)[number]): TestKey => pairs[names.indexOf(name)] as TestKey
  const keys = Object.fromEntries(names.map((name) => [name, keyOf(name)])) as Readonly<
    Record<(typeof names)[number], TestKey>
  >
  const { hash } = mode

  const authorityText = await issuing({
    issuer: rootIssuer('Lakeside Root', keys.root.publicKey),
    signer: keys.root,
    kind: 'DRM-CA-Certificate',
    object: { type: 'DRM-Certificate-Authority', idType: 'ascii-tag', id: 'Lakeside CA', name: 'Lakeside CA' },
    key: keys.authority,
    digit: '1',
    hash,
  })
  const below = (
    object: { readonly type: string; readonly name: string },
    key: TestKey,
    digit: string,
  ): Promise<string> =>
    issuing({
      issuer: parsed(authorityText).principal.content,
      signer: keys.authority,
      kind: 'Server-Licensor-Certificate',
      object: { ...object, idType: 'MS-GUID', id: guid(digit) },
      key,
      digit,
      hash,
    })
  const serviceText = await below({ type: 'MS-DRM-Server', name: 'Lakeside Enrolment' }, keys.service, '2')
  const processorText = await below(
    { type: 'MS-DRM-Desktop-Security-Processor', name: 'Lakeside Machine Activation' },
    keys.processor,
    '3',
  )
  const serverText = await issuing({
    issuer: parsed(serviceText).principal.content,
    signer: keys.service,
    kind: 'Server-Licensor-Certificate',
    object: { type: 'MS-DRM-Server', idType: 'MS-GUID', id: guid('4') },
    key: keys.server,
    digit: '5',
    hash,
  })
  const licensor = parsed(serverText).principal
  const machineText = await issueMachineCertificate({
    certificateId: guid('6'),
    machineId: guid('7'),
    issuedAt,
    issuer: parsed(processorText).principal,
    machineKey: keys.machine.publicKey,
    key: keys.processor.handle,
    hash,
  })
  const accountText = await issueAccountCertificate({
    certificateId: guid('8'),
    issuedAt,
    validity: accountValidity,
    licensor,
    identity: {
      idType: 'Windows',
      id: 'S-1-5-21-1-2-3-1001',
      address: owner.address,
      aliases: ['Ada.L@lakeside.example'],
    },
    accountPublicKey: keys.account.publicKey,
    sealTo: { machine: parseMachineCertificate(parseXrml(machineText)), accountKey: keys.account.privateKey },
    credentialType: 'Persistent',
    certificationUrl: 'http://rms.lakeside.example/_wmcs/certification',
    externalCertificationUrl: 'https://rms.lakeside.example/_wmcs/certification',
    key: keys.server.handle,
    random,
  })
  const account = parseAccountCertificate(parseXrml(accountText))
  const clientText = await issueClientLicensorCertificate({
    certificateId: guid('9'),
    issuedAt,
    licensor,
    account,
    clientKey: keys.client.privateKey,
    clientPublicKey: keys.client.publicKey,
    licensingUrl,
    externalLicensingUrl: 'https://rms.lakeside.example/_wmcs/licensing',
    key: keys.server.handle,
    random,
  })
  const client = parseClientLicensorCertificate(parseXrml(clientText))
  const templateText = await issueRightsTemplate({
    id: guid('a'),
    names: [{ lcid: 1033, name: 'Read <only>', description: 'Staff & guests' }],
    grants: [{ to: 'staff@lakeside.example', rights: ['VIEW', 'DOCEDIT'] }],
    issuedAt,
    licensor,
    publishingUrl: licensingUrl,
    key: keys.server.handle,
  })

  const contentKey = writeContentKey('cbc4k', random(mode.number === 1 ? 16 : 32))
  const contentId = guid('b')
  const parts = {
    issuedAt,
    licensingUrl,
    server: licensor,
    contentKey,
    work: element('WORK', {}, writeObject({ idType: 'MS-GUID', id: contentId }), writeOwner(owner)),
    rightsData: writeRightsData({
      names: [],
      grants: [{ to: 'ben@lakeside.example', rights: ['VIEW'] }],
      issuedAt,
      contentId,
      owner,
    }),
    random,
  }
  const onlineText = await signPublishingLicenseOnline({ ...parts, licensor, key: keys.server.handle })
  const offlineText = await signPublishingLicenseOffline({
    ...parts,
    server: client.issuer,
    licensor: client.principal,
    key: keys.client.handle,
    clientVersion: '1.0.0.0',
  })
  const use = {
    licenseId: guid('c'),
    issuedAt,
    account,
    publishingLicense: parsePublishingLicense(parseXrml(offlineText)),
    contentKey,
    random,
  }
  const useText = await issueUseLicense({
    ...use,
    licensor,
    key: keys.server.handle,
    rights: [
      { right: 'VIEW', times: { ranges: [accountValidity], intervals: [30 * 86_400_000] } },
      { right: 'DOCEDIT', times: { ranges: [], intervals: [] } },
    ],
  })
  const ownerUseText = await issueOwnerUseLicense({ ...use, licensor: client.principal, key: keys.client.handle })

  const texts = {
    authority: authorityText,
    service: serviceText,
    server: serverText,
    processor: processorText,
    machine: machineText,
    account: accountText,
    client: clientText,
    template: templateText,
    online: onlineText,
    offline: offlineText,
    use: useText,
    ownerUse: ownerUseText,
  }
  const documents = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, parseXrml(text)]),
  ) as Readonly<Record<keyof typeof texts, XrmlDocument>>
  return { mode, keys, texts, documents, licensor, account, client, contentKey, parts, use }
}
