/**
 * The structure of an Office document that is encrypted with a password (MS-OFFCRYPTO 2.3.4.10), with random bytes where
 * the verifiers and the content would be: it is to be recognised, not opened.
 */
import { contentOf, memorySink, type NewEntry, writeCompoundFile } from '@sealward/formats'
import { element } from '@sealward/xrml'
import type { RandomBytes } from '../randomness.ts'

const transformId = '{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}'
const dataSpace = 'StrongEncryptionDataSpace'
const transform = 'StrongEncryptionTransform'
const contentBytes = 6144

export function writePasswordEncrypted(random: RandomBytes): Uint8Array {
  const sink = memorySink()
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(contentBytes - 100))
  writeCompoundFile(
    storage('', [
      storage('\x06DataSpaces', [
        stream('Version', Buffer.concat([text('Microsoft.Container.DataSpaces'), versions()])),
        stream('DataSpaceMap', dataSpaceMap()),
        storage('DataSpaceInfo', [stream(dataSpace, Buffer.concat([numbers(8, 1), text(transform)]))]),
        storage('TransformInfo', [storage(transform, [stream('\x06Primary', transformInfo())])]),
      ]),
      stream('EncryptionInfo', encryptionInfo(random)),
      stream('EncryptedPackage', Buffer.concat([size, random(contentBytes)])),
    ]),
    sink,
  )
  return sink.bytes()
}

function dataSpaceMap(): Buffer {
  const entry = Buffer.concat([numbers(1, 0), text('EncryptedPackage'), text(dataSpace)])
  return Buffer.concat([numbers(8, 1, entry.length + 4), entry])
}

function transformInfo(): Buffer {
  const id = text(transformId)
  const name = text('Microsoft.Container.EncryptionTransform')
  // Behind the header: no encryption name, block size and cipher mode of no meaning (MS-OFFCRYPTO 2.1.9).
  return Buffer.concat([numbers(8 + id.length, 1), id, name, versions(), numbers(0, 0, 0, 4)])
}

/** The agile description: version 4.4, then XML. */
function encryptionInfo(random: RandomBytes): Buffer {
  const base64 = (bytes: number): string => Buffer.from(random(bytes)).toString('base64')
  const cipher = {
    saltSize: '16',
    blockSize: '16',
    keyBits: '256',
    hashSize: '64',
    cipherAlgorithm: 'AES',
    cipherChaining: 'ChainingModeCBC',
    hashAlgorithm: 'SHA512',
  }
  const password = element('p:encryptedKey', {
    spinCount: '100000',
    ...cipher,
    saltValue: base64(16),
    encryptedVerifierHashInput: base64(16),
    encryptedVerifierHashValue: base64(64),
    encryptedKeyValue: base64(32),
  })
  const encryptor = element(
    'keyEncryptor',
    { uri: 'http://schemas.microsoft.com/office/2006/keyEncryptor/password' },
    password,
  )
  const xml = element(
    'encryption',
    {
      xmlns: 'http://schemas.microsoft.com/office/2006/encryption',
      'xmlns:p': 'http://schemas.microsoft.com/office/2006/keyEncryptor/password',
    },
    element('keyData', { ...cipher, saltValue: base64(16) }),
    element('dataIntegrity', { encryptedHmacKey: base64(64), encryptedHmacValue: base64(64) }),
    element('keyEncryptors', {}, encryptor),
  )
  const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
  return Buffer.concat([numbers(0x0004_0004, 0x40), Buffer.from(declaration + xml)])
}

function versions(): Buffer {
  return numbers(1, 1, 1)
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4)
  return bytes
}

/** UNICODE-LP-P4 (MS-OFFCRYPTO 2.1.2). */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf16le')
  return Buffer.concat([numbers(bytes.length), bytes, Buffer.alloc(-bytes.length & 3)])
}

function storage(name: string, children: readonly NewEntry[]): NewEntry & { readonly kind: 'storage' } {
  return { kind: 'storage', name, children }
}

function stream(name: string, bytes: Uint8Array): NewEntry {
  return { kind: 'stream', name, content: contentOf(bytes) }
}
