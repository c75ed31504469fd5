/**
 * People sign in with OpenID at the service of one machine, in a browser on it and with a code on another device, and
 * protect and open documents over REST with the tokens. Nothing that is secret is written anywhere but into the client
 * store.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openBrowser } from './browser.ts'
import { openSignInProgram, tokensIn, type SignInProgram } from './sign-in-program.ts'
import { anna, application, bo, openSignInService, passwords, type SignInService } from './sign-in-service.ts'

const secrets = new Set<string>([...Object.values(passwords), application.secret])
const as = (user: string): readonly string[] => ['--user', user, '--connection', 'connection.json']

let service: SignInService
let program: SignInProgram

before(async () => {
  service = await openSignInService()
  program = openSignInProgram(service)
  writeFileSync(join(program.folder, 'note.txt'), 'for Bo')
})
after(async () => {
  program.close()
  await service.close()
})

function remember(user: string): void {
  const { accessToken, refreshToken = '' } = tokensIn(program.tokensOf(user))
  assert.ok(accessToken.length > 100 && refreshToken.length > 20)
  for (const token of [accessToken, refreshToken]) secrets.add(token)
}

test('Anna signs in with a browser on her machine', async () => {
  const command = program.begin('client', 'sign-in', ...as(anna), '--browser', '--json')
  const url = await command.screen(/^(https:\S+)$/m)
  const browser = openBrowser(service.ca)
  const login = await browser.get(url)
  assert.match(login.text, /<html lang="en">/)
  assert.match(login.text, /<label for="password">/)
  const again = await browser.submit(login, { account: anna, password: 'not-her-password' })
  assert.equal(again.status, 403)
  assert.match(again.text, /role="alert"/)
  const consent = await browser.submit(again, { account: anna, password: passwords[anna] ?? '' })
  assert.match(consent.text, /Sealward command line asks .* as anna@lakeside\.example/)
  const { leavesFor = '' } = await browser.submit(consent, { decision: 'allow' })
  secrets.add(new URL(leavesFor).searchParams.get('code') ?? 'no code')
  // Whoever else on this machine finds the port learns and ends nothing.
  const guess = new URL('/callback?state=guess&code=x', leavesFor)
  assert.equal((await fetch(guess)).status, 404)
  assert.equal((await fetch(leavesFor)).status, 200)
  const { code, stdout, stderr } = await command.ended
  assert.equal(code, 0, stderr)
  const { issuer, renewable } = JSON.parse(stdout) as { issuer: string; renewable: boolean }
  assert.deepEqual([issuer, renewable], [`${service.url}/sealward/openid`, true])
  remember(anna)
  if (process.platform !== 'win32') assert.equal(statSync(program.tokensOf(anna)).mode & 0o777, 0o600)
})

test('Bo signs in with a code that he types on another device', async () => {
  const command = program.begin('client', 'sign-in', ...as(bo))
  const userCode = await command.screen(/type the code ([A-Z-]+)/)
  const url = await command.screen(/Open (https:\S+) /)
  const browser = openBrowser(service.ca)
  const wrong = await browser.submit(await browser.get(url), { user_code: 'BBBB-BBBB' })
  assert.match(wrong.text, /not valid/)
  const filled = await browser.get(`${url}?user_code=${userCode}`)
  assert.ok(filled.text.includes(`value="${userCode}"`), filled.text)
  const confirm = await browser.submit(filled, { user_code: userCode })
  const login = await browser.submit(confirm, { confirm: 'yes' })
  const consent = await browser.submit(login, { account: bo, password: passwords[bo] ?? '' })
  const done = await browser.submit(consent, { decision: 'allow' })
  assert.match(done.text, /Your program is signed in/)
  const { code, stderr } = await command.ended
  assert.equal(code, 0, stderr)
  remember(bo)
})

test('with their tokens one protects and the other opens, over REST', async () => {
  const from = service.logged.length
  const grant = ['--grant', `${bo}=viewer`, '--output', 'note.ptxt', '--yes']
  await program.done('protect', 'note.txt', ...as(anna), ...grant)
  const { code, stdout, stderr } = await program.run('open', 'note.ptxt', ...as(bo))
  assert.deepEqual([code, stdout], [0, 'for Bo'], stderr)
  const doors = service.logged.slice(from).map((line) => (JSON.parse(line) as { door: string }).door)
  assert.deepEqual([...new Set(doors)], ['rest'])
})

test('a token that is over is renewed, once for each renewal', async () => {
  const path = program.tokensOf(bo)
  const first = tokensIn(path)
  writeFileSync(path, JSON.stringify({ ...first, expiresAt: new Date(0).toISOString() }))
  assert.equal((await program.run('open', 'note.ptxt', ...as(bo))).stdout, 'for Bo')
  remember(bo)
  assert.notEqual(tokensIn(path).accessToken, first.accessToken)
  assert.notEqual(tokensIn(path).refreshToken, first.refreshToken)
  // Somebody who kept a copy of the first file: the authority ends the sign-in for both.
  writeFileSync(path, JSON.stringify({ ...first, expiresAt: new Date(0).toISOString() }))
  const { code, stderr } = await program.run('open', 'note.ptxt', ...as(bo))
  assert.equal(code, 3)
  assert.match(stderr, /\[sign-in-over\]/)
})

test('an application gets a token in its own name, and opens nothing with it', async () => {
  const { id: clientId, secret: clientSecret } = application
  writeFileSync(join(program.folder, 'application.json'), JSON.stringify({ clientId, clientSecret }))
  await program.done('client', 'sign-in', ...as(bo), '--client-credentials-file', 'application.json', '--json')
  const from = service.logged.length
  const { code, stderr } = await program.run('open', 'note.ptxt', ...as(bo))
  assert.equal(code, 3)
  assert.match(stderr, /\[credentials-refused\]/)
  const line = service.logged.slice(from).find((each) => each.includes('credentials-refused')) ?? ''
  assert.match(line, /"status":401.*names no user/)
  secrets.add(tokensIn(program.tokensOf(bo)).accessToken)

  writeFileSync(
    join(program.folder, 'application.json'),
    JSON.stringify({ clientId, clientSecret: `${clientSecret}x` }),
  )
  const wrong = await program.run('client', 'sign-in', ...as(bo), '--client-credentials-file', 'application.json')
  assert.equal(wrong.code, 3)
  assert.match(wrong.stderr, /\[sign-in-refused\]/)
})

test('who signs in is who was named, and who refuses is not signed in', async () => {
  for (const [user, decision, refusal] of [
    [bo, 'allow', /\[sign-in-other-user\]/],
    [anna, 'refuse', /\[sign-in-refused\]/],
  ] as const) {
    const kept = readFileSync(program.tokensOf(user), 'utf8')
    const command = program.begin('client', 'sign-in', ...as(user), '--browser')
    const browser = openBrowser(service.ca)
    const login = await browser.get(await command.screen(/^(https:\S+)$/m))
    const consent = await browser.submit(login, { account: anna, password: passwords[anna] ?? '' })
    const { leavesFor = '' } = await browser.submit(consent, { decision })
    await fetch(leavesFor)
    const { code, stderr } = await command.ended
    assert.equal(code, 3, stderr)
    assert.match(stderr, refusal)
    assert.equal(readFileSync(program.tokensOf(user), 'utf8'), kept)
  }
})

test('Ctrl-C ends the waiting', async () => {
  const command = program.begin('client', 'sign-in', ...as(anna), '--device')
  await command.screen(/type the code ([A-Z-]+)/)
  command.interrupt()
  const { code, stderr } = await command.ended
  assert.equal(code, 130, stderr)
  assert.match(stderr, /\[interrupted\]/)
})

test('signing out ends the sign-in here and at the authority', async () => {
  const kept = readFileSync(program.tokensOf(anna), 'utf8')
  const { signedIn, revoked } = await program.done<{ signedIn: boolean; revoked: boolean }>(
    'client',
    'sign-out',
    ...as(anna),
    '--json',
  )
  assert.deepEqual([signedIn, revoked], [true, true])
  assert.equal(existsSync(program.tokensOf(anna)), false)
  // A copy of the file renews nothing any more.
  writeFileSync(program.tokensOf(anna), JSON.stringify({ ...JSON.parse(kept), expiresAt: new Date(0).toISOString() }), {
    mode: 0o600,
  })
  const { code, stderr } = await program.run('open', 'note.ptxt', ...as(anna))
  assert.equal(code, 3)
  assert.match(stderr, /\[sign-in-over\]/)
})

test('no password, code or token is in anything that was written or logged (S1)', () => {
  assert.ok(secrets.size >= 10)
  const written = program.written() + service.logged.join('')
  assert.ok(written.includes('is signed in at'))
  for (const secret of secrets) assert.ok(secret.length > 10 && !written.includes(secret), secret.slice(0, 8))
})
