/**
 * Writes docs/admin-api.md from the table of the administration interface; with `--check` only says whether it is up to
 * date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { adminReferencePage } from '@sealward/service'

const path = join(import.meta.dirname, '..', 'docs', 'admin-api.md')
const page = adminReferencePage()

if (!process.argv.includes('--check')) {
  writeFileSync(path, page)
} else if (!existsSync(path) || readFileSync(path, 'utf8') !== page) {
  console.error('docs/admin-api.md does not match the administration interface: run node scripts/admin-api-doc.ts')
  process.exitCode = 1
}
