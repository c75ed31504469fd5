/** Genuine documents to attack: an authority, a server and what the server signs, in one cryptographic mode. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import {
  issueCertificate,
  issueRightsTemplate,
  parseIssuingCertificate,
  parseXrml,
  rootIssuer,
  signPublishingLicenseOnline,
  softwareKeyHandle,
  writeContentKey,
  writeRightsData,
  type CryptographicMode,
  type KeyHandle,
} from '@sealward/xrml'

function newKey(bits: number): KeyHandle {
  return softwareKeyHandle(generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: 65537 }).privateKey)
}

export async function signedDocuments(mode: CryptographicMode): Promise<readonly string[]> {
  const [root, authority, server] = [newKey(mode.keyBits), newKey(mode.keyBits), newKey(mode.keyBits)]
  const issuedAt = new Date('2020-05-04T08:15Z')
  const issueRange = { from: new Date('2010-01-01T00:00Z'), until: new Date('2250-01-01T00:00Z') }
  const common = { issuedAt, issueRange, hash: mode.hash }
  const authorityText = await issueCertificate({
    ...common,
    kind: 'DRM-CA-Certificate',
    certificateId: '{0b2a4dcf-5d6a-4c7e-8f61-0d6d4d3c2b1a}',
    issuer: rootIssuer('Lakeside Root', root.publicKey),
    subject: { type: 'DRM-Certificate-Authority', idType: 'ascii-tag', id: 'Lakeside CA', name: 'Lakeside CA' },
    subjectKey: authority.publicKey,
    key: root,
  })
  const serverText = await issueCertificate({
    ...common,
    kind: 'Server-Licensor-Certificate',
    certificateId: '{1b2a4dcf-5d6a-4c7e-8f61-0d6d4d3c2b1a}',
    issuer: parseIssuingCertificate(parseXrml(authorityText)).principal.content,
    subject: {
      type: 'MS-DRM-Server',
      idType: 'MS-GUID',
      id: '{2b2a4dcf-5d6a-4c7e-8f61-0d6d4d3c2b1a}',
      name: 'Lakeside',
    },
    subjectKey: server.publicKey,
    key: authority,
  })
  const licensor = parseIssuingCertificate(parseXrml(serverText)).principal
  const url = 'http://rms.lakeside.example/_wmcs/licensing'
  const contentId = '{3b2a4dcf-5d6a-4c7e-8f61-0d6d4d3c2b1a}'
  const owner = { idType: 'Unspecified', id: '', address: 'ada@lakeside.example' }
  const grants = [{ to: 'ben@lakeside.example', rights: ['VIEW', 'PRINT'] }]
  const templateText = await issueRightsTemplate({
    id: '{4b2a4dcf-5d6a-4c7e-8f61-0d6d4d3c2b1a}',
    names: [{ lcid: 1033, name: 'Read only', description: 'For everybody' }],
    grants,
    issuedAt,
    licensor,
    publishingUrl: url,
    key: server,
  })
  const licenseText = await signPublishingLicenseOnline({
    issuedAt,
    licensingUrl: url,
    server: licensor,
    contentKey: writeContentKey('cbc4k', randomBytes(16)),
    work: `<WORK><OBJECT><ID type="MS-GUID">${contentId}</ID></OBJECT></WORK>`,
    rightsData: writeRightsData({ names: [], grants, issuedAt, contentId, owner }),
    licensor,
    key: server,
    random: randomBytes,
  })
  return [authorityText, serverText, templateText, licenseText]
}
