import assert from 'node:assert/strict'
import { randomBytes, scryptSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { checkTpd, readTpd } from '@sealward/keys'
import { isRightsError, publicKeyFromModulus } from '@sealward/xrml'
import type { SampleDirectory } from './output/sample-directory.ts'
import { writeToDirectory } from './output/write-to-directory.ts'
import { defaultSampleDocuments, writeSampleOrganisation } from './write-sample-organisation.ts'

const random = (bytes: number): Uint8Array => randomBytes(bytes)
const now = new Date('2025-03-01T12:00Z')

interface User {
  readonly address: string
  readonly password: string
}

suite('a sample on disk', () => {
  const parent = mkdtempSync(join(tmpdir(), 'sealward-sample-'))
  const directory = join(parent, 'lakeside')
  const text = (path: string): string => readFileSync(join(directory, path), 'utf8')
  const json = (path: string): unknown => JSON.parse(text(path))

  test('is written with one file per document and a report on it', async (context) => {
    context.after(() => rmSync(parent, { recursive: true }))
    const progress: number[] = []
    const written = await writeSampleOrganisation({
      directory: writeToDirectory(directory),
      random,
      now,
      progress: (done) => progress.push(done),
    })
    assert.equal(progress.length, defaultSampleDocuments)
    const { documents } = json('expected.json') as { readonly documents: readonly { readonly path: string }[] }
    const files = readdirSync(join(directory, 'documents'), { recursive: true, withFileTypes: true })
    assert.equal(files.filter((entry) => entry.isFile()).length, defaultSampleDocuments)
    for (const { path } of documents) assert.ok(statSync(join(directory, 'documents', path)).isFile())

    await context.test('exports open with their passwords and pass every check of an import', async () => {
      const anchors = readdirSync(join(directory, 'roots')).map((name) => {
        const { modulus } = json(join('roots', name)) as { readonly modulus: string }
        return publicKeyFromModulus(Buffer.from(modulus, 'base64'))
      })
      const derivations: unknown[] = []
      for (const { path, passwordPath } of written.tpdFiles) {
        const tpd = readTpd({ file: readFileSync(join(directory, path)), password: text(passwordPath).trimEnd() })
        const checked = await checkTpd(tpd, { anchors, now })
        assert.ok(checked.templates.length >= 2)
        assert.deepEqual(
          checked.warnings.filter(({ kind }) => kind !== 'mode-1'),
          [],
        )
        derivations.push(tpd.derivations.info)
      }
      assert.deepEqual(derivations, ['B', 'A', 'A'])
    })

    await context.test('templates are published and archived, in two languages at least', () => {
      const { templates } = json('expected.json') as {
        readonly templates: readonly { readonly state: string; readonly names: readonly { readonly lcid: number }[] }[]
      }
      for (const state of ['published', 'archived']) {
        const names = templates.filter((each) => each.state === state).flatMap((template) => template.names)
        for (const language of [1033, 1031])
          assert.ok(
            names.some(({ lcid }) => lcid === language),
            `${state} ${language}`,
          )
      }
    })

    await context.test('people log in with the passwords in people.txt', () => {
      const { users } = json('directory.json') as { readonly users: readonly User[] }
      const [address = '', password = ''] = text('people.txt').split('\n')[0]?.split(/ +/) ?? []
      const stored = users.find((user) => user.address === address)?.password
      assert.match(stored ?? '', /^scrypt:16384:8:1:[A-Za-z0-9+/]{22}==:[A-Za-z0-9+/]{43}=$/)
      const [salt = '', hash = ''] = stored?.split(':').slice(4) ?? []
      assert.equal(scryptSync(password, Buffer.from(salt, 'base64'), 32).toString('base64'), hash)
    })

    await context.test('secrets are for their owner only', { skip: process.platform === 'win32' }, () => {
      for (const path of ['people.txt', 'directory.json', 'tpd/rms.xml', 'tpd/passwords/rms.txt']) {
        assert.equal(statSync(join(directory, path)).mode & 0o077, 0, path)
      }
    })

    await context.test('nothing is written over other files', () => {
      assert.throws(
        () => writeToDirectory(directory),
        (error) => isRightsError(error, 'sample-directory-not-empty'),
      )
    })
  })
})

test('a larger sample repeats the plan in further folders and keeps memory flat', async () => {
  const paths = new Set<string>()
  let bytes = 0
  const nowhere: SampleDirectory = {
    write: (path, content) => {
      assert.ok(!paths.has(path), path)
      paths.add(path)
      bytes += content.length
    },
    create: () => ({ append: () => undefined, close: () => undefined }),
  }
  const memory: number[] = []
  await writeSampleOrganisation({
    directory: nowhere,
    documents: 300,
    random,
    now,
    progress: (done) => {
      if (done % 50 === 0) memory.push(process.memoryUsage().rss)
    },
  })
  assert.equal([...paths].filter((path) => path.startsWith('documents/')).length, 300)
  assert.ok(paths.has('documents/archive 0004/finance/budget 2009.xlsx'))
  assert.ok(bytes > 10_000_000)
  const growth = Math.max(...memory) - (memory[1] ?? 0)
  assert.ok(growth < 64 * 1024 * 1024, `grew by ${growth} bytes`)
})
