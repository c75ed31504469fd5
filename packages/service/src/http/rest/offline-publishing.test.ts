/** Publishing offline over REST: certificates, and the licences that a client makes with them, opened by the service. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { parseProblem } from '@sealward/protocol'
import { editTemplate } from '../../administration/templates.ts'
import { describeMobileClients } from '../../administration/mobile-clients.ts'
import { openTestOrganisation, testTime, type Person, type TestOrganisation } from '../test-organisation.ts'
import {
  readPreviewCertificate,
  writePreviewLicense,
  type PreviewCertificate,
} from '../../core/offline-publishing/preview-client.fixture.ts'

let organisation: TestOrganisation
let server: FastifyInstance
let certificate: PreviewCertificate

const contentKey = randomBytes(16)
const policy = {
  crem: 'alice@lakeside.example',
  cp: { usrs: [{ usrs: ['bob@lakeside.example'], rghts: ['VIEW', 'EDIT'] }] },
}

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
  await offline(true)
  certificate = readPreviewCertificate(await certificateText())
})

after(() => organisation.close())

async function offline(enabled: boolean): Promise<void> {
  await organisation.context.store.transaction(async (repositories) => {
    await repositories.settings.put('offlinePublishing', enabled, testTime)
    await repositories.nextConfigurationVersion()
  })
}

async function post(as: Person, path: string, body: unknown) {
  const headers = { authorization: await organisation.bearer(as), 'content-type': 'application/json' }
  return server.inject({ method: 'POST', url: `/my/v2/${path}`, headers, payload: JSON.stringify(body) })
}

async function certificateText(): Promise<string> {
  const response = await post('alice', 'clientlicensorcertificates', { SignatureEncoding: 'utf-8' })
  assert.equal(response.statusCode, 200, response.payload)
  return response.json<{ SerializedThinCLC: string }>().SerializedThinCLC
}

const open = (as: Person, license: string) => post(as, 'enduserlicenses', { SerializedPublishingLicense: license })

interface Answer {
  readonly AccessStatus: string
  readonly Key: { readonly CipherMode: string; readonly Value: string } | null
  readonly Rights: readonly string[]
  readonly [name: string]: unknown
}

async function opened(as: Person, license: string): Promise<Answer> {
  const response = await open(as, license)
  assert.equal(response.statusCode, 200, response.payload)
  return response.json<Answer>()
}

test('the certificate is compact, signed text with an odd-shaped key that every client can use', async () => {
  const text = await certificateText()
  assert.doesNotMatch(text, /[:,{]\s/)
  const { pld } = JSON.parse(text) as { readonly pld: string }
  const { pub, pri, hdr } = JSON.parse(pld) as { pub: { pld: string }; pri: Record<string, unknown>; hdr: unknown }
  assert.deepEqual(hdr, { ver: '1.0.0.0' })
  const { issto, iss } = JSON.parse(pub.pld) as { issto: Record<string, unknown>; iss: Record<string, unknown> }
  assert.equal(issto['em'], 'alice@lakeside.example')
  assert.equal(iss['eurl'], 'https://rms.lakeside.example/_wmcs/licensing')
  assert.match(JSON.stringify(issto['id']), /^\{"typ":"Federation","val":"\{[0-9a-f-]{36}\}"\}$/)
  assert.equal(pri['issd'], '2026-05-04T12:00:00')
  assert.equal(pri['exp'], '2026-05-11T12:00:00')
  const { p, q } = certificate.privateKey.export({ format: 'jwk' })
  for (const prime of [p, q]) assert.equal((Buffer.from(prime ?? '', 'base64url').at(-1) ?? 0) & 3, 3)
})

test('an account keeps its key for a while, and no key is ever logged', async () => {
  const again = readPreviewCertificate(await certificateText())
  assert.ok(again.privateKey.equals(certificate.privateKey))
  const { d = '' } = certificate.privateKey.export({ format: 'jwk' })
  const logs = await organisation.context.store.logs.read('licenses', 0, 1_000)
  const written = [...organisation.logged, ...logs.map(({ record }) => record)].join()
  for (const form of ['base64', 'base64url', 'hex'] as const) {
    assert.equal(written.includes(Buffer.from(d, 'base64url').toString(form).slice(0, 32)), false)
  }
  assert.match(written, /issue-client-licensor/)
})

for (const padding of ['rubbish', 'correct'] as const) {
  for (const mode of ['CBC4k', 'ECB'] as const) {
    test(`the people of the policy open a licence with ${padding} padding in ${mode}`, async () => {
      const input = { policy, contentKey, padding, mode, signedApplicationData: { app: 'harness' } }
      const license = writePreviewLicense(certificate, input)
      const forms = [license, `\ufeff${license}`, Buffer.from(license), Buffer.from(`\ufeff${license}`)]
      for (const form of forms) {
        const answer = await opened('bob', typeof form === 'string' ? form : form.toString('base64'))
        assert.equal(answer.AccessStatus, 'AccessGranted')
        assert.equal(answer.Key?.Value, contentKey.toString('base64'))
        assert.equal(answer.Key.CipherMode, 'MICROSOFT.CBC4K')
        assert.deepEqual([...answer.Rights].sort(), ['EDIT', 'VIEW'])
        assert.equal(answer['Owner'], 'alice@lakeside.example')
        assert.equal(answer['allowOfflineAccess'], false)
        assert.deepEqual(answer['SignedApplicationData'], { app: 'harness' })
      }
      const owner = await opened('alice', license)
      assert.deepEqual(owner.Rights, ['OWNER'])
      const refused = await open('carol', license)
      assert.equal(refused.json<Answer>().AccessStatus, 'AccessDenied')
      assert.equal(refused.payload.includes(contentKey.toString('base64')), false)
    })
  }
}

for (const padding of ['rubbish', 'correct'] as const) {
  for (const people of [40, 300]) {
    test(`a policy for ${people} people is read with ${padding} padding`, async () => {
      const many = Array.from({ length: people }, (_, index) => ({
        usrs: [`person-${index}-é@lakeside.example`],
        rghts: ['VIEW'],
      }))
      const long = { crem: policy.crem, cp: { usrs: [...many, ...policy.cp.usrs] } }
      const answer = await opened('bob', writePreviewLicense(certificate, { policy: long, contentKey, padding }))
      assert.equal(answer.Key?.Value, contentKey.toString('base64'))
    })
  }
}

test('a policy with roles only, which the client loses, leaves the document to its owner', async () => {
  const empty = { crem: policy.crem, cp: { usrs: [] } }
  const license = writePreviewLicense(certificate, { policy: empty, contentKey })
  assert.equal((await opened('bob', license)).AccessStatus, 'AccessDenied')
  assert.deepEqual((await opened('alice', license)).Rights, ['OWNER'])
})

test('a template decides in its present version', async () => {
  const fromTemplate = { crem: policy.crem, tid: organisation.templateId }
  const license = writePreviewLicense(certificate, { policy: fromTemplate, contentKey })
  const earlier = await opened('bob', license)
  assert.deepEqual([...earlier.Rights].sort(), ['EDIT', 'VIEW'])
  assert.equal(earlier['FromTemplate'], true)
  await editTemplate(
    { ...organisation.context, actor: 'test' },
    {
      id: organisation.templateId,
      names: [{ lcid: 1033, name: 'Lakeside Confidential', description: '' }],
      grants: [{ to: 'carol@lakeside.example', rights: ['VIEW'] }],
    },
  )
  const later = await opened('bob', license)
  assert.equal(later.AccessStatus, 'AccessDenied')
  assert.equal(later.Key, null)
  assert.deepEqual((await opened('carol', license)).Rights, ['VIEW'])
  const gone = { crem: policy.crem, tid: '{00000000-0000-0000-0000-00000000dead}' }
  assert.equal(
    (await opened('bob', writePreviewLicense(certificate, { policy: gone, contentKey }))).AccessStatus,
    'AccessDenied',
  )
})

test('licences stay readable when publishing offline is switched off again', async () => {
  const license = writePreviewLicense(certificate, { policy, contentKey })
  await offline(false)
  // What the way out has to count, whatever the switch says.
  const { offlineKeys, offlinePublishing } = await describeMobileClients(organisation.context)
  assert.deepEqual([offlineKeys > 0, offlinePublishing], [true, false])
  try {
    const refused = await post('alice', 'clientlicensorcertificates', { SignatureEncoding: 'utf-8' })
    assert.equal(refused.statusCode, 404)
    assert.equal((await opened('bob', license)).AccessStatus, 'AccessGranted')
  } finally {
    await offline(true)
  }
})

const bad = 'BadInputException'

const forgeries: Readonly<Record<string, readonly [make: () => string, name: string]>> = {
  'another owner than the account of the certificate': [
    () => writePreviewLicense(certificate, { policy: { ...policy, crem: 'bob@lakeside.example' }, contentKey }),
    bad,
  ],
  'a changed text': [
    () => writePreviewLicense(certificate, { policy, contentKey }).replace('\\"o\\":\\"A', '\\"o\\":\\"B'),
    bad,
  ],
  'a changed certificate': [
    () =>
      writePreviewLicense(
        withNames((text) => text.replace('alice@', 'bob@')),
        { policy, contentKey },
      ),
    bad,
  ],
  'a certificate of its own making': [
    () =>
      writePreviewLicense(
        withNames((text) => text.replace(/"n":"[^"]{4}/, '"n":"/wAB')),
        { policy, contentKey },
      ),
    'UnrecognizedUrlException',
  ],
  'a time after the certificate': [
    () => writePreviewLicense({ ...certificate, validUntil: '2027-05-04T12:00:00' }, { policy, contentKey }),
    bad,
  ],
  'a time before the certificate': [
    () => writePreviewLicense({ ...certificate, issuedAt: '2025-05-04T12:00:00' }, { policy, contentKey }),
    bad,
  ],
  'no policy': [() => writePreviewLicense(certificate, { policy: [], contentKey }), bad],
  'a policy of another form': [
    () => writePreviewLicense(certificate, { policy: { crem: policy.crem }, contentKey }),
    bad,
  ],
  'more rights entries than a licence may have': [
    () => {
      const usrs = Array.from({ length: 101 }, (_, index) => `p${index}@lakeside.example`)
      const rghts = Array.from({ length: 10 }, (_, index) => `RIGHT${index}`)
      return writePreviewLicense(certificate, {
        policy: { crem: policy.crem, cp: { usrs: [{ usrs, rghts }] } },
        contentKey,
      })
    },
    bad,
  ],
  'a policy that was cut': [
    () => writePreviewLicense(certificate, { policy, contentKey, changes: { enp: 'AAAA' } }),
    bad,
  ],
  'no session key': [() => writePreviewLicense(certificate, { policy, contentKey, changes: { sk: {} } }), bad],
  'a content id that is none': [
    () => writePreviewLicense(certificate, { policy, contentKey, changes: { id: 'x' } }),
    bad,
  ],
}

/** Signed by nobody but the client itself. */
function withNames(change: (text: string) => string): PreviewCertificate {
  return { ...certificate, names: { ...certificate.names, pld: change(certificate.names.pld) } }
}

for (const [name, [make, problem]] of Object.entries(forgeries)) {
  test(`refuses a licence with ${name}`, async () => {
    const response = await open('bob', make())
    assert.equal(response.statusCode, 400, response.payload)
    assert.equal(parseProblem(response.payload).name, problem)
    assert.equal(response.payload.includes(contentKey.toString('base64')), false)
  })
}

test('a licence cut off anywhere is refused', async () => {
  const license = writePreviewLicense(certificate, { policy, contentKey })
  for (let end = 1; end < license.length; end += 97) {
    const response = await open('bob', license.slice(0, end))
    assert.equal(response.statusCode, 400)
    assert.equal(parseProblem(response.payload).name, bad)
  }
})

test('a request for signatures over another encoding is refused', async () => {
  for (const body of [{}, { SignatureEncoding: 'utf-16' }, []]) {
    const response = await post('alice', 'clientlicensorcertificates', body)
    assert.equal(response.statusCode, 400)
    assert.equal(parseProblem(response.payload).name, bad)
  }
})
