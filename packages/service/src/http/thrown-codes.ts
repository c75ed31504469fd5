/** For tests of the two maps: the codes that sources throw, by reading the sources. */
import { readdirSync, readFileSync } from 'node:fs'

const folders = {
  core: new URL('../core/', import.meta.url),
  auth: new URL('../auth/', import.meta.url),
  http: new URL('./', import.meta.url),
  soapMessages: new URL('../../../protocol/src/soap/', import.meta.url),
  restMessages: new URL('../../../protocol/src/rest/', import.meta.url),
} as const

const thrown = /new RightsError\(\s*'([a-z-]+)'/g

export function thrownCodes(...names: readonly (keyof typeof folders)[]): readonly string[] {
  const codes = new Set<string>()
  for (const name of names) {
    for (const file of readdirSync(folders[name], { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
      for (const [, code = ''] of readFileSync(new URL(file, folders[name]), 'utf8').matchAll(thrown)) codes.add(code)
    }
  }
  return [...codes].sort()
}
