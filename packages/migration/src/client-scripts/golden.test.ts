/** What a small organisation gets, to be read. `SEALWARD_WRITE_GOLDEN=1` writes it anew. */
import assert from 'node:assert/strict'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { before, test } from 'node:test'
import { decodeText } from '@sealward/xrml'
import { clientScripts } from './script-files.ts'
import { smallPlan } from './small-organisation.fixture.ts'

const folder = join(import.meta.dirname, 'golden')
/** A single address, and one file of each kind, keep this short enough to be read. */
const { files } = clientScripts({
  ...smallPlan,
  clusterUrls: [{ url: 'http://rms.lakeside.test:8080', source: 'server' }],
})
const kinds = new Set([
  'addresses.json',
  'check-client.ps1',
  'client/connection-migrate.json',
  'client/connection-prepare.json',
  'device-management/migrate-user-detect.ps1',
  'dns/rmsdisco-remove.nsupdate',
  'group-policy/prepare-user.xml',
  'migrate/migrate-machine.cmd',
  'migrate/migrate-machine.reg',
  'migrate/migrate-user.cmd',
  'migrate/migrate-user.ps1',
  'migrate/undo-migrate-user.cmd',
  'migrate/undo-migrate-user.ps1',
  'migrate/undo-migrate-user.reg',
  'plan.json',
  'prepare/prepare-machine.reg',
])
const shown = files
  .filter(({ path }) => kinds.has(path))
  .map(({ path, content }) => ({ name: `${path}.txt`, text: decodeText(content).replaceAll('\r\n', '\n') }))

before(() => {
  if (process.env['SEALWARD_WRITE_GOLDEN'] !== '1') return
  rmSync(folder, { recursive: true, force: true })
  for (const { name, text } of shown) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
})

test('there is a golden file of each kind', () => {
  assert.equal(shown.length, kinds.size)
  assert.deepEqual(
    globSync('**/*.txt', { cwd: folder })
      .map((name) => name.replaceAll('\\', '/'))
      .sort(),
    shown.map(({ name }) => name).sort(),
  )
})

for (const { name, text } of shown) {
  test(`golden ${name}`, () => {
    assert.equal(text, readFileSync(join(folder, name), 'utf8'))
  })
}
