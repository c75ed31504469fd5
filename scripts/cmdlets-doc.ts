/** Writes docs/cmdlets.md from the table of cmdlets; with `--check` only says whether it is up to date. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cmdletsPage } from '@sealward/cli'

const path = join(import.meta.dirname, '..', 'docs', 'cmdlets.md')
const page = cmdletsPage()

if (!process.argv.includes('--check')) {
  writeFileSync(path, page)
} else if (!existsSync(path) || readFileSync(path, 'utf8') !== page) {
  console.error('docs/cmdlets.md does not match the table of cmdlets: run node scripts/cmdlets-doc.ts')
  process.exitCode = 1
}
