import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { Directory } from '../core/ports.ts'
import type { DirectoryFile } from './directory-file.ts'
import { openLocalDirectory } from './local.ts'
import { hashPassword } from './password.ts'

suite('the local directory', () => {
  let folder: string
  let file: string
  let now = new Date('2026-03-02T09:30:00Z')
  let directory: Directory
  let content: DirectoryFile

  const write = (changed: DirectoryFile) => writeFile(file, JSON.stringify(changed))
  const later = () => {
    now = new Date(now.getTime() + 2000)
  }
  const signIn = (address: string, password: string) => directory.verifyPassword(address, Buffer.from(password, 'utf8'))

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealward-directory-'))
    file = join(folder, 'directory.json')
    content = {
      users: [
        {
          id: 'a',
          sid: 'S-1-5-21-1-1-1-1',
          address: 'alice@lakeside.example',
          aliases: ['al@lakeside.example'],
          password: await hashPassword('Äpfel & Birnen', randomBytes),
        },
        { id: 'b', sid: 'S-1-5-21-1-1-1-2', address: 'ben@lakeside.example', account: 'CORP\\Bén' },
      ],
      groups: [{ address: 'staff@lakeside.example', members: ['alice@lakeside.example'] }],
    }
    await write(content)
    directory = await openLocalDirectory({ file, clock: { now: () => now } })
  })
  after(async () => rm(folder, { recursive: true }))

  test('finds people in any case, and nobody for what is no address', async () => {
    assert.equal((await directory.findByAddress('AL@Lakeside.Example'))?.id, 'a')
    assert.equal((await directory.findBySid('S-1-5-21-1-1-1-2'))?.id, 'b')
    assert.equal(await directory.findByAddress('no address'), undefined)
    const alice = await directory.findByAddress('alice@lakeside.example')
    assert.deepEqual(await directory.groupsOf(alice!), ['staff@lakeside.example'])
  })

  test('finds people by their Windows account, in any case, and by nothing that only resembles it', async () => {
    for (const [domain, name] of [
      ['CORP', 'Bén'],
      ['corp', 'BE\u0301N'],
    ] as const) {
      assert.equal((await directory.findByAccount(domain, name))?.id, 'b')
    }
    for (const [domain, name] of [
      ['HILL', 'Bén'],
      ['CORP', 'Ben'],
      ['', 'Bén'],
      ['CORP', ''],
      ['CORP', 'ben@lakeside.example'],
      ['corp.lakeside.example', 'Bén'],
    ] as const) {
      assert.equal(await directory.findByAccount(domain, name), undefined)
    }
  })

  test('accepts the right password only, however its accents are composed', async () => {
    for (const password of ['Äpfel & Birnen', 'A\u0308pfel & Birnen']) {
      assert.equal((await signIn('al@lakeside.example', password))?.id, 'a')
    }
    for (const password of ['', 'äpfel & birnen', 'Äpfel & Birnen ']) {
      assert.equal(await signIn('alice@lakeside.example', password), undefined)
    }
    assert.equal(await signIn('ben@lakeside.example', ''), undefined)
    assert.equal(await signIn('ben@lakeside.example', 'anything'), undefined)
    assert.equal(await signIn('nobody@lakeside.example', 'anything'), undefined)
  })

  test('remembers a sign-in, but not beyond a change of the file', async () => {
    await signIn('alice@lakeside.example', 'Äpfel & Birnen')
    const [alice, ...others] = content.users
    await write({ ...content, users: [{ ...alice!, disabled: true }, ...others] })
    later()
    assert.equal(await signIn('alice@lakeside.example', 'Äpfel & Birnen'), undefined)
    assert.equal((await directory.findByAddress('alice@lakeside.example'))?.disabled, true)
  })

  test('is unavailable while the file is wrong or gone, and recovers', async () => {
    await writeFile(file, '{"users":[')
    later()
    await assert.rejects(directory.findByAddress('ben@lakeside.example'), { code: 'directory-unavailable' })
    await rm(file)
    later()
    await assert.rejects(directory.findBySid('S-1-5-21-1-1-1-2'), { code: 'directory-unavailable' })
    await write(content)
    later()
    assert.equal((await directory.findByAddress('ben@lakeside.example'))?.id, 'b')
  })

  test('does not start with a wrong file', async () => {
    await writeFile(file, '{}')
    await assert.rejects(openLocalDirectory({ file, clock: { now: () => now } }), { code: 'directory-refused' })
  })
})

test('there are no empty passwords', async () => {
  await assert.rejects(hashPassword('', randomBytes), RangeError)
})
