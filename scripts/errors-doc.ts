/**
 * Writes docs/errors.md from the error catalogue; with `--check` only says whether it is up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCatalogue } from '@sealward/xrml'

const path = join(import.meta.dirname, '..', 'docs', 'errors.md')

const preface = `# Errors

Every refusal has a stable code. The command line prints it in brackets after the cause, JSON output carries it as
\`code\`, and the service logs it. Codes are never renamed. This page is generated from the catalogue in
\`packages/xrml/src/errors/catalogue.ts\` by \`npm run errors\`.

| Code | Cause | Cure |
|---|---|---|
`

export function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { cause, cure }]) => `| \`${code}\` | ${inCell(cause)} | ${inCell(cure)} |\n`,
  )
  return preface + rows.join('')
}

function inCell(text: string): string {
  const sentence = text.endsWith('.') ? text : `${text}.`
  return sentence.replaceAll('|', '\\|')
}

if (import.meta.main) {
  const page = errorsPage()
  if (!process.argv.includes('--check')) {
    writeFileSync(path, page)
  } else if (!existsSync(path) || readFileSync(path, 'utf8') !== page) {
    console.error('docs/errors.md does not match the error catalogue: run npm run errors')
    process.exitCode = 1
  }
}
