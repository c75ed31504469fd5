/** Trusted publishing domains of a cluster, under the names of its own module. */
import { existsSync } from 'node:fs'
import { writeFileSafely } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import type { Administration } from '../../connection/administration.ts'
import { readTpdImport } from '../../exports/tpd-import.ts'
import { defineCmdlet, type Cmdlet } from '../cmdlet.ts'
import type { Row } from '../shown.ts'

const container = '\\TrustPolicy\\TrustedPublishingDomain'

export const clusterCmdlets: readonly Cmdlet[] = [
  defineCmdlet({
    names: ['Export-RmsTPD'],
    synopsis: 'Write a key of the cluster with its templates to a file',
    changes: true,
    parameters: {
      Path: { kind: 'text', required: true, says: `${container}\\KEY; the key by fingerprint or name` },
      SavedFile: { kind: 'text', required: true, says: 'where the export goes' },
      Password: { kind: 'secret', says: 'password for the export, at least 16 characters' },
      V1Compatible: {
        kind: 'unsupported',
        says: 'exports in the form of RMS 1.0 are not made, a migration never needs one',
      },
    },
    examples: [
      `-Path '${container}\\3f9a01c2' -SavedFile cluster.xml -Password`,
      '-Path 3f9a01c2 -SavedFile cluster.xml -PasswordFile password.txt -Force',
    ],
    run: async ({ Path, SavedFile, Password }, context): Promise<Row | undefined> => {
      if (!context.force && existsSync(SavedFile)) throw new RightsError('file-exists', { detail: SavedFile })
      const administration = await context.administration()
      const key = await findKey(administration, Path)
      if (!(await context.agreed([`write the private key ${key} to ${SavedFile}, encrypted with the password`])))
        return undefined
      const { file } = await administration.call('exportKey', {
        parameters: { id: key },
        body: { password: await Password() },
      })
      writeFileSafely({
        path: SavedFile,
        existing: context.force ? 'overwrite' : 'refuse',
        write: (sink) => sink.write(Buffer.from(file, 'base64')),
      })
      return { Path: `${container}\\${key}`, SavedFile }
    },
  }),
  defineCmdlet({
    names: ['Import-RmsTPD'],
    synopsis: 'Let the cluster open what was protected with the key of another one',
    changes: true,
    parameters: {
      Path: { kind: 'text', says: `${container}; there is no other place` },
      DisplayName: { kind: 'text', required: true, says: 'name of the trusted publishing domain' },
      SourceFile: { kind: 'text', required: true, says: 'the exported file' },
      Password: { kind: 'secret', says: 'password of the export' },
      PassThru: { kind: 'switch', says: 'show what was imported' },
      Trust: { kind: 'list', says: 'fingerprints of root keys to trust besides that of AD RMS' },
      Anchor: { kind: 'list', says: 'files of root keys to trust' },
    },
    examples: [
      '-DisplayName Lakeside -SourceFile tenant.xml -Password -PassThru',
      '-DisplayName Lakeside -SourceFile tenant.xml -PasswordFile password.txt -Force',
    ],
    run: async (values, context): Promise<Row | undefined> => {
      const { plan, request } = await readTpdImport({
        path: values.SourceFile,
        password: await values.Password(),
        trust: { trust: values.Trust ?? [], anchor: values.Anchor ?? [] },
        friendlyName: values.DisplayName,
        now: context.now,
      })
      const administration = await context.administration()
      if (!(await context.agreed(plan))) return undefined
      const imported = await administration.call('importKey', { body: request })
      for (const warning of imported.warnings) context.say(`WARNING: ${warning}`)
      if (!values.PassThru) return undefined
      return { Path: `${container}\\${imported.keyId}`, DisplayName: values.DisplayName, IsImported: true }
    },
  }),
]

/** The last part of the path, by fingerprint, its beginning, or name. @throws RightsError `key-unknown` */
async function findKey(administration: Administration, path: string): Promise<string> {
  const wanted = (path.split('\\').findLast((part) => part !== '') ?? '').toLowerCase()
  const keys = await administration.call('listKeys')
  const found = keys.filter(
    ({ id, name, friendlyName }) =>
      (wanted.length >= 8 && id.startsWith(wanted)) ||
      [name, friendlyName].some((each) => each?.toLowerCase() === wanted),
  )
  const [key] = found
  if (key === undefined || found.length > 1) throw new RightsError('key-unknown', { detail: path })
  return key.id
}
