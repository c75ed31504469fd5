import assert from 'node:assert/strict'
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeSample } from '../sample/make-sample.ts'
import { exportsOf, jsonOf, sealward, spawnSealward, temporaryFolder } from '../transcript.fixture.ts'

const folder = temporaryFolder()
const sample = join(folder, 'sample')
await makeSample(sample)

const document = (path: string): string => join(sample, 'documents', path)
const old = document('finance/budget 2009.xlsx')
const oldExport = [
  '--tpd',
  join(sample, 'tpd/rms-old.xml'),
  '--password-file',
  join(sample, 'tpd/passwords/rms-old.txt'),
]
const roots = ['--anchor', join(sample, 'roots/mode-1.json'), '--anchor', join(sample, 'roots/mode-2.json')]

test('inspect has the fields of the contract, for files of every kind', async () => {
  const paths = [old, document('board/agenda.ptxt'), document('canteen.pdf'), document('finance/salaries.xlsx')]
  const transcript = await sealward(['inspect', '--json', ...paths])
  assert.equal(transcript.code, 0)
  const { files } = jsonOf<{ files: Record<string, unknown>[] }>(transcript)
  for (const file of files) {
    assert.deepEqual(Object.keys(file), [
      'path',
      'format',
      'protected',
      'size',
      'contentSize',
      'extension',
      'cipher',
      'licence',
      'useLicences',
      'labels',
      'error',
    ])
  }
  assert.deepEqual(
    files.map(({ format }) => format),
    ['office-open-xml', 'pfile', 'pdf', 'password-encrypted-office'],
  )
  const licence = files[0]?.['licence'] as Record<string, unknown>
  assert.deepEqual(Object.keys(licence), [
    'contentId',
    'policyId',
    'policyNames',
    'issuedAt',
    'owner',
    'kind',
    'cryptographicMode',
    'issuerKey',
    'serverKey',
    'licensingUrls',
    'extranetUrls',
    'referral',
    'chain',
  ])
  assert.equal(licence['issuedAt'], '2009-03-03T08:00:00.000Z')
  assert.equal(licence['cryptographicMode'], 1)
  const chain = licence['chain'] as Record<string, unknown>[]
  assert.deepEqual(Object.keys(chain[0] ?? {}), [
    'type',
    'subject',
    'issuedAt',
    'validFrom',
    'validUntil',
    'publicKey',
    'signature',
  ])
  assert.ok(chain.every(({ signature }) => signature === 'valid'))
})

test('inspect reports what it cannot read and goes on', async () => {
  const transcript = await sealward(['inspect', '--json', document('board/damaged.docx'), join(folder, 'none'), old])
  assert.equal(transcript.code, 1)
  const { files } = jsonOf<{ files: { error: { code: string } | null }[] }>(transcript)
  assert.deepEqual(
    files.map(({ error }) => error?.code),
    ['compound-file-damaged', 'file-unreadable', undefined],
  )
})

test('hostile names and texts are escaped', { skip: process.platform === 'win32' }, async () => {
  const path = join(folder, 'a\u001b[31m\u202excod.ptxt')
  copyFileSync(document('board/agenda.ptxt'), path)
  const [found, missing] = await Promise.all([sealward(['inspect', path]), sealward(['xrml', 'show', `${path}\u0007`])])
  assert.match(found.stdout, /a\\u001b\[31m\\u202excod\.ptxt/)
  assert.equal(missing.code, 5)
  for (const { stdout, stderr } of [found, missing]) {
    for (const character of '\u001b\u0007\u202e') assert.ok(!`${stdout}${stderr}`.includes(character))
  }
})

test('xrml verify has the fields of the contract and finds the root that is trusted', async () => {
  const [trusted, untrusted] = await Promise.all([
    sealward(['xrml', 'verify', '--json', old, ...roots]),
    sealward(['xrml', 'verify', '--json', old]),
  ])
  const verdict = jsonOf<{ documents: Record<string, unknown>[]; chain: Record<string, unknown> }>(trusted)
  for (const each of verdict.documents) {
    assert.deepEqual(Object.keys(each).sort(), [
      'digest',
      'hash',
      'index',
      'issuer',
      'keyBits',
      'signature',
      'subject',
      'type',
    ])
  }
  assert.deepEqual(verdict.chain, { linked: true, anchor: 'trusted', fault: null })
  assert.equal(trusted.code, 0)
  assert.equal(jsonOf<typeof verdict>(untrusted).chain['fault'], 'chain-anchor-untrusted')
  assert.equal(untrusted.code, 1)
})

test('xrml verify finds one changed character', async () => {
  const transcript = await sealward(['xrml', 'verify', document('finance/changed licence.docx'), ...roots])
  assert.equal(transcript.code, 1)
  assert.match(transcript.stdout, /mismatch/)
})

test('xrml show gives an outline, and the exact texts as JSON', async () => {
  const [text, json] = await Promise.all([sealward(['xrml', 'show', old]), sealward(['xrml', 'show', '--json', old])])
  assert.match(text.stdout, /^1\. publishing-license\n {2}BODY type=Microsoft Rights Label/)
  const { documents } = jsonOf<{ documents: { text: string; type: string }[] }>(json)
  assert.ok(documents.every((each) => each.text.startsWith('<XrML ')))
  assert.deepEqual([text.code, json.code], [0, 0])
})

test('xrml diagnose says which readings fit', async () => {
  const transcript = await sealward(['xrml', 'diagnose', ...oldExport, '--document', old, '--json'])
  assert.equal(transcript.code, 0)
  const diagnosis = jsonOf<{ transport: string; hashMatches: unknown[]; rightsData: { opens: boolean } }>(transcript)
  assert.equal(diagnosis.transport, 'pkcs1')
  assert.ok(diagnosis.hashMatches.length > 0 && diagnosis.rightsData.opens)
})

test('tpd inspect says what is inside and whether it could be imported', async () => {
  const args = ['tpd', 'inspect', join(sample, 'tpd/rms-old.xml'), '--json', ...oldExport.slice(2)]
  const [untrusted, trusted] = await Promise.all([sealward(args), sealward([...args, ...roots])])
  assert.equal(untrusted.code, 1)
  assert.equal(jsonOf(untrusted)['importable'], false)
  assert.equal(trusted.code, 0)
  const shown = jsonOf(trusted)
  assert.equal(shown['importable'], true)
  assert.equal(shown['mode'], 1)
})

test('a wrong password is refused with 3 and shows nothing of it, on any stream', async () => {
  const wrong = 'Canary-Password-4711'
  const file = join(folder, 'wrong.txt')
  writeFileSync(file, `${wrong}\n`)
  const path = join(sample, 'tpd/rms.xml')
  const transcripts = await Promise.all([
    sealward(['tpd', 'inspect', path, '--password-file', file]),
    sealward(['tpd', 'inspect', path, '--password-file', '-', '--json'], { input: `${wrong}\n` }),
    sealward(['rehearse', '--tpd', path, '--password-file', file, '--documents', sample]),
  ])
  for (const { code, stdout, stderr } of transcripts) {
    assert.equal(code, 3)
    assert.match(stderr, /\[tpd-not-opened\]\ncure: /)
    assert.ok(!`${stdout}${stderr}`.includes(wrong))
  }
})

test('a secret that nobody gives is a wrong call', async () => {
  const { code, stderr } = await sealward(['tpd', 'inspect', join(sample, 'tpd/rms.xml')])
  assert.equal(code, 2)
  assert.match(stderr, /\[secret-missing\]/)
})

test('tpd split shows its plan, writes the key for its owner alone and never over anything', async () => {
  const path = join(folder, 'cluster.xml')
  const pem = join(folder, 'cluster_key.pem')
  copyFileSync(join(sample, 'tpd/rms-old.xml'), path)
  const args = ['tpd', 'split', path, ...oldExport.slice(2)]
  const asked = await sealward(args)
  assert.equal(asked.code, 2)
  assert.match(asked.stderr, /^1\. write .+\n2\. write the private key, .+\n.+\[confirmation-missing\]/)
  assert.ok(!existsSync(pem))
  const done = await sealward([...args, '--yes'])
  assert.equal(done.code, 0)
  assert.match(readFileSync(pem, 'utf8'), /^-----BEGIN RSA PRIVATE KEY-----/)
  if (process.platform !== 'win32') assert.equal(statSync(pem).mode & 0o777, 0o600)
  assert.match((await sealward([...args, '--yes'])).stderr, /\[file-exists\]/)
})

test('rehearse finds every document as expected, twice with the same bytes', async () => {
  const args = ['rehearse', ...exportsOf(sample), '--documents', join(sample, 'documents'), '--json']
  const html = join(folder, 'report.html')
  const [first, second] = await Promise.all([sealward([...args, '--html', html]), sealward(args)])
  assert.equal(first.code, 1)
  assert.equal(first.stdout, second.stdout)
  assert.match(readFileSync(html, 'utf8'), /^<!doctype html>/i)
  const report = jsonOf<Record<string, unknown> & { documents: { path: string; outcome: string }[] }>(first)
  assert.deepEqual(Object.keys(report), ['summary', 'keys', 'missingKeys', 'urls', 'templates', 'documents'])
  const expected = JSON.parse(readFileSync(join(sample, 'expected.json'), 'utf8')) as {
    documents: { path: string; outcome: string }[]
  }
  const found = new Map(report.documents.map(({ path, outcome }) => [path, outcome]))
  for (const { path, outcome } of expected.documents) assert.equal(found.get(path), outcome, path)
})

test('rehearse writes its page over no file, and into no folder that is not there', async () => {
  const args = ['rehearse', ...oldExport, ...roots, '--documents', join(sample, 'documents/board')]
  const kept = join(folder, 'kept.xlsx')
  copyFileSync(old, kept)
  const over = await sealward([...args, '--html', kept])
  assert.match(over.stderr, /\[file-exists\]/)
  assert.equal(over.stdout, '')
  assert.deepEqual(readFileSync(kept), readFileSync(old))
  assert.match((await sealward([...args, '--html', join(folder, 'no/report.html')])).stderr, /\[file-not-written\]/)
})

test('nobody reading the output is no error', async () => {
  const child = spawnSealward(['xrml', 'show', '--full', old, document('legal/claims.xlsx')])
  child.stdout.destroy()
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  await new Promise((resolve) => child.on('close', resolve))
  assert.equal(stderr, '')
})

test('sample takes a number of documents and an empty folder only', async () => {
  const target = join(folder, 'small')
  const dry = await sealward(['sample', target, '--documents', '3', '--dry-run'])
  const made = await sealward(['sample', target, '--documents', '3', '--json'])
  const again = await sealward(['sample', target])
  const wrong = await sealward(['sample', join(folder, 'other'), '--documents', '0'])
  assert.deepEqual([dry.code, made.code, again.code, wrong.code], [0, 0, 5, 2])
  assert.equal(jsonOf(made)['documents'], 3)
  assert.match(again.stderr, /\[sample-directory-not-empty\]/)
})
