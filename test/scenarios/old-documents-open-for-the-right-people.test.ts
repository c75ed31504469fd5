/**
 * Every document of the old clusters, opened by everybody through the running service over both protocols: the same people
 * with the same rights as before, and nobody else.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openDocument, type Client, type Door } from '@sealward/client'
import { samplePeople } from '@sealward/sample'
import { isRightsError } from '@sealward/xrml'
import { openLakeside, type Lakeside } from './lakeside.ts'

let lakeside: Lakeside

before(async () => {
  lakeside = await openLakeside()
})
after(() => lakeside.close())

async function rightsOf(client: Client, path: string, sha256: string): Promise<readonly string[]> {
  const digest = createHash('sha256')
  try {
    const opened = await openDocument(client, path, { write: (bytes) => void digest.update(bytes) })
    assert.equal(digest.digest('hex'), sha256, `${path}: content`)
    return [...opened.rights].sort()
  } catch (error) {
    if (isRightsError(error, 'no-rights', 'content-expired', 'right-missing')) return []
    throw new Error(`${path} as ${client.user}`, { cause: error })
  }
}

for (const door of ['soap', 'rest'] as const satisfies readonly Door[]) {
  test(`over ${door}, each old document opens for exactly the people its policy names`, async () => {
    const enabled = samplePeople.filter((person) => !person.disabled)
    const clients = enabled.map((person) => lakeside.client(person.address, door))
    let opened = 0
    for (const document of lakeside.expected.filter(({ outcome }) => outcome === 'opens')) {
      const path = join(lakeside.folder, 'documents', document.path)
      const allowed = new Map(document.license?.people.map(({ principal, rights }) => [principal, [...rights].sort()]))
      for (const client of clients) {
        const rights = await rightsOf(client, path, document.contentSha256 ?? '')
        assert.deepEqual(rights, allowed.get(client.user) ?? [], `${document.path} for ${client.user}`)
        if (rights.length > 0) opened++
      }
    }
    assert.ok(opened > 100, `only ${opened} openings`)
  })
}

test('documents whose key was never exported, and damaged ones, are refused for everybody', async () => {
  const client = lakeside.client('emma.lund@lakeside.example')
  for (const document of lakeside.expected.filter(({ outcome }) => outcome === 'fails')) {
    const path = join(lakeside.folder, 'documents', document.path)
    await assert.rejects(
      openDocument(client, path, { write: () => undefined }),
      (error) => isRightsError(error),
      document.path,
    )
  }
})
