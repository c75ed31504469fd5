/**
 * A service whose people are in Active Directory: made and run with the program against a domain controller. Rights follow
 * the directory: through nested groups, away from a disabled account, and to nobody while the directory is silent.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { createClient, openDocument, protectFile } from '@sealward/client'
import { isRightsError } from '@sealward/xrml'
import type { Organisation } from '../peers/people.ts'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../peers/samba.ts'
import { freePort } from './lakeside.ts'

const program = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'src', 'main.ts')
const password = 'Pass-of-2-people'
const person = (name: string) => ({ name, mail: `${name}@lakeside.test`, password })

const documentNames = ['first', 'second', 'third', 'fourth', 'fifth'] as const
type DocumentName = (typeof documentNames)[number]

const organisation: Organisation = {
  people: [person('anna'), person('ben'), person('emil'), { ...person('dora'), disabled: true }],
  groups: [
    { name: 'team', members: ['anna', 'dora'] },
    { name: 'division', mail: 'division@lakeside.test', kind: 'distribution', members: ['team', 'everybody'] },
    { name: 'everybody', mail: 'everybody@lakeside.test', members: ['division'] },
  ],
}

suite('a service with Active Directory behind it', { skip: skipWithoutSamba }, () => {
  let domain: SambaDomain
  let folder: string
  let url: string
  let service: ChildProcess
  const documents = new Map<string, string>()

  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }

  before(async () => {
    domain = await startSamba(organisation)
    folder = mkdtempSync(join(tmpdir(), 'sealward-active-directory-'))
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const made = run('cluster', 'create', '--data', '.', '--port', String(port), '--domain', 'lakeside.test', '--yes')
    assert.equal(made.status, 0, made.stderr)
    writeFileSync(join(folder, 'reader-password'), domain.reader.password, { mode: 0o600 })
    const source = { urls: [domain.secureUrl], caFile: domain.caFile, bindDn: domain.reader.dn }
    const directory = {
      sources: [{ ...source, passwordFile: 'reader-password', domains: ['lakeside.test'] }],
      timeoutSeconds: 20,
      groupSeconds: 20,
    }
    const config = JSON.parse(readFileSync(join(folder, 'service.json'), 'utf8')) as object
    writeFileSync(join(folder, 'service.json'), JSON.stringify({ ...config, directory }))
    service = await serve(folder)
    const policy = { grants: [{ to: 'everybody@lakeside.test', rights: ['VIEW'] }] }
    // One for every question: a client that has a use licence does not ask again.
    for (const name of documentNames) {
      writeFileSync(join(folder, `${name}.txt`), 'for everybody')
      documents.set(name, (await protectFile(client('ben'), join(folder, `${name}.txt`), policy)).path)
    }
  })
  after(async () => {
    const ended = new Promise((resolve) => service.once('close', resolve))
    service.kill('SIGTERM')
    await ended
    await domain.stop()
    rmSync(folder, { recursive: true })
  })

  const client = (name: string) =>
    createClient({
      serviceUrl: url,
      user: `${name}@lakeside.test`,
      password: () => Buffer.from(password),
      storeDirectory: join(folder, 'clients', name),
      trustOnFirstUse: true,
    })

  async function open(name: string, document: DocumentName = 'first'): Promise<string> {
    const pieces: Uint8Array[] = []
    await openDocument(client(name), documents.get(document) ?? '', {
      write: (bytes) => void pieces.push(Uint8Array.from(bytes)),
    })
    return Buffer.concat(pieces).toString()
  }
  const refusal = (name: string, document: DocumentName = 'first'): Promise<string> =>
    open(name, document).then(
      () => 'opened',
      (error: unknown) => (isRightsError(error) ? error.code : String(error)),
    )

  test('who is nested three groups deep opens what was protected for the outer one', async () => {
    assert.equal(await open('anna'), 'for everybody')
  })

  test('who is in no group, or disabled, does not', async () => {
    assert.equal(await refusal('emil'), 'no-rights')
    assert.equal(await refusal('dora'), 'credentials-refused')
  })

  test('the directory explains both', () => {
    const explained = run('directory', 'explain', 'anna@lakeside.test', '--data', '.')
    assert.equal(explained.status, 0, explained.stderr)
    assert.match(explained.stdout, /^group +team > division@lakeside\.test > everybody@lakeside\.test$/m)
    assert.match(explained.stdout, /^group +team \(leads to other groups only\)$/m)
    const disabled = run('directory', 'explain', 'dora@lakeside.test', '--data', '.')
    assert.equal(disabled.status, 1)
    assert.match(disabled.stdout, /^problem +the account is disabled/m)
    const shown = run('directory', 'show', 'anna@lakeside.test', '--data', '.', '--json')
    const { addresses, groups } = JSON.parse(shown.stdout) as { addresses: string[]; groups: string[] }
    assert.deepEqual(addresses, ['anna@lakeside.test'])
    assert.deepEqual(groups.toSorted(), ['division@lakeside.test', 'everybody@lakeside.test'])
    const keyless = run('directory', 'set-password', 'anna@lakeside.test', '--data', '.', '--yes')
    assert.equal(keyless.status, 2)
    assert.match(keyless.stderr, /usage-invalid/)
    const unknown = run('directory', 'show', 'nobody@lakeside.test', '--data', '.')
    assert.equal(unknown.status, 3)
    assert.match(unknown.stderr, /user-not-in-directory/)
  })

  test('who has a certificate and is disabled afterwards opens nothing more', async () => {
    domain.change(
      `dn: ${domain.dnOf('anna')}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 514\n`,
    )
    assert.equal(await refusal('anna', 'second'), 'credentials-refused')
    domain.change(
      `dn: ${domain.dnOf('anna')}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 512\n`,
    )
    assert.equal(await open('anna', 'second'), 'for everybody')
  })

  test('who leaves a group opens what it knows for some minutes more, or until the service is told to forget', async () => {
    domain.change(`dn: ${domain.dnOf('team')}\nchangetype: modify\ndelete: member\nmember: ${domain.dnOf('anna')}\n`)
    assert.equal(await open('anna', 'third'), 'for everybody')
    const flushed = run('directory', 'flush', '--service', url, '--admin-token-file', 'admin-token')
    assert.equal(flushed.status, 0, flushed.stderr)
    assert.equal(await refusal('anna', 'fourth'), 'no-rights')
    domain.change(`dn: ${domain.dnOf('team')}\nchangetype: modify\nadd: member\nmember: ${domain.dnOf('anna')}\n`)
    run('directory', 'flush', '--service', url, '--admin-token-file', 'admin-token')
    assert.equal(await open('anna', 'fourth'), 'for everybody')
  })

  test('nobody is refused a right because the directory is away, and all is as before when it is back', async () => {
    domain.signal('SIGKILL')
    assert.equal(await refusal('anna', 'fifth'), 'directory-unavailable')
    const explained = run('directory', 'explain', 'anna@lakeside.test', '--data', '.')
    assert.equal(explained.status, 4)
    assert.match(explained.stderr, /directory-unavailable/)
    await domain.restart()
    assert.equal(await open('anna', 'fifth'), 'for everybody')
  })
})

async function serve(cwd: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, 'serve', '--config', 'service.json'], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  while (!said.includes('/admin/v1')) {
    assert.equal(child.exitCode, null, said)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return child
}
