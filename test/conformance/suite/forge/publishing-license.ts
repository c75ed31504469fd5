/** Publishing licences with flaws (fact sheet 4.3, 6.3, 6.4), with the certificate that signed them. */
import { createPublicKey } from 'node:crypto'
import {
  issueClientLicensorCertificate,
  mode2,
  parseClientLicensorCertificate,
  parseXrml,
  publicKeyFromKeyObject,
  signPublishingLicenseOffline,
  signPublishingLicenseOnline,
} from '@sealward/xrml'
import type { Holdings } from '../holdings.ts'
import type { LicenseFlaws } from '../row.ts'
import { held, type Issuer } from '../tester.ts'
import { keyPair, random, stranger } from './strangers.ts'
import { licenseParts, underOtherId, type PartsInput } from './license-parts.ts'
import { replaced, resigned, tampered } from './texts.ts'

export interface LicenseOptions {
  /** Braced GUID. */
  readonly contentId?: string
}

/** @throws NotApplicable if the flaws need a key that the tester does not hold */
export async function publishingLicense(
  holdings: Holdings,
  flaws: LicenseFlaws = {},
  options: LicenseOptions = {},
): Promise<readonly string[]> {
  const [leaf = '', ...signers] = await untampered(holdings, flaws, options)
  return [
    flaws.tampered === true ? tampered(leaf) : leaf,
    ...(flaws.tamperedSigner === true ? signers.map(tampered) : signers),
  ]
}

async function untampered(
  holdings: Holdings,
  flaws: LicenseFlaws,
  { contentId }: LicenseOptions,
): Promise<readonly string[]> {
  const { clientLicensor, url, tester } = holdings
  const common = { url, owner: tester.user.address, readable: flaws.noRights !== true, contentId }
  if (flaws.mode2 === true) {
    return signedByServer(held(tester.mode2Licensor, 'no Mode 2 key that the server holds as well'), common)
  }
  if (flaws.noRights === true || flaws.editable !== undefined) {
    const licensor = held(tester.licensor, 'the licensor key of the server is needed to sign such a licence')
    const editable = flaws.editable === true
    const owner = flaws.noRights === true ? 'nobody@elsewhere.example' : common.owner
    return dated(await signedByServer(licensor, { ...common, owner, editable }), licensor, flaws)
  }
  const { certificate } = await clientLicensor()
  const signer = flaws.strangeSigner === true ? await strangeSigner(holdings) : await ownSigner(holdings)
  const own = flaws.otherServerId === true ? underOtherId(certificate.issuer) : certificate.issuer
  const server = flaws.sealedElsewhere === true ? (await stranger('server', mode2)).principal : own
  const parts = licenseParts({ ...common, server })
  const before = new Date(certificate.issueRange.from.getTime() - 2 * 86_400_000)
  const text = await signPublishingLicenseOffline({
    ...parts,
    ...(flaws.beforeSigner === true ? { issuedAt: before } : {}),
    licensor: signer.principal,
    key: signer.key,
    clientVersion: '6.1.7601.18409',
  })
  return dated([text, signer.chain[0] ?? ''], signer, flaws)
}

async function signedByServer(licensor: Issuer, input: Omit<PartsInput, 'server'>): Promise<readonly string[]> {
  const parts = licenseParts({ ...input, server: licensor.principal })
  return [await signPublishingLicenseOnline({ ...parts, licensor: licensor.principal, key: licensor.key })]
}

async function dated(
  [leaf = '', ...signers]: readonly string[],
  { key }: Issuer,
  { expired }: LicenseFlaws,
): Promise<readonly string[]> {
  if (expired !== true) return [leaf, ...signers]
  const range = '<VALIDITYTIME><FROM>2019-01-01T00:00</FROM><UNTIL>2020-01-01T00:00</UNTIL></VALIDITYTIME>'
  const later = (body: string) => replaced(body, /<\/ISSUEDTIME>/, `</ISSUEDTIME>${range}`)
  return [await resigned(leaf, key, 'client', later), ...signers]
}

async function ownSigner({ clientLicensor }: Holdings): Promise<Issuer> {
  const { certificate, chain, key } = await clientLicensor()
  return { principal: certificate.principal, key, chain }
}

/** A client licensor certificate for the same user, of a server that nobody knows. */
async function strangeSigner(holdings: Holdings): Promise<Issuer> {
  const [licensor, client] = await Promise.all([stranger('server', mode2), keyPair('client', mode2.keyBits)])
  const { certificate: account } = await holdings.account()
  const text = await issueClientLicensorCertificate({
    certificateId: '{8d7f6e15-0f3a-4c88-b9a2-1d2f6c7b8a88}',
    issuedAt: new Date(),
    licensor: licensor.principal,
    account,
    clientKey: client.privateKey,
    clientPublicKey: publicKeyFromKeyObject(createPublicKey(client.privateKey)),
    licensingUrl: 'https://rms.harbour.example/_wmcs/licensing',
    key: licensor.key,
    random,
  })
  const { principal } = parseClientLicensorCertificate(parseXrml(text))
  return { principal, key: client.handle, chain: [text] }
}
