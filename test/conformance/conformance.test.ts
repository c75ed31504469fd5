/**
 * The conformance suite against our own service, with our service descriptions and with the printed ones; as a command
 * against a server that is named; and against a server that answers wrongly, which it must notice.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { faultNames, lastSegment } from '@sealward/protocol'
import { operate } from '@sealward/service'
import { openLakeside, type Lakeside } from '../scenarios/lakeside.ts'
import { serviceDescription, serviceDescriptionsMissing } from '../vectors.ts'
import { namedServer } from './suite/named-server.ts'
import { ownServers } from './suite/own-servers.ts'
import type { SoapVersion } from './suite/soap-client.ts'
import { countsOf } from './suite/report.ts'
import { rows } from './suite/rows/index.ts'
import { runRows, versionsOf, type RowResult } from './suite/run-rows.ts'
import type { Servers } from './suite/servers.ts'

const anna = 'anna.berg@lakeside.example'
const soap = ['1.1', '1.2'] as const

let own: Servers
let lakeside: Lakeside

before(async () => {
  own = await ownServers()
  lakeside = await openLakeside({ documents: 1 })
})
after(async () => {
  await own.close()
  await lakeside.close()
})

const failures = (results: readonly RowResult[]) =>
  results
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ id, soap: version, detail }) => `${id} ${version}: ${detail}`)

function everyRowHolds(results: readonly RowResult[], versions: readonly SoapVersion[]): void {
  assert.deepEqual(failures(results), [])
  assert.equal(results.length, rows.flatMap((row) => versionsOf(row, versions)).length)
  assert.deepEqual(
    results.filter(({ outcome }) => outcome === 'not applicable'),
    [],
  )
}

test('no two rows have the same name, and every fault that is known on the wire is expected by a row', () => {
  assert.deepEqual(
    rows.map(({ id }) => id).filter((id, index, all) => all.indexOf(id) !== index),
    [],
  )
  const expected = rows.map((row) =>
    'fault' in row.expected
      ? row.expected.fault
      : 'holds' in row.expected
        ? row.expected.holds.map(({ source }) => source).join(' ')
        : '',
  )
  const unasked = Object.values(faultNames)
    .map(lastSegment)
    .filter((name) => !expected.some((text) => text.includes(name)))
  assert.deepEqual(unasked, [])
})

test('our service answers every row, called as its own descriptions say', async () => {
  everyRowHolds(await runRows({ rows, servers: own, soap }), soap)
})

test('and called as the printed descriptions say', { skip: serviceDescriptionsMissing }, async () => {
  // The printed ones describe SOAP 1.1; both versions were asked above.
  const printed = { soap: ['1.1'], descriptions: serviceDescription('.') } as const
  everyRowHolds(await runRows({ rows, servers: own, ...printed }), printed.soap)
})

/** What the command prints, and its exit code. */
function conformance(args: readonly string[]): Promise<{ readonly code: number | null; readonly out: string }> {
  const main = join(import.meta.dirname, 'suite', 'main.ts')
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 })
  let out = ''
  child.stdout.on('data', (text: Buffer) => (out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (out += text.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out })))
}

/** The options that name our service as any server. */
function namedOptions(): readonly string[] {
  const file = join(lakeside.newFolder(), 'password.txt')
  writeFileSync(file, `${lakeside.password(anna)}\n`, { mode: 0o600 })
  return ['--url', lakeside.url, '--user', anna, '--password-file', file]
}

test('a server that somebody names is asked what it can be asked, and nothing else counts as passed', async () => {
  const { code, out } = await conformance([...namedOptions(), '--json'])
  assert.equal(code, 0, out)
  const report = JSON.parse(out) as { readonly rows: readonly RowResult[] }
  const decommissioned = report.rows.filter(({ id }) => id.startsWith('6.4/Certify'))
  assert.deepEqual(
    decommissioned.map(({ outcome, detail }) => [outcome, detail]),
    soap.map(() => ['not applicable', 'the server is not said to be: decommissioned']),
  )
  const expired = report.rows.filter(({ id }) => id === '4.2/AcquireLicense/4')
  assert.deepEqual(
    expired.map(({ outcome }) => outcome),
    ['not applicable', 'not applicable'],
  )
  assert.ok(countsOf(report.rows).passed > 100)
})

test('with the key of the server in an export more can be asked', async () => {
  const tpd = join(lakeside.folder, 'tpd')
  const { code, out } = await conformance([
    ...namedOptions(),
    '--export',
    join(tpd, 'rms.xml'),
    '--export-password-file',
    join(tpd, 'passwords', 'rms.txt'),
    '--only',
    '4.2/AcquireLicense/4',
  ])
  assert.equal(code, 0, out)
  assert.match(out, /^passed +4\.2\/AcquireLicense\/4 +1\.1 {2}an expired certificate$/m)
  assert.match(out, /: 4 passed, 0 failed, 0 not applicable\n$/)
})

test('a server at another base path is asked there', async () => {
  await lakeside.restart({ basePath: '/Rights/_wmcs' })
  const named = namedOptions().map((option) => (option === lakeside.url ? `${option}/rights/_wmcs` : option))
  const { code, out } = await conformance([...named, '--only', '2/', '--json'])
  assert.equal(code, 0, out)
  assert.ok(countsOf((JSON.parse(out) as { readonly rows: readonly RowResult[] }).rows).passed > 20)
  const nowhere = await conformance([...namedOptions(), '--only', '4.1/Certify'])
  assert.equal(nowhere.code, 1, nowhere.out)
  await lakeside.restart({ basePath: '/_wmcs' })
})

test('without anything to ask, or with options that do not fit, the command does not succeed', async () => {
  const nothing = await conformance([...namedOptions(), '--only', '6.4/Certify'])
  assert.equal(nothing.code, 1)
  assert.match(nothing.out, /: 0 passed, 0 failed, 2 not applicable\n$/)
  const misused = await conformance(['--url', lakeside.url])
  assert.equal(misused.code, 2)
  assert.match(misused.out, /--url needs --user and --password-file/)
})

test('the commands of the protocol notes do what the text says', async () => {
  const notes = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'protocol-notes.md'), 'utf8')
  const commands = [...notes.matchAll(/^npm run conformance -- (.*)$/gm)].map(([, options = '']) => options.split(' '))
  assert.equal(commands.length, 2)
  const ines = 'ines.duarte@lakeside.example'
  await operate(
    { administration: lakeside.service().administration('ines'), core: lakeside.service().context },
    'admit',
    { parameters: { door: 'precertification' }, body: { member: ines } },
  )
  const folder = lakeside.newFolder()
  const tpd = join(lakeside.folder, 'tpd')
  const passwordFile = (name: string, address: string): string => {
    writeFileSync(join(folder, name), lakeside.password(address), { mode: 0o600 })
    return join(folder, name)
  }
  /** What a reader has instead. */
  const instead = new Map([
    ['https://rms.test.example', lakeside.url],
    ['anna@test.example', anna],
    ['anna.txt', passwordFile('anna.txt', anna)],
    ['ines@test.example', ines],
    ['ines.txt', passwordFile('ines.txt', ines)],
    ['export.xml', join(tpd, 'rms.xml')],
    ['export.txt', join(tpd, 'passwords', 'rms.txt')],
  ])
  for (const options of commands) {
    const { code, out } = await conformance([
      ...options.map((word) => instead.get(word) ?? word),
      '--only',
      '6.2/Precertify',
    ])
    assert.equal(code, 0, out)
  }
})

/** Our service behind something that changes its answers. */
async function changing(change: (text: string, status: number) => { text: string; status: number }): Promise<{
  readonly url: string
  readonly close: () => Promise<void>
}> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const body = Buffer.concat(await request.toArray())
      const headers = Object.entries(request.headers).filter(([name]) =>
        /^(?:content-type|soapaction|authorization)$/.test(name),
      )
      const { method = 'GET', url = '/' } = request
      const inner = await fetch(`${lakeside.url}${url}`, {
        method,
        headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
        ...(method === 'POST' ? { body } : {}),
      })
      const text = await inner.text()
      const changed = method === 'POST' ? change(text, inner.status) : { text, status: inner.status }
      response.writeHead(changed.status, { 'content-type': inner.headers.get('content-type') ?? 'text/plain' })
      response.end(changed.text)
    }
    answer().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

test('a fault of another name, another status, and an answer without what it must hold are noticed', async () => {
  const wrong = 'VerifyMachineCertificateChainFailedException'
  const damages: readonly { readonly change: Parameters<typeof changing>[0]; readonly failing: readonly string[] }[] = [
    {
      change: (text, status) => ({ text: text.replace(wrong, 'BlackBoxIsInvalidException'), status }),
      failing: ['4.1/Certify/5', '4.1/Certify/5b', '4.1/Certify/5+5b', '4.1/Certify/5b+6'],
    },
    {
      change: (text, status) => ({ text, status: text.includes(wrong) ? 200 : status }),
      failing: ['4.1/Certify/5', '4.1/Certify/5b', '4.1/Certify/5+5b', '4.1/Certify/5b+6'],
    },
    {
      change: (text, status) => ({ text: text.replace('<Verified>true', '<Verified>maybe'), status }),
      failing: ['4.1/Certify/answer'],
    },
  ]
  const certify = rows.filter(({ id }) => id.startsWith('4.1/Certify/'))
  const { machine } = lakeside.sample.organisation.hierarchies.mode2
  const { machine: otherMachine } = lakeside.sample.organisation.hierarchies.mode1
  for (const { change, failing } of damages) {
    const { url, close } = await changing(change)
    try {
      const tester = {
        user: { address: anna, password: lakeside.password(anna) },
        machine: { chain: machine.chain, key: machine.key.handle },
        otherMachine: { chain: otherMachine.chain },
      }
      const results = await runRows({
        rows: certify,
        servers: await namedServer({ url, states: [], tester }),
        soap: ['1.1'],
      })
      const failed = results.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)
      assert.deepEqual(failed.toSorted(), failing.toSorted())
    } finally {
      await close()
    }
  }
})
