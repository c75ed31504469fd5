/** Unsigned publishing licences with flaws (fact sheet 4.5, 6.3). */
import { issueRightsTemplate, mode2, writePublishingLicenseDraft, type ContentKey } from '@sealward/xrml'
import type { Holdings } from '../holdings.ts'
import type { DraftFlaws } from '../row.ts'
import { licenseParts, underOtherId } from './license-parts.ts'
import { random, stranger } from './strangers.ts'
import { replaced } from './texts.ts'

/**
 * @param contentId braced GUID of the content, where it is known already
 * @throws NotApplicable if the server does not let the user publish
 */
export async function draft(holdings: Holdings, flaws: DraftFlaws = {}, contentId?: string): Promise<string> {
  const { certificate } = await holdings.clientLicensor()
  const elsewhere = await stranger('server', mode2)
  const own = flaws.otherServerId === true ? underOtherId(certificate.issuer) : certificate.issuer
  const server = flaws.sealedElsewhere === true ? elsewhere.principal : own
  const { url, tester } = holdings
  const parts = licenseParts({ url, server, owner: tester.user.address, readable: true, contentId })
  const text = writePublishingLicenseDraft({
    ...parts,
    ...(flaws.strangeTemplate === true ? { rightsData: await strangeTemplate() } : {}),
    ...(flaws.des === true ? { contentKey: desKey(parts.contentKey) } : {}),
  })
  const loose =
    flaws.unbound === true ? replaced(text, /<PRINCIPAL internal-id="1">/, '<PRINCIPAL internal-id="2">') : text
  return flaws.withoutPrincipal === true
    ? replaced(loose, /<ISSUEDPRINCIPALS>[^]*<\/ISSUEDPRINCIPALS>/, '<ISSUEDPRINCIPALS></ISSUEDPRINCIPALS>')
    : loose
}

async function strangeTemplate(): Promise<string> {
  const { principal, key } = await stranger('server', mode2)
  return issueRightsTemplate({
    id: '{7a0b1f40-4a54-49f0-a2c9-5e2b9c1d0e99}',
    issuedAt: new Date(),
    names: [{ lcid: 1033, name: 'Harbour Confidential', description: 'Of another server' }],
    grants: [{ to: 'ANYONE', rights: ['VIEW'] }],
    licensor: principal,
    publishingUrl: 'https://rms.harbour.example/_wmcs/licensing',
    key,
  })
}

/** KeyHeader (MS-RMPR 2.2.9.1.13.1) of a DES key: eight bytes, blocks of eight. The rights data stay encrypted with AES. */
function desKey({ mode, key }: ContentKey): ContentKey {
  const payload = Buffer.alloc(20)
  payload.writeUInt16LE(20, 0)
  payload.writeUInt16LE(0xffff, 2)
  payload.writeUInt16LE(8, 4)
  payload.writeUInt16LE(8, 6)
  payload.set(random(8), 12)
  return { mode, key, payload }
}
