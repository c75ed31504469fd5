/** The master key from a passphrase: asked for on a terminal, given in a file to a service, kept nowhere. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { freePort } from '../start/free-port.ts'
import { sealwardOnTerminal, skipWithoutTerminal } from '../terminal.fixture.ts'
import { sealward, spawnSealward, temporaryFolder, type Transcript } from '../transcript.fixture.ts'

const cwd = temporaryFolder()
const passphrase = 'nine quiet harbours'
const parametersFile = join(cwd, 'cluster', 'master-key.json')
const run = (...args: readonly string[]): Promise<Transcript> => sealward(args, { cwd })

before(async () => {
  writeFileSync(join(cwd, 'passphrase.txt'), `${passphrase}\n`)
  writeFileSync(join(cwd, 'wrong.txt'), 'nine quiet hallways\n')
  writeFileSync(join(cwd, 'short.txt'), 'harbours\n')
  const port = String(await freePort(0))
  const made = await run('cluster', 'create', '--data', 'cluster', '--port', port, ...from('passphrase.txt'), '--yes')
  assert.equal(made.code, 0, made.stderr)
})

const from = (file: string): readonly string[] => ['--passphrase-file', file]

test('no file of the data directory holds the key or the passphrase', () => {
  assert.ok(!existsSync(join(cwd, 'cluster', 'master.key')))
  const stored = JSON.parse(readFileSync(parametersFile, 'utf8')) as Record<string, unknown>
  assert.deepEqual(Object.keys(stored).sort(), ['blockSize', 'cost', 'derivation', 'parallelization', 'salt'])
  for (const name of readdirSync(join(cwd, 'cluster'))) {
    assert.ok(!readFileSync(join(cwd, 'cluster', name)).includes(passphrase), name)
  }
})

test('a service starts with the passphrase from a file, and with no other', async () => {
  const serve = ['serve', '--config', join('cluster', 'service.json')]
  const child = spawnSealward([...serve, ...from('passphrase.txt')], { cwd })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdout.resume()
  while (!said.includes('/admin/v1')) {
    assert.equal(child.exitCode, null, said)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGINT')
  await ended
  const wrong = await run(...serve, ...from('wrong.txt'))
  assert.match(wrong.stderr, /\[sealed-record-invalid\]/)
  assert.ok(!`${wrong.stderr}${wrong.stdout}`.includes('hallways'))
})

test('without a terminal nobody is asked', async () => {
  const transcript = await run('key', 'list', '--data', 'cluster')
  assert.equal(transcript.code, 2)
  assert.match(transcript.stderr, /\[secret-missing\]/)
})

test('on a terminal the passphrase is asked for once in a command, and not shown', {
  skip: skipWithoutTerminal,
}, async () => {
  const right = { question: 'Passphrase of cluster', answer: passphrase }
  const { code, text } = await sealwardOnTerminal(['key', 'list', '--data', 'cluster'], [right], cwd)
  assert.equal(code, 0, text)
  assert.match(text, /active/)
  assert.ok(!text.includes(passphrase))
  const wrong = await sealwardOnTerminal(
    ['key', 'list', '--data', 'cluster'],
    [{ ...right, answer: 'nine quiet hallways' }],
    cwd,
  )
  assert.match(wrong.text, /\[sealed-record-invalid\]/)
})

test('a new passphrase is asked for twice', { skip: skipWithoutTerminal }, async () => {
  const create = ['tenant', 'create', '--data', 'tenant', '--port', '8500', '--ask-passphrase', '--yes']
  const first = { question: 'New passphrase of tenant', answer: passphrase }
  const differing = await sealwardOnTerminal(
    create,
    [first, { question: 'Once more', answer: 'nine quiet lakes' }],
    cwd,
  )
  assert.match(differing.text, /\[secret-missing\]/)
  assert.ok(!existsSync(join(cwd, 'tenant')))
  const same = await sealwardOnTerminal(create, [first, { question: 'Once more', answer: passphrase }], cwd)
  assert.equal(same.code, 0, same.text)
  assert.ok(existsSync(join(cwd, 'tenant', 'master-key.json')) && !existsSync(join(cwd, 'tenant', 'master.key')))
})

test('a short passphrase makes nothing, and no key is taken over by a passphrase', async () => {
  const short = await run('tenant', 'create', '--data', 'short', ...from('short.txt'), '--yes')
  assert.match(short.stderr, /\[master-key-refused\]/)
  assert.ok(!existsSync(join(cwd, 'short')))
  const again = await run('cluster', 'create', '--data', 'cluster', ...from('passphrase.txt'), '--yes')
  assert.match(again.stderr, /\[file-exists\]/)
})

test('a passphrase where the key is in a file is a wrong call', async () => {
  const made = await run('tenant', 'create', '--data', 'keyed', '--yes')
  assert.equal(made.code, 0, made.stderr)
  const serve = ['serve', '--config', join('keyed', 'service.json'), ...from('passphrase.txt')]
  const two = [...serve, '--master-key', join('keyed', 'master.key')]
  assert.deepEqual([(await run(...serve)).code, (await run(...two)).code], [2, 2])
})

test('parameters that were changed are refused', async () => {
  const original = readFileSync(parametersFile, 'utf8')
  const parameters = JSON.parse(original) as Record<string, unknown>
  const serve = ['serve', '--config', join('cluster', 'service.json'), ...from('passphrase.txt')]
  const changes = [{ cost: 2 ** 10 }, { cost: 2 ** 30 }, { salt: '' }, { salt: 7 }, { derivation: 'none' }]
  for (const change of [...changes.map((each) => JSON.stringify({ ...parameters, ...each })), 'null', '{']) {
    writeFileSync(parametersFile, change)
    const { stderr } = await run(...serve)
    assert.match(stderr, /\[master-key-refused\]/, change)
  }
  writeFileSync(parametersFile, original)
})
