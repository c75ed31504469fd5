/** The error catalogue, its page and the sources agree. That a thrown code is in the catalogue, the compiler checks. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { errorCatalogue } from '@sealward/xrml'
import { errorsPage } from './errors-doc.ts'

const root = join(import.meta.dirname, '..')
const codes = Object.keys(errorCatalogue)

function sources(): string {
  const files = globSync('packages/*/src/**/*.ts', { cwd: root })
  const own = files.filter((file) => !file.endsWith('.test.ts') && !file.endsWith(join('errors', 'catalogue.ts')))
  return own.map((file) => readFileSync(join(root, file), 'utf8')).join('\n')
}

test('docs/errors.md is what the catalogue generates', () => {
  assert.equal(readFileSync(join(root, 'docs', 'errors.md'), 'utf8'), errorsPage())
})

test('every code is kebab-case, and has a cause and a cure', () => {
  for (const [code, { cause, cure }] of Object.entries(errorCatalogue)) {
    assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)*$/)
    assert.match(cause, /^[^a-z].*[^.]$/s, `cause of ${code}: a sentence without the full stop, a detail may follow`)
    assert.match(cure, /^[^a-z].*\.$/s, `cure of ${code}: a whole sentence`)
  }
})

test('every code of the catalogue is thrown by some source', () => {
  const text = sources()
  assert.deepEqual(
    codes.filter((code) => !text.includes(`'${code}'`)),
    [],
  )
})
