/** What a client makes of the answers of a decommissioned cluster, whoever has written that cluster. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { faultNames, readSoapCall, writeFault, writeSoapAnswer, type FaultName } from '@sealward/protocol'
import { openProtected } from '@sealward/formats'
import { isRightsError, writeContentKey, type ErrorCode } from '@sealward/xrml'
import { createClient, type Client } from './client.ts'
import type { LicensedContent } from './document-license.ts'
import { openFileSource } from './file-source.ts'
import { protectFile } from './protect.ts'
import { recoverDocument } from './recover-document.ts'
import { startTestCluster, type TestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword } from './test-cluster/world.fixture.ts'

const alice = 'alice@lakeside.example'
const sealed = writeContentKey('cbc4k', randomBytes(32))

let cluster: TestCluster
let server: Server
let folder = ''
let content: LicensedContent
/** The answer of the decommissioned cluster. */
let answer: { readonly status: number; readonly body: string }
const asked: { readonly path: string; readonly licenses: number; readonly signedIn: boolean }[] = []

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-recover-'))
  cluster = await startTestCluster({ [alice]: [] })
  const plain = join(folder, 'notes.txt')
  writeFileSync(plain, 'notes')
  const { path } = await protectFile(
    clientOf(cluster.url),
    plain,
    { grants: [{ to: alice, rights: ['VIEW'] }] },
    { publishing: 'offline' },
  )
  const source = openFileSource(path)
  content = openProtected(source)
  source.close()
  server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const call = readSoapCall(Buffer.concat(pieces), {}, 'DecommissionService')
      const licenses = call.operation === 'AcquireContentKey' ? call.request.issuanceLicense.length : 0
      asked.push({ path: request.url ?? '', licenses, signedIn: request.headers.authorization !== undefined })
      response.writeHead(answer.status, { 'content-type': 'text/xml; charset=utf-8' }).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
after(async () => {
  server.close()
  await cluster.close()
  rmSync(folder, { recursive: true })
})

function clientOf(serviceUrl: string): Client {
  return createClient({
    serviceUrl,
    user: alice,
    password: () => Buffer.from(testPassword),
    storeDirectory: join(folder, 'store'),
    trustOnFirstUse: true,
    redirectEverything: true,
  })
}

const recover = () => recoverDocument(clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), content)

function answerWith(contentKey: Uint8Array): void {
  answer = { status: 200, body: writeSoapAnswer('AcquireContentKey', { contentKey, contentKeyType: 'AES' }, '1.1') }
}

test('the key comes with its cipher mode, without certificates and discovery', async () => {
  answerWith(sealed.payload)
  const { cipher, rights, owner, expiresAt } = await recover()
  assert.equal(cipher.mode, 'cbc4k')
  assert.deepEqual(Buffer.from(cipher.key), Buffer.from(sealed.key))
  assert.deepEqual([rights, owner, expiresAt], [['OWNER'], alice, undefined])
  // The licence and the certificate that signed it, in the first and only request.
  assert.deepEqual(asked, [{ path: '/_wmcs/decommission/decommission.asmx', licenses: 2, signedIn: true }])
})

test('a key without its header, or a damaged one, is not guessed at', async () => {
  const cut = sealed.payload.subarray(0, sealed.payload.length - 1)
  for (const bytes of [sealed.key, new Uint8Array(), cut]) {
    answerWith(bytes)
    await assert.rejects(recover(), { name: 'RightsError', code: 'service-answer-refused' })
  }
})

const faults: readonly (readonly [FaultName, ErrorCode])[] = [
  [faultNames.clusterNotDecommissioned, 'cluster-not-decommissioned'],
  [faultNames.unsignedIssuanceLicenseNoMatchingIssuedPrincipal, 'no-matching-key'],
  [faultNames.rightsLabelNoMatchingIssuedPrincipal, 'no-matching-key'],
  [faultNames.unauthorizedAccess, 'endpoint-closed'],
  [faultNames.invalidRightsLabelSignature, 'publishing-license-signature-invalid'],
  [faultNames.unspecifiedError, 'service-refused'],
]

for (const [fault, code] of faults) {
  test(`${fault} means ${code}`, async () => {
    answer = { status: 500, body: writeFault('1.1', fault) }
    await assert.rejects(recover(), (error) => isRightsError(error, code))
  })
}
