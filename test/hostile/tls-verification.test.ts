/** N2: no code path turns the verification of certificates off, or allows what is older than TLS 1.2. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')

const sources: ReadonlyMap<string, string> = new Map(
  globSync(['packages/*/src/**/*.{ts,js}', 'scripts/**/*.{ts,js}', 'package.json', 'packages/*/package.json'], {
    cwd: root,
  })
    .filter((path) => !/\.(?:test|fixture)\.ts$/.test(path))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
)

/** Ways to weaken TLS in the runtime, in its environment, and in the programs that are started. */
const weakening: readonly RegExp[] = [
  /rejectUnauthorized['"]?\]?\s*[:=](?!\s*true\b)/,
  /\{[^}]*\brejectUnauthorized\s*[,}]/,
  /NODE_TLS_REJECT_UNAUTHORIZED/,
  /checkServerIdentity['"]?\s*[:=(]\s*(?:\([^)]*\)|\w+|function)\s*(?:=>|\{)/,
  /strict-?ssl['"]?\s*[:=]\s*['"]?false/i,
  /insecureHTTPParser\s*:\s*true/,
  /--(?:insecure|no-check-certificate|tls-min-v1\.[01])\b/,
  /minVersion['"]?\s*[:=]\s*['"]TLSv1(?:\.1)?['"]/,
  /\b(?:min|DEFAULT_MIN)_VERSION\s*=/,
  /secureProtocol\s*:/,
  /LDAPTLS_REQCERT|TLS_REQCERT/,
]

/** What is excused, and why. */
const excused: Readonly<Record<string, string>> = {
  'packages/cli/src/doctor/check-certificate.ts': 'looks at what is shown, and sends nothing',
  'packages/service/src/http/secure-server.ts':
    'the side of the server: whoever shows no certificate may sign in otherwise',
}

function weakensAt(text: string): boolean {
  return weakening.some((pattern) => pattern.test(text))
}

test('N2: no file but those excused weakens TLS', () => {
  assert.ok(sources.size > 500, `${sources.size} files`)
  const weak = [...sources].filter(([, text]) => weakensAt(text)).map(([path]) => path)
  assert.deepEqual(weak.sort(), Object.keys(excused).sort())
})

test('N2: what is excused says so once, and the first sends nothing', () => {
  for (const path of Object.keys(excused)) {
    assert.equal(sources.get(path)?.match(/rejectUnauthorized/g)?.length, 1, path)
  }
  assert.doesNotMatch(sources.get('packages/cli/src/doctor/check-certificate.ts') ?? '', /\.(?:write|request|send)\(/)
})

test('N2: the gate knows the ways', () => {
  for (const text of [
    'connect({ rejectUnauthorized: false })',
    "options['rejectUnauthorized'] = strict",
    'connect({ host, rejectUnauthorized })',
    "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'",
    'checkServerIdentity: () => undefined',
    "minVersion: 'TLSv1.1'",
    "['curl', '--insecure']",
  ]) {
    assert.ok(weakensAt(text), text)
  }
  assert.ok(!weakensAt("connect({ minVersion: 'TLSv1.2', rejectUnauthorized: true })"))
})
