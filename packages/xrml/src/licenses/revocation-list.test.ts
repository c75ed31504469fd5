/** Revocation lists, and the conditions that point at them. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { mode1, mode2 } from '../crypto/modes.ts'
import { parseXrml } from '../document.ts'
import { writeRefresh } from '../elements/refresh.ts'
import { guid, hierarchy, issuedAt, resigned } from '../hierarchy.fixture.ts'
import { refusal } from '../refusal.fixture.ts'
import { parsePolicy } from '../rights/policy.ts'
import { parseSignature } from '../signature.ts'
import {
  issueRevocationList,
  parseRevocationList,
  revocationListLengthMost,
  revokedBy,
  type RevocationEntry,
} from './revocation-list.ts'
import { issueRightsTemplate } from './rights-policy.ts'
import { issueUseLicense, parseUseLicense } from './use-license.ts'

const listId = guid('d').slice(1, -1)
const day = 86_400_000

for (const mode of [mode1, mode2]) {
  const { documents, keys, licensor, use } = await hierarchy(mode)
  const license = parseUseLicense(documents.use)
  const issue = (entries: readonly RevocationEntry[]): Promise<string> =>
    issueRevocationList({ id: listId, issuedAt, entries, key: keys.server.handle })

  /** Everything by which this one licence can be named. */
  const fitting: readonly RevocationEntry[] = [
    { type: 'license-id', object: { idType: 'MS-GUID', id: guid('C') } },
    { type: 'license-hash', digest: parseSignature(documents.use).digest },
    { type: 'issuer-key', publicKey: keys.server.publicKey },
    { type: 'issuer-id', object: { idType: 'MS-GUID', id: licensor.object.id } },
    { type: 'content-id', object: { idType: 'MS-GUID', id: license.work.object.id } },
    { type: 'principal-id', object: { idType: 'Windows', id: 'S-1-5-21-1-2-3-1001' } },
    { type: 'principal-key', publicKey: keys.account.publicKey },
  ]
  const others: readonly RevocationEntry[] = [
    { type: 'license-id', object: { idType: 'MS-GUID', id: guid('0') } },
    { type: 'license-hash', digest: parseSignature(documents.ownerUse).digest },
    { type: 'issuer-key', publicKey: keys.account.publicKey },
    { type: 'issuer-id', object: { idType: 'MS-GUID', id: license.work.object.id } },
    { type: 'content-id', object: { idType: 'MS-GUID', id: licensor.object.id } },
    { type: 'principal-id', object: { idType: 'Windows', id: 'S-1-5-21-1-2-3-1002' } },
    { type: 'principal-key', publicKey: keys.server.publicKey },
  ]

  suite(`Mode ${mode.number}: revocation list`, () => {
    test('is read as it was issued', async () => {
      const list = parseRevocationList(await issue([...fitting, ...others]))
      assert.equal(list.id, listId)
      assert.deepEqual(list.issuedAt, issuedAt)
      assert.equal(list.issuerKey.fingerprint, keys.server.publicKey.fingerprint)
      assert.equal(list.entries.length, fitting.length + others.length)
    })

    test('each criterion finds its licence, and no other licence', async () => {
      for (const entry of fitting) {
        const list = parseRevocationList(await issue([...others, entry]))
        assert.equal(revokedBy(list, license)?.type, entry.type)
      }
      assert.equal(revokedBy(parseRevocationList(await issue(others)), license), undefined)
      assert.equal(revokedBy(parseRevocationList(await issue([])), license), undefined)
    })

    test('is refused when it was changed, cut, or is another document', async () => {
      const text = await issue(fitting)
      const changed = text.replace(guid('C'), guid('0'))
      const bodies = [text.slice(0, -20), `${text}${text}`, documents.use.text, documents.template.text, '']
      for (const bad of [changed, ...bodies]) {
        assert.throws(() => parseRevocationList(bad), refusal('revocation-list-invalid'))
      }
      const long = `<XrML>${' '.repeat(revocationListLengthMost)}</XrML>`
      assert.throws(() => parseRevocationList(long), refusal('revocation-list-invalid'))
    })

    test('is refused with an entry that is not understood: it may be the one that matters', async () => {
      const document = parseXrml(await issue(fitting))
      for (const [from, to] of [
        ['type="content-id"', 'type="future-id"'],
        ['category="content"', 'category="principal"'],
        ['<REVOKE category="license" type="license-id">', '<FUTURE /><REVOKE category="license" type="license-id">'],
      ] as const) {
        const text = (await resigned(document, keys.server, (body) => body.replace(from, to))).text
        assert.throws(() => parseRevocationList(text), refusal('revocation-list-invalid'))
      }
    })
  })

  suite(`Mode ${mode.number}: REFRESH`, () => {
    const point = { listId, url: 'https://rms.lakeside.example/list?a=1&b=2', publicKey: keys.server.publicKey }
    const refresh = writeRefresh(point, 2 * day)

    test('stands in a template before the rights, and is read', async () => {
      const text = await issueRightsTemplate({
        id: guid('a'),
        names: [{ lcid: 1033, name: 'Read', description: 'x' }],
        grants: [],
        issuedAt,
        licensor,
        publishingUrl: 'https://rms.lakeside.example/_wmcs/licensing',
        refresh,
        key: keys.server.handle,
      })
      assert.ok(text.includes(`<CONDITIONLIST>${refresh}</CONDITIONLIST><RIGHTSGROUP`))
      const [condition] = parsePolicy(parseXrml(text)).refresh
      assert.equal(condition?.interval, 2 * day)
      assert.equal(condition.raw, refresh)
      assert.deepEqual(condition.points, [point])
    })

    test('is copied into a use licence behind the metadata, each condition once', async () => {
      const text = await issueUseLicense({
        ...use,
        licensor,
        key: keys.server.handle,
        rights: [],
        refresh: [refresh, refresh],
      })
      assert.ok(text.includes(`</METADATA><CONDITIONLIST>${refresh}</CONDITIONLIST><RIGHTSGROUP`))
      assert.deepEqual(parseUseLicense(parseXrml(text)).work.refresh[0]?.points, [point])
      assert.deepEqual(license.work.refresh, [])
    })

    test('without a point or without an interval it is refused', async () => {
      const template = await resigned(documents.template, keys.server, (body) =>
        body.replace(
          '<RIGHTSGROUP',
          '<CONDITIONLIST><REFRESH><INTERVALTIME days="1" /></REFRESH></CONDITIONLIST><RIGHTSGROUP',
        ),
      )
      assert.throws(() => parsePolicy(template), refusal('xrml-malformed'))
      const endless = await resigned(documents.template, keys.server, (body) =>
        body.replace(
          '<RIGHTSGROUP',
          `<CONDITIONLIST>${refresh.replace(/<INTERVALTIME.*?\/>/, '')}</CONDITIONLIST><RIGHTSGROUP`,
        ),
      )
      assert.throws(() => parsePolicy(endless), refusal('xrml-malformed'))
    })
  })
}
