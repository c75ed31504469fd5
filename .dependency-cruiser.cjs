/**
 * Who may import whom. The table below is the architecture (docs/architecture.md); every rule is made from it.
 * A directory below packages/ without a row stops the check.
 */
const { readdirSync } = require('node:fs')

/**
 * The packages of ours that a package may import, and the libraries that its sources (not its tests) may load.
 * A pure package consists of functions on values: no files, no network, no processes.
 *
 * @typedef {{ readonly imports: readonly string[], readonly libraries: readonly string[], readonly pure?: boolean }} Row
 * @type {Readonly<Record<string, Row>>}
 */
const layers = {
  xrml: { imports: [], libraries: ['saxes'], pure: true },
  protocol: { imports: ['xrml'], libraries: [], pure: true },
  formats: { imports: ['xrml'], libraries: ['yauzl', 'yazl'], pure: true },
  keys: { imports: ['xrml'], libraries: [] },
  service: {
    imports: ['xrml', 'protocol', 'keys'],
    libraries: ['fastify', 'zod', 'kysely', 'pino', 'lru-cache', 'jose', 'ldapts', 'oidc-provider'],
  },
  client: { imports: ['xrml', 'protocol', 'formats'], libraries: ['ldapts', 'openid-client'] },
  bulk: { imports: ['client', 'formats', 'xrml'], libraries: [] },
  sample: { imports: ['xrml', 'formats', 'keys'], libraries: ['yazl'] },
  migration: { imports: ['bulk', 'client', 'protocol', 'keys', 'formats', 'xrml'], libraries: [] },
  cli: {
    imports: ['xrml', 'protocol', 'formats', 'keys', 'service', 'client', 'bulk', 'sample', 'migration'],
    libraries: ['commander', '@clack/prompts'],
  },
}

const test = '[.]test[.]ts$'
const inputAndOutput = [
  '^(node:)?(child_process|cluster|dgram|dns|fs|http|http2|https|net|sqlite|tls|worker_threads)$',
  '^(node:)?(dns|fs)/promises$',
]

/** @param {readonly string[]} names */
const anyOf = (names) => `(${names.map((name) => name.replaceAll('/', '[/]')).join('|')})`
/** @param {readonly string[]} names */
const installed = (names) => `(^|/)node_modules/${anyOf(names)}/`

function packagesWithoutRow() {
  const found = readdirSync('packages', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return found.map((entry) => entry.name).filter((name) => !Object.hasOwn(layers, name))
}

/**
 * @param {string} name
 * @param {Row} row
 */
function rulesOf(name, { imports, libraries, pure }) {
  const from = { path: `^packages/${name}/` }
  const sources = { ...from, pathNot: test }
  /** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
  const rules = [
    {
      name: `${name}-imports-only-layers-below`,
      severity: 'error',
      from,
      to: { path: '^packages/', pathNot: `^packages/${anyOf([name, ...imports])}/` },
    },
    {
      name: `${name}-loads-only-its-libraries`,
      severity: 'error',
      from: sources,
      to: {
        path: '(^|/)node_modules/',
        ...(libraries.length > 0 && { pathNot: installed(libraries) }),
      },
    },
  ]
  if (pure) {
    rules.push({ name: `${name}-is-pure`, severity: 'error', from: sources, to: { path: inputAndOutput } })
  }
  return rules
}

const strays = packagesWithoutRow()
if (strays.length > 0) {
  throw new Error(`No row in the layer table (.dependency-cruiser.cjs) for: ${strays.join(', ')}`)
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(layers).flatMap(([name, row]) => rulesOf(name, row)),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved-imports', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'only-the-index-is-public',
      comment: 'Packages meet at src/index.ts.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: ['^packages/$1/', '^packages/[^/]+/src/index[.]ts$'] },
    },
    {
      name: 'only-the-index-is-public-to-tests-and-scripts',
      severity: 'error',
      from: { path: '^(test|scripts)/' },
      to: { path: '^packages/', pathNot: '^packages/[^/]+/src/(index|main)[.]ts$' },
    },
    {
      name: 'no-relative-import-out-of-a-package',
      severity: 'error',
      from: { path: '^(packages/[^/]+|test|scripts)/' },
      to: { path: '^packages/', pathNot: '^$1/', dependencyTypes: ['local'], dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'sqlite-only-in-the-store',
      severity: 'error',
      from: { path: '^packages/', pathNot: ['^packages/service/src/store/sqlite', test] },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'sources-do-not-import-tests',
      severity: 'error',
      from: { path: '^packages/', pathNot: test },
      to: { path: test },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
