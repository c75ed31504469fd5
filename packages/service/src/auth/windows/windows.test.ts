/** Sign-in with a helper that is a script of ours: what the service makes of everything that a helper may say or not say. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { alice, peopleDirectory } from '../test-people.ts'
import { makeLoopbackCertificate } from '../../tls/self-signed.ts'
import { channelBindingOf } from './channel-binding.ts'
import { startNtlmAuth, type NtlmAuth } from './ntlm-auth.ts'
import { end, message, names, pair } from './ntlm-message.fixture.ts'
import { createWindowsAuthentication } from './windows.ts'

const folder = mkdtempSync(join(tmpdir(), 'sealward-helper-'))
after(() => rmSync(folder, { recursive: true }))

const binding = channelBindingOf(makeLoopbackCertificate(new Date(0), new Date(1), Buffer.alloc(16)).certificate)
const now = new Date('2026-05-04T12:00:00Z')
const first = Buffer.from('NTLMSSP\0\x01\0\0\0', 'latin1').toString('base64')
const last = Buffer.from('NTLMSSP\0\x03\0\0\0', 'latin1').toString('base64')

let scripts = 0

/** @param answers shell statements for each line that begins so */
function windows(
  answers: { readonly YR?: string; readonly KK?: string },
  { program, bindingRequired = false }: { readonly program?: string; readonly bindingRequired?: boolean } = {},
) {
  const script = join(folder, `helper-${++scripts}.sh`)
  const cases = Object.entries(answers).map(([key, statement]) => `    ${key}*) ${statement} ;;\n`)
  writeFileSync(script, `#!/bin/sh\nwhile read -r line; do\n  case "$line" in\n${cases.join('')}  esac\ndone\n`, {
    mode: 0o700,
  })
  const helpers: NtlmAuth[] = []
  const authentication = createWindowsAuthentication({
    directory: peopleDirectory(),
    clock: { now: () => now },
    ntlm: { bindingRequired, binding },
    startNtlmAuth() {
      const helper = startNtlmAuth({
        program: program ?? script,
        arguments: [],
        environment: { PATH: process.env['PATH'] ?? '' },
      })
      helpers.push(helper)
      return helper
    },
  })
  const ask = (connection: Socket | undefined, credentials: string, remoteAddress = '192.0.2.1') =>
    authentication.authenticate({ scheme: 'ntlm', credentials, remoteAddress, connection })
  return { authentication, ask, helpers }
}

const more = 'echo "TT Zm9v *"'
const signsIn = (account: string): string => `printf '%s\\n' 'AF * ${account}'`

test('three messages sign in the connection, until a new sign-in begins', async () => {
  const { authentication, ask, helpers } = windows({ YR: more, KK: signsIn('CORP\\alice') })
  const connection = new Socket()
  assert.deepEqual(await ask(connection, first), { answer: 'NTLM Zm9v' })
  assert.equal(await authentication.callerOf(connection), undefined)
  const caller = { user: alice, authentication: 'ntlm' }
  assert.deepEqual(await ask(connection, last), { caller })
  assert.deepEqual(await authentication.callerOf(connection), caller)
  assert.equal(await authentication.callerOf(new Socket()), undefined)
  await ask(connection, first)
  assert.equal(await authentication.callerOf(connection), undefined)
  assert.equal(helpers.length, 1, 'a helper serves the next sign-in')
  authentication.close()
  assert.ok(helpers.every(({ ended }) => ended))
})

const outcomes: Readonly<Record<string, readonly [statement: string, code: string]>> = {
  'a refusal': ["echo 'NA * NT_STATUS_LOGON_FAILURE'", 'credentials-refused'],
  'a broken helper': ["echo 'BH NT_STATUS_UNSUCCESSFUL'", 'windows-sign-in-unavailable'],
  'an account without domain': [signsIn('alice'), 'windows-sign-in-unavailable'],
  'an account in two domains': [signsIn('CORP\\HILL\\alice'), 'windows-sign-in-unavailable'],
  'an empty account': [signsIn('\\'), 'windows-sign-in-unavailable'],
  'an account of another domain': [signsIn('HILL\\alice'), 'user-not-in-directory'],
  'a disabled account': [signsIn('CORP\\dora'), 'credentials-refused'],
  'a challenge that would end the header': ["printf 'TT a\\r:b\\n'", 'windows-sign-in-unavailable'],
  'two lines': ["printf 'AF * CORP\\\\alice\\nAF * CORP\\\\alice\\n'", 'windows-sign-in-unavailable'],
  'a line without end': ["head -c 100000 /dev/zero | tr '\\0' x", 'windows-sign-in-unavailable'],
  'an empty line': ['echo', 'windows-sign-in-unavailable'],
  'an end': ['exit 1', 'windows-sign-in-unavailable'],
}
for (const [name, [statement, code]] of Object.entries(outcomes)) {
  test(`${name}: ${code}`, async () => {
    const { authentication, ask, helpers } = windows({ YR: more, KK: statement })
    const connection = new Socket()
    await ask(connection, first)
    await assert.rejects(ask(connection, last), { code })
    if (code === 'windows-sign-in-unavailable') assert.ok(helpers.every(({ ended }) => ended))
    authentication.close()
  })
}

for (const bindingRequired of [true, false]) {
  test(`a message for another channel is refused, one for none ${bindingRequired ? 'too' : 'is not'}`, async () => {
    const { authentication, ask } = windows({ YR: more, KK: signsIn('CORP\\alice') }, { bindingRequired })
    const answerTo = async (...pairs: readonly Buffer[]) => {
      const connection = new Socket()
      await ask(connection, first)
      return ask(connection, message(...pairs, end).toString('base64'))
    }
    assert.deepEqual((await answerTo(names, pair(0x0a, binding))).caller, { user: alice, authentication: 'ntlm' })
    await assert.rejects(answerTo(names, pair(0x0a, Buffer.alloc(16, 1))), { message: /another channel/ })
    const unbound = answerTo(names)
    if (bindingRequired) await assert.rejects(unbound, { message: /without channel binding/ })
    else assert.deepEqual((await unbound).caller, { user: alice, authentication: 'ntlm' })
    authentication.close()
  })
}

test('a helper that is not there is an outage', async () => {
  const { ask } = windows({}, { program: join(folder, 'nothing') })
  await assert.rejects(ask(new Socket(), first), { code: 'windows-sign-in-unavailable' })
})

test('needs a connection, a beginning, and a token that is one', async () => {
  const { authentication, ask } = windows({ YR: more })
  for (const [connection, credentials] of [
    [undefined, first],
    [new Socket(), last],
    [new Socket(), `${first}=`],
    [new Socket(), 'TlRM'],
    [new Socket(), Buffer.alloc(30_000, 'NTLMSSP\0\x01').toString('base64')],
  ] as const) {
    await assert.rejects(ask(connection, credentials), { code: 'credentials-refused' })
  }
  authentication.close()
})

test('a sign-in ends with its connection', async () => {
  const { authentication, ask, helpers } = windows({ YR: more })
  const connection = new Socket()
  await ask(connection, first)
  connection.destroy()
  await new Promise((resolve) => connection.once('close', resolve))
  assert.deepEqual(
    helpers.map(({ ended }) => ended),
    [true],
  )
  authentication.close()
})

test('an address has few unfinished sign-ins, all together not many', async () => {
  const { authentication, ask, helpers } = windows({ YR: more })
  const open: Socket[] = []
  for (let address = 1; address <= 4; address++) {
    for (let count = 0; count < 8; count++) {
      const connection = new Socket()
      open.push(connection)
      await ask(connection, first, `192.0.2.${address}`)
    }
  }
  assert.equal(helpers.length, 32)
  for (const address of ['192.0.2.1', '192.0.2.9']) {
    await assert.rejects(ask(new Socket(), first, address), { code: 'service-overloaded' })
  }
  for (const connection of open) connection.destroy()
  await Promise.all(open.map((connection) => new Promise((resolve) => connection.once('close', resolve))))
  assert.deepEqual(await ask(new Socket(), first, '192.0.2.9'), { answer: 'NTLM Zm9v' })
  authentication.close()
})

test('twenty refused sign-ins slow an address down', async () => {
  const { authentication, ask } = windows({ YR: "echo 'NA * NT_STATUS_LOGON_FAILURE'" })
  for (let failure = 0; failure < 20; failure++) {
    await assert.rejects(ask(new Socket(), first), { code: 'credentials-refused' })
  }
  await assert.rejects(ask(new Socket(), first), { code: 'authentication-throttled' })
  authentication.close()
})
