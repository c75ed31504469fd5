/** A run over a folder as a process of its own, to be killed: `killed-run.fixture.ts WORK ROOT JOURNAL [OUTPUT]`. */
import { argv } from 'node:process'
import type { DocumentLicense, LicensedContent } from '@sealward/client'
import { createParserPool } from './isolated-parser/parser-pool.ts'
import { openRunJournal } from './run-journal.ts'
import { reprotectTree } from './reprotect-tree.ts'
import { unprotectTree } from './unprotect-tree.ts'

/** They protect nothing: the documents are random bytes. */
const oldKey = Buffer.alloc(16, 1)
const newKey = Buffer.alloc(32, 2)

function license({ format }: LicensedContent): Promise<DocumentLicense> {
  const cipher = { mode: format === 'pfile' ? 'cbc4k' : 'ecb', key: oldKey } as const
  return Promise.resolve({
    cipher,
    rights: ['OWNER'],
    owner: undefined,
    expiresAt: undefined,
    contentId: '',
    from: 'service',
  })
}

const [work, root = '', journalPath = '', outputRoot] = argv.slice(2)
const place = outputRoot === undefined ? {} : { outputRoot }
const pool = createParserPool({ root, writable: true })
const journal = openRunJournal(journalPath, { work: work === 'reprotect' ? work : 'unprotect', root, ...place })
const options = { root, pool, journal, license, ...place }
const items =
  work === 'reprotect'
    ? reprotectTree({
        ...options,
        targetKeys: [],
        replacement: () => ({ templateId: '{22222222-2222-4222-8222-222222222222}' }),
        publish: ({ choice }) =>
          Promise.resolve({
            documents: ['<XrML>new</XrML>'],
            cipher: { mode: choice.mode, key: newKey.subarray(0, choice.keyBytes) },
            owner: '',
            useLicense: undefined,
          }),
      })
    : unprotectTree(options)
for await (const item of items) process.stdout.write(`${JSON.stringify([item.path, item.outcome])}\n`)
journal.close()
await pool.close()
