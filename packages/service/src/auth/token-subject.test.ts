/** A token belongs to the person to whom its subject belonged at first, wherever its addresses lead later (threat D9). */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, suite, test } from 'node:test'
import { createLocalJWKSet, exportJWK, SignJWT, type JWTPayload } from 'jose'
import { listTokenSubjects, releaseTokenSubjects } from '../administration/token-subjects.ts'
import { lastRecord, masterKey, openTestCluster, start, type TestCluster } from '../core/cluster.fixture.ts'
import type { DirectoryFile } from '../directory/directory-file.ts'
import { openStore } from '../store/open-store.ts'
import { createBearerAuthentication } from './bearer.ts'
import { externalIssuer } from './token-issuers.ts'

const issuer = 'https://login.lakeside.example'
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const keyFor = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k' }] })

const person = (id: string, name: string, number: number, aliases: readonly string[] = []) => ({
  id,
  sid: `S-1-5-21-7-7-7-${number}`,
  address: `${name}@lakeside.example`,
  aliases: aliases.map((alias) => `${alias}@lakeside.example`),
})
type User = DirectoryFile['users'][number]
const anna = person('id-anna', 'anna', 1)
const ben = person('id-ben', 'ben', 2)
/** Anna has left, and her address is Nora's. */
const nora = person('id-nora', 'anna', 3)

function token(claims: JWTPayload, name = issuer): Promise<string> {
  const seconds = start.getTime() / 1000
  const all = { iss: name, aud: 'api.rms.rest.com', iat: seconds, exp: seconds + 3600, ...claims }
  return new SignJWT(all).setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: 'k' }).sign(pair.privateKey)
}

const annas = { email: 'anna@lakeside.example', sub: 'subject-of-anna' }

suite('the subject of a token', () => {
  let folder: string
  let cluster: TestCluster
  const people = (...users: readonly User[]): void => cluster.setPeople({ users: [...users], groups: [] })
  const signIn = async (
    claims: JWTPayload,
    { store = cluster.context.store, name = issuer, subjectClaim = undefined as string | undefined } = {},
  ): Promise<string> => {
    const settings = { algorithms: ['ES256'], domains: ['lakeside.example'], accessTokenType: 'JWT', keyFor } as const
    const bearer = createBearerAuthentication({
      ...cluster.context,
      store,
      serviceUrl: 'https://rms.lakeside.example',
      issuers: [externalIssuer({ ...settings, issuer: name, subjectClaim })],
    })
    return (await bearer.authenticate(await token(claims, name))).user.id
  }
  const mismatch = { code: 'token-subject-mismatch' }
  const refusals = async (): Promise<number> => {
    const rows = await cluster.context.store.logs.read('administration', 0, 1_000)
    return rows.filter(({ record }) => record.includes('refuse-token-subject')).length
  }
  const bound = async () => (await listTokenSubjects(cluster.administration, {})).subjects

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealward-subjects-'))
    cluster = await openTestCluster({ file: join(folder, 'service.db') })
    people(anna, ben)
  })
  afterEach(async () => {
    await cluster.context.store.close()
    await rm(folder, { recursive: true })
  })

  test('who has left is not the newcomer with the same address, which is logged once', async () => {
    assert.equal(await signIn(annas), 'id-anna')
    people(nora, ben)
    assert.equal(await refusals(), 0)
    for (let times = 0; times < 3; times++) await assert.rejects(signIn(annas), mismatch)
    assert.equal(await refusals(), 1)
    assert.deepEqual(await lastRecord(cluster, 'administration'), {
      at: start.toISOString(),
      actor: 'sign-in',
      operation: 'refuse-token-subject',
      issuer,
      claim: 'sub',
      subject: 'subject-of-anna',
      boundTo: { person: 'id-anna', address: 'anna@lakeside.example' },
      refused: { person: 'id-nora', address: 'anna@lakeside.example' },
    })
    assert.equal(await signIn({ ...annas, sub: 'subject-of-nora' }), 'id-nora')
    const { count, subjects } = await listTokenSubjects(cluster.administration, { refused: true })
    assert.deepEqual([count, subjects.map(({ refused }) => refused?.person)], [1, ['id-nora']])
  })

  test('whose provider lets her choose an address is not its owner', async () => {
    await signIn(annas)
    await assert.rejects(signIn({ ...annas, email: 'ben@lakeside.example' }), mismatch)
    assert.equal(await signIn(annas), 'id-anna')
  })

  test('who is renamed goes on', async () => {
    await signIn(annas)
    people(person('id-anna', 'anna.berg', 1), ben)
    assert.equal(await signIn({ ...annas, email: 'anna.berg@lakeside.example' }), 'id-anna')
  })

  test('a person may have several subjects, and each is bound', async () => {
    for (const sub of ['for-outlook', 'for-word']) assert.equal(await signIn({ ...annas, sub }), 'id-anna')
    people(nora)
    for (const sub of ['for-outlook', 'for-word']) await assert.rejects(signIn({ ...annas, sub }), mismatch)
  })

  test('oid counts before sub, and neither is the other', async () => {
    await signIn({ ...annas, oid: 'object-of-anna' })
    people(nora)
    await assert.rejects(signIn({ ...annas, oid: 'object-of-anna', sub: 'another' }), mismatch)
    assert.equal(await signIn({ ...annas, sub: 'object-of-anna' }), 'id-nora')
  })

  test('the same subject of another issuer is somebody else', async () => {
    await signIn(annas)
    assert.equal(await signIn({ ...annas, email: ben.address }, { name: 'https://other.lakeside.example' }), 'id-ben')
  })

  test('a token without subject goes by its addresses, unless the issuer has a claim for it', async () => {
    const email = { email: annas.email }
    assert.equal(await signIn(email), 'id-anna')
    assert.deepEqual(await bound(), [])
    await assert.rejects(signIn(annas, { subjectClaim: 'employee' }), { code: 'credentials-refused' })
    assert.equal(await signIn({ ...email, employee: '17' }, { subjectClaim: 'employee' }), 'id-anna')
    people(nora)
    await assert.rejects(signIn({ ...email, employee: '17' }, { subjectClaim: 'employee' }), mismatch)
  })

  test('what cannot name anybody is no subject, and no way around it', async () => {
    for (const sub of ['', 'x'.repeat(256), '\ud800']) {
      await assert.rejects(signIn({ ...annas, sub }), { code: 'credentials-refused' })
    }
    const oids = [17, null, ['object-of-anna']]
    for (const oid of oids) await assert.rejects(signIn({ ...annas, oid }), { code: 'credentials-refused' })
    assert.deepEqual(await bound(), [])
  })

  test('nothing is bound by a token that is refused', async () => {
    people({ ...anna, disabled: true }, ben)
    await assert.rejects(signIn(annas), { code: 'credentials-refused' })
    await assert.rejects(signIn({ ...annas, upn: 'ben@lakeside.example' }), { code: 'credentials-refused' })
    await assert.rejects(signIn({ ...annas, email: 'nobody@lakeside.example' }), { code: 'credentials-refused' })
    assert.deepEqual(await bound(), [])
  })

  test('what one process binds counts in another one; another tenant of the database has its own', async () => {
    const file = join(folder, 'service.db')
    const second = await openStore({ file, tenant: 'lakeside', masterKey })
    const neighbour = await openStore({ file, tenant: 'harbour', masterKey })
    const signedIn = [signIn(annas), signIn(annas, { store: second }), signIn(annas)]
    assert.deepEqual(await Promise.all(signedIn), ['id-anna', 'id-anna', 'id-anna'])
    assert.equal((await bound()).length, 1)
    people(nora)
    await assert.rejects(signIn(annas, { store: second }), mismatch)
    await assert.rejects(signIn(annas), mismatch)
    assert.equal(await refusals(), 1)
    assert.equal(await signIn(annas, { store: neighbour }), 'id-nora')
    await releaseTokenSubjects({ ...cluster.administration, store: second }, { subject: annas.sub })
    assert.equal(await signIn(annas), 'id-nora')
    assert.equal((await listTokenSubjects({ store: neighbour }, {})).count, 1)
    await Promise.all([second.close(), neighbour.close()])
  })

  test('an administrator releases one person, one account or one issuer, and nothing else', async () => {
    const bens = { email: ben.address, sub: 'subject-of-ben' }
    for (const sub of ['for-outlook', 'for-word']) await signIn({ ...annas, sub })
    await signIn(bens)
    await signIn(annas, { name: 'https://other.lakeside.example' })
    const release = (input: Parameters<typeof releaseTokenSubjects>[1]) =>
      releaseTokenSubjects(cluster.administration, input)
    assert.equal(await release({ person: 'id-anna', dryRun: true }), 3)
    assert.equal((await bound()).length, 4)
    await assert.rejects(release({}), { code: 'admin-request-invalid' })
    await assert.rejects(release({ person: 'id-nobody' }), { code: 'token-subject-unknown' })
    assert.equal(await release({ person: 'id-anna', subject: 'for-word' }), 1)
    assert.equal(await release({ person: 'id-anna', issuer }), 1)
    const record = await lastRecord(cluster, 'administration')
    const { operation, person: named, released } = record
    assert.deepEqual([operation, named, record['issuer'], released], ['release-token-subjects', 'id-anna', issuer, 1])
    // The directory is replaced: everybody has another identifier.
    people(nora, { ...ben, id: 'id-other-ben' })
    await assert.rejects(signIn(bens), mismatch)
    assert.equal(await release({ issuer }), 1)
    assert.equal(await signIn(bens), 'id-other-ben')
    const left = await bound()
    assert.deepEqual(
      left.map((each) => [each.issuer, each.person]),
      [
        [issuer, 'id-other-ben'],
        ['https://other.lakeside.example', 'id-anna'],
      ],
    )
  })
})
