/** The page that says who may call what is what the routes and operations of a running service generate. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { whoMayCallPage } from './who-may-call-doc.ts'

test('docs/who-may-call.md is what the service generates', async () => {
  const path = join(import.meta.dirname, '..', 'docs', 'who-may-call.md')
  assert.equal(readFileSync(path, 'utf8'), await whoMayCallPage())
})
