/** What a step leaves in files: settings and instructions for people, and the list of keys that went to a tenant. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readWhole, writeWhole } from '../../project/project-folder.ts'
import { anyText, flag, record, text } from '../../project/shape.ts'
import { readKeyRegistry, writeKeyRegistry } from '../key-registry.ts'
import { actionKind } from './action-kind.ts'

/** Registration files are UTF-16 with a byte order mark, which is part of the content; all others are UTF-8. */
function encodingOf(name: string): BufferEncoding {
  return name.endsWith('.reg') ? 'utf16le' : 'utf8'
}

/** One folder per step and one name: nothing leads out of the artefacts. */
const part = text({ form: /^[a-z0-9][a-z0-9._-]*$/i, says: 'a file name' })

export const writeArtefact = actionKind(
  record({ step: part, name: part, content: anyText }),
  record({}, { content: anyText }),
  {
    describe: ({ step, name }) => `write artefacts/${step}/${name}`,
    before: ({ folder }, { step, name }) => {
      const path = join(folder.artefacts, step, name)
      return Promise.resolve(existsSync(path) ? { content: readWhole(path).toString(encodingOf(name)) } : {})
    },
    apply: ({ folder }, { step, name, content }) => {
      writeWhole(join(folder.artefacts, step, name), Buffer.from(content, encodingOf(name)))
      return Promise.resolve({ file: `artefacts/${step}/${name}` })
    },
    revert: ({ folder }, { step, name }, before) => {
      const path = join(folder.artefacts, step, name)
      if (before.content === undefined) rmSync(path, { force: true })
      else writeWhole(path, Buffer.from(before.content, encodingOf(name)))
      return Promise.resolve()
    },
  },
)

export const registerKey = actionKind(record({ keyId: anyText, serviceId: anyText }), record({ known: flag }), {
  describe: ({ keyId }) => `note that the key ${keyId} goes to this tenant`,
  before: ({ folder, plan }, { keyId }) => Promise.resolve({ known: readKeyRegistry(folder, plan).has(keyId) }),
  apply: ({ folder, plan }, { keyId, serviceId }) => {
    writeKeyRegistry(folder, plan, new Map([...readKeyRegistry(folder, plan), [keyId, serviceId]]))
    return Promise.resolve({ keyId })
  },
  revert: ({ folder, plan }, { keyId }, { known }) => {
    const registry = new Map(readKeyRegistry(folder, plan))
    if (!known && registry.delete(keyId)) writeKeyRegistry(folder, plan, registry)
    return Promise.resolve()
  },
})
