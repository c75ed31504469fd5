import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cmdletsPage } from '@sealward/cli'

test('docs/cmdlets.md is what the table of cmdlets generates', () => {
  assert.equal(readFileSync(join(import.meta.dirname, '..', 'docs', 'cmdlets.md'), 'utf8'), cmdletsPage())
})
