/** Valid inputs from which the fuzzer starts. */
import { generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto'
import {
  contentOf,
  memorySink,
  memorySource,
  writeCompoundFile,
  writePfile,
  writeProtectedOffice,
} from '@sealward/formats'
import { writeTpd } from '@sealward/keys'
import { issueCertificate, publicKeyFromKeyObject, rootIssuer, softwareKeyHandle } from '@sealward/xrml'
import { password } from './targets/tpd.ts'

export type FuzzTarget = 'xrml' | 'compound-file' | 'pfile' | 'tpd' | 'json-license' | 'registration-file'

export async function seedsOf(target: FuzzTarget): Promise<readonly Uint8Array[]> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const certificate = await licensorCertificate(privateKey)
  switch (target) {
    case 'xrml':
      return [Buffer.from(certificate), Buffer.from(certificate, 'utf16le'), Buffer.from(certificate + certificate)]
    case 'compound-file':
      return [compoundFile(), protectedOffice(certificate)]
    case 'pfile':
      return (['2.0', '2.1', '3.0'] as const).map((version) => pfile(version, certificate))
    case 'tpd':
      return (['A', 'B'] as const).map((derivation) => exportFile(privateKey, certificate, derivation))
    case 'json-license':
      return [jsonLicense(privateKey), Buffer.from(JSON.stringify(offlinePolicy))]
    case 'registration-file':
      return [Buffer.from(registration()), Buffer.from(`\ufeff${registration()}`, 'utf16le')]
  }
}

const offlinePolicy = {
  crem: 'ana@lakeside.example',
  cp: { usrs: [{ usrs: ['li@lakeside.example'], rghts: ['VIEW'] }] },
}

function signed(payload: object): object {
  return { pld: JSON.stringify(payload), sig: { alg: 'SHA1', dig: 'AQID' } }
}

/** Well-formed, with signatures that nobody looks at. */
function jsonLicense(privateKey: KeyObject): Uint8Array {
  const { modulus } = softwareKeyHandle(privateKey).publicKey
  const names = {
    issto: {
      em: offlinePolicy.crem,
      pubk: { kty: 'RSA', e: '65537', n: Buffer.from(modulus).reverse().toString('base64') },
    },
    iss: { iurl: 'https://rms.lakeside.example/_wmcs/licensing' },
  }
  const content = Buffer.from('{"alg":"AES","cm":"CBC4k","k":"AQID"}').toString('base64')
  const license = {
    id: `{${randomUUID()}}`,
    cre: signed(names),
    lcd: '2026-01-01T00:00:00',
    exp: '2026-01-08T00:00:00',
    sad: { app: 'fuzzer' },
    sk: { alg: 'AES', cm: 'CBC4k', sk: 'AQID', eck: content },
    enp: 'AQID',
  }
  return Buffer.from(JSON.stringify(signed({ hdr: { ver: '1.0.0.0' }, lic: license })))
}

function registration(): string {
  const location = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\MSIPC\ServiceLocation`
  return [
    'Windows Registry Editor Version 5.00',
    '; a comment',
    `[-${location}]`,
    `[${location}\\EnterprisePublishing]`,
    '@="https://rms.lakeside.example/_wmcs/licensing"',
    `[${location}\\LicensingRedirection]`,
    String.raw`"https://old/_wmcs/licensing"="https://rms\\\"x"`,
    '"expandable"=hex(2):41,00,\\',
    '  00,00',
    '"number"=dword:0000000f',
    '"gone"=-',
    '',
  ].join('\r\n')
}

function licensorCertificate(privateKey: KeyObject): Promise<string> {
  const key = softwareKeyHandle(privateKey)
  return issueCertificate({
    kind: 'Server-Licensor-Certificate',
    certificateId: `{${randomUUID()}}`,
    issuedAt: new Date('2020-01-01T00:00Z'),
    issuer: rootIssuer('Lakeside Root', key.publicKey),
    subject: {
      type: 'MS-DRM-Server',
      idType: 'MS-GUID',
      id: `{${randomUUID()}}`,
      addresses: [{ type: 'URL', value: 'https://rms.lakeside.example/_wmcs' }],
    },
    subjectKey: publicKeyFromKeyObject(privateKey),
    issueRange: { from: new Date('2019-01-01T00:00Z'), until: new Date('2099-01-01T00:00Z') },
    key,
    hash: 'sha1',
  })
}

function compoundFile(): Uint8Array {
  const sink = memorySink()
  const root = {
    kind: 'storage' as const,
    name: 'Root Entry',
    children: [
      { kind: 'stream' as const, name: 'small', content: contentOf(randomBytes(100)) },
      { kind: 'stream' as const, name: 'large', content: contentOf(randomBytes(9000)) },
    ],
  }
  writeCompoundFile(root, sink)
  return sink.bytes()
}

const key = new Uint8Array(16).fill(7)

function protectedOffice(license: string): Uint8Array {
  const sink = memorySink()
  writeProtectedOffice(
    {
      licenseText: `<?xml version="1.0"?>${license}`,
      cipher: { mode: 'ecb', key },
      content: memorySource(Buffer.concat([Buffer.from('PK\u0003\u0004'), randomBytes(200)])),
    },
    sink,
  )
  return sink.bytes()
}

function pfile(shape: '2.0' | '2.1' | '3.0', license: string): Uint8Array {
  const sink = memorySink()
  const content = memorySource(Buffer.from('twenty bytes of text'))
  writePfile({ shape, extension: '.txt', licenseText: license, cipher: { mode: 'cbc4k', key }, content }, sink)
  return sink.bytes()
}

function exportFile(privateKey: KeyObject, certificate: string, derivation: 'A' | 'B'): Uint8Array {
  return writeTpd(
    {
      id: `{${randomUUID()}}`,
      idType: 'MS-GUID',
      cspType: 24,
      cspName: undefined,
      keyContainerName: 'lakeside',
      keyNumber: 1,
      licensorChain: [certificate],
      templates: [],
      privateKey,
    },
    { password, derivation },
  )
}
