/** The reference page of the administration interface is what its table of operations generates. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { adminReferencePage } from '@sealward/service'

test('docs/admin-api.md is what the table generates', () => {
  const path = join(import.meta.dirname, '..', 'docs', 'admin-api.md')
  assert.equal(readFileSync(path, 'utf8'), adminReferencePage())
})
