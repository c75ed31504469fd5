/** The layer rules, shown by planting one fault of each kind in a copy of the empty house. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'

const root = join(import.meta.dirname, '..')
const house = mkdtempSync(join(tmpdir(), 'sealward-layers-'))

before(() => {
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
    copyFileSync(join(root, file), join(house, file))
  }
  for (const library of ['saxes', 'fastify']) {
    mkdirSync(join(house, 'node_modules'), { recursive: true })
    symlinkSync(join(root, 'node_modules', library), join(house, 'node_modules', library))
  }
  mkdirSync(join(house, 'node_modules', '@sealward'))
  for (const name of readdirSync(join(root, 'packages'))) {
    put(`packages/${name}/src/index.ts`, `export const ${name} = 1\n`)
    copyFileSync(join(root, 'packages', name, 'package.json'), join(house, 'packages', name, 'package.json'))
    symlinkSync(join(house, 'packages', name), join(house, 'node_modules', '@sealward', name))
  }
})

after(() => {
  rmSync(house, { recursive: true, force: true })
})

function put(path: string, text: string): void {
  mkdirSync(join(house, dirname(path)), { recursive: true })
  writeFileSync(join(house, path), text)
}

function cruise(): { readonly exit: number | null; readonly output: string } {
  const program = join(root, 'node_modules', '.bin', 'depcruise')
  const result = spawnSync(process.execPath, [program, '.'], { cwd: house, encoding: 'utf8' })
  return { exit: result.status, output: result.stdout + result.stderr }
}

const faults: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['xrml-imports-only-layers-below', 'packages/xrml/src/upwards.ts', "import '@sealward/keys'\n"],
  ['client-imports-only-layers-below', 'packages/client/src/sideways.ts', "import '@sealward/service'\n"],
  ['service-imports-only-layers-below', 'packages/service/src/types.ts', "import type {} from '@sealward/client'\n"],
  ['client-loads-only-its-libraries', 'packages/client/src/server.ts', "import 'fastify'\n"],
  ['keys-loads-only-its-libraries', 'packages/keys/src/reader.ts', "import 'saxes'\n"],
  ['xrml-is-pure', 'packages/xrml/src/files.ts', "import 'node:fs/promises'\n"],
  ['formats-is-pure', 'packages/formats/src/network.ts', "import 'node:http'\n"],
  ['no-unresolved-imports', 'packages/keys/src/gone.ts', "import './absent.ts'\n"],
  ['no-unresolved-imports', 'packages/keys/src/named-deep.ts', "import '@sealward/xrml/src/inside.ts'\n"],
  ['only-the-index-is-public', 'packages/keys/src/deep.ts', "import '../../xrml/src/inside.ts'\n"],
  ['only-the-index-is-public-to-tests-and-scripts', 'test/deep.ts', "import '../packages/xrml/src/inside.ts'\n"],
  ['no-relative-import-out-of-a-package', 'packages/keys/src/relative.ts', "import '../../xrml/src/index.ts'\n"],
  ['sqlite-only-in-the-store', 'packages/service/src/core/database.ts', "import 'node:sqlite'\n"],
  ['sources-do-not-import-tests', 'packages/keys/src/tested.ts', "import './some.test.ts'\n"],
  ['no-cycles', 'packages/keys/src/back.ts', "import './cycle.ts'\n"],
]

test('finds nothing in a house where packages only import downwards', () => {
  put('packages/keys/src/tidy.ts', "import { xrml } from '@sealward/xrml'\nexport const tidy = xrml\n")
  put('packages/xrml/src/inside.ts', 'export const inside = 1\n')
  put('packages/service/src/store/sqlite.ts', "import 'node:sqlite'\n")
  put('packages/keys/src/some.test.ts', "import 'node:fs'\n")
  const { exit, output } = cruise()
  assert.equal(exit, 0, output)
  assert.match(output, /no dependency violations found \(\d\d modules/)
})

test('reports every kind of forbidden import', async (t) => {
  put('packages/keys/src/cycle.ts', "import './back.ts'\n")
  for (const [, path, text] of faults) put(path, text)
  const { exit, output } = cruise()
  assert.notEqual(exit, 0)
  for (const [rule, path, text] of faults) {
    await t.test(`${rule}: ${text.trim()} in ${path}`, () => {
      assert.ok(output.includes(`error ${rule}: ${path} `), output)
    })
  }
})

test('refuses a package without a row', () => {
  put('packages/stray/src/index.ts', 'export const stray = 1\n')
  const { exit, output } = cruise()
  assert.notEqual(exit, 0)
  assert.match(output, /No row in the layer table .*: stray/)
})
