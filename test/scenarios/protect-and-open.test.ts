/** New documents through the running service: whichever protocol published them, the other one opens them alike. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  openDocument,
  openFileSource,
  protectFile,
  unprotectFile,
  type Door,
  type ProtectionPolicy,
  type Publishing,
} from '@sealward/client'
import { openProtected } from '@sealward/formats'
import { addSuperUser, editTemplate, enableSuperUsers, listTemplates, verifyAuditLog } from '@sealward/service'
import { isRightsError, parsePublishingLicense, parseXrmlChain } from '@sealward/xrml'
import { openLakeside, type Lakeside } from './lakeside.ts'

const anna = 'anna.berg@lakeside.example'
const li = 'li.chen@lakeside.example'
const sofia = 'sofia.rossi@lakeside.example'
const ines = 'ines.duarte@lakeside.example'

let lakeside: Lakeside
before(async () => {
  lakeside = await openLakeside({ documents: 1 })
})
after(() => lakeside.close())

async function open(user: string, door: Door, path: string): Promise<{ content: Buffer; rights: readonly string[] }> {
  const pieces: Uint8Array[] = []
  const client = lakeside.client(user, door)
  const { rights } = await openDocument(client, path, { write: (bytes) => void pieces.push(Uint8Array.from(bytes)) })
  return { content: Buffer.concat(pieces), rights: [...rights].sort() }
}

function refused(...codes: Parameters<typeof isRightsError>[1][]): (error: unknown) => boolean {
  return (error) => isRightsError(error, ...codes)
}

const policy: ProtectionPolicy = { grants: [{ to: li, rights: ['VIEW', 'EDIT'] }] }
const ways: readonly (readonly [Door, Publishing])[] = [
  ['soap', 'online'],
  ['soap', 'offline'],
  ['rest', 'online'],
]

for (const [door, publishing] of ways) {
  test(`published ${publishing} over ${door}: both protocols give the same key, rights and owner`, async () => {
    const folder = lakeside.newFolder()
    const plain = join(folder, 'plan.docx')
    writeFileSync(plain, randomOffice())
    const protectedPath = join(folder, 'plan protected.docx')
    const copy = await protectFile(lakeside.client(anna, door), plain, policy, { output: protectedPath, publishing })
    assert.equal(copy.owner, anna)
    for (const reader of ['soap', 'rest'] as const) {
      const seen = await open(li, reader, protectedPath)
      assert.deepEqual(seen.content, readFileSync(plain))
      assert.deepEqual(seen.rights, ['EDIT', 'VIEW'])
      assert.deepEqual((await open(anna, reader, protectedPath)).rights, ['OWNER'])
      await assert.rejects(open(sofia, reader, protectedPath), refused('no-rights'))
    }
    const file = openFileSource(protectedPath)
    const license = parsePublishingLicense(parseXrmlChain(openProtected(file).licenseText)[0]!)
    file.close()
    assert.equal(license.kind, publishing)
    assert.equal(license.work.owner?.address, anna)
  })
}

for (const size of [0, 1, 15, 16, 17, 4095, 4096, 4097, 100_000]) {
  test(`a file of ${size} bytes comes back byte for byte`, async () => {
    const folder = lakeside.newFolder()
    const plain = join(folder, 'data.bin')
    writeFileSync(plain, randomBytes(size))
    const { path } = await protectFile(lakeside.client(anna), plain, policy, { publishing: 'offline' })
    const output = join(folder, 'back.bin')
    await unprotectFile(lakeside.client(anna), path, { output })
    assert.deepEqual(readFileSync(output), readFileSync(plain))
  })
}

test('an Office document above 7 MB comes back byte for byte', async () => {
  const folder = lakeside.newFolder()
  const plain = join(folder, 'large.pptx')
  writeFileSync(plain, randomOffice(8_500_000))
  const copy = join(folder, 'large protected.pptx')
  await protectFile(lakeside.client(anna), plain, policy, { output: copy })
  const output = join(folder, 'back.pptx')
  await unprotectFile(lakeside.client(anna), copy, { output })
  assert.ok(readFileSync(output).equals(readFileSync(plain)))
})

test('published before a restart of the service, opened after it', async () => {
  const folder = lakeside.newFolder()
  const plain = join(folder, 'notes.txt')
  writeFileSync(plain, 'written before the restart')
  const { path } = await protectFile(lakeside.client(anna, 'rest'), plain, policy)
  await lakeside.restart()
  assert.equal((await open(li, 'soap', path)).content.toString(), 'written before the restart')
})

test('the rights of documents follow their template when it is edited', async () => {
  const administration = lakeside.service().administration('ines')
  const template = (await listTemplates(administration)).find(({ names }) => names[0]?.name === 'Board only')
  assert.ok(template !== undefined)
  const folder = lakeside.newFolder()
  const plain = join(folder, 'board.txt')
  writeFileSync(plain, 'for the board')
  const { path } = await protectFile(lakeside.client('emma.lund@lakeside.example'), plain, { templateId: template.id })
  await assert.rejects(open(sofia, 'rest', path), refused('no-rights'))
  await editTemplate(administration, {
    id: template.id,
    names: template.names,
    grants: [{ to: sofia, rights: ['VIEW', 'PRINT'] }],
  })
  for (const door of ['soap', 'rest'] as const)
    assert.deepEqual((await open(sofia, door, path)).rights, ['PRINT', 'VIEW'])
})

test('a super user takes protection off only while the feature is on, and every use is marked in the log', async () => {
  const folder = lakeside.newFolder()
  const plain = join(folder, 'secret.docx')
  writeFileSync(plain, randomOffice())
  const path = join(folder, 'sealed.docx')
  await protectFile(lakeside.client(anna), plain, { grants: [{ to: anna, rights: ['OWNER'] }] }, { output: path })
  const administration = lakeside.service().administration('ines')
  const { directory, store } = lakeside.service().context
  await addSuperUser(administration, { address: ines, directory })
  await assert.rejects(
    unprotectFile(lakeside.client(ines), path, { output: join(folder, 'too early.docx') }),
    refused('no-rights'),
  )
  await enableSuperUsers(administration, { enabled: true })
  const output = join(folder, 'open.docx')
  await unprotectFile(lakeside.client(ines), path, { output })
  assert.deepEqual(readFileSync(output), readFileSync(plain))
  const verification = await verifyAuditLog(store)
  assert.equal(verification.problem, undefined)
  const records = await store.transaction(({ logs }) => logs.read('licenses', 0, 10_000))
  const marked = records.filter(({ record }) => record.includes('super-user') && record.includes(ines))
  assert.equal(marked.length, 1)
})

test('a reader without the right to copy cannot take the protection off', async () => {
  const folder = lakeside.newFolder()
  const plain = join(folder, 'read only.txt')
  writeFileSync(plain, 'to be read')
  const { path } = await protectFile(lakeside.client(anna), plain, { grants: [{ to: li, rights: ['VIEW'] }] })
  await assert.rejects(
    unprotectFile(lakeside.client(li), path, { output: join(folder, 'x.txt') }),
    refused('right-missing'),
  )
})

test('what is protected already is not protected again', async () => {
  const folder = lakeside.newFolder()
  const plain = join(folder, 'once.txt')
  writeFileSync(plain, 'once')
  const { path } = await protectFile(lakeside.client(anna), plain, policy)
  await assert.rejects(protectFile(lakeside.client(anna), path, policy), refused('file-already-protected'))
})

function randomOffice(size = 20_000): Uint8Array {
  return Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), randomBytes(size)])
}
