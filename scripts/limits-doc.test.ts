/** The table of limits on the page of the service is that of the table in the service. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { limitNames, limitTable } from '@sealward/service'

test('docs/service.md has every limit, with its standard value', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'service.md'), 'utf8')
  const rows = limitNames.map((name) => {
    const { standard, unit, what } = limitTable[name]
    return `| \`${name}\` | ${standard.toLocaleString('en')}${unit === '' ? '' : ` ${unit}`} | ${what} |`
  })
  const table = ['| Setting | Standard | What |', '|---|---|---|', ...rows].join('\n')
  assert.ok(page.includes(`\n${table}\n`), `docs/service.md lacks this table:\n${table}`)
})
