/** Trusted user domains, under the names of the cluster's own module. */
import { existsSync, readFileSync } from 'node:fs'
import { writeFileSafely } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import { ownUserDomain, readUserDomainImport } from '../../exports/user-domain-import.ts'
import { defineCmdlet, type Cmdlet } from '../cmdlet.ts'
import type { Row } from '../shown.ts'

const container = '\\TrustPolicy\\TrustedUserDomain'

export const trustCmdlets: readonly Cmdlet[] = [
  defineCmdlet({
    names: ['Export-RmsTUD'],
    synopsis: 'Write the public certificates that another organisation imports to accept our people',
    changes: true,
    parameters: {
      Path: {
        kind: 'text',
        required: true,
        says: `${container}\\ID by fingerprint; without ID that of the active key`,
      },
      SavedFile: { kind: 'text', required: true, says: 'where the export goes' },
    },
    examples: [
      `-Path '${container}\\3f9a01c2' -SavedFile lakeside.bin`,
      `-Path '${container}' -SavedFile lakeside.bin -Force`,
    ],
    run: async ({ Path, SavedFile }, context): Promise<Row | undefined> => {
      if (!context.force && existsSync(SavedFile)) throw new RightsError('file-exists', { detail: SavedFile })
      const administration = await context.administration()
      const last = Path.split('\\').findLast((part) => part !== '') ?? ''
      const id = last.toLowerCase() === 'trusteduserdomain' ? await ownUserDomain(administration) : last
      const { file } = await administration.call('exportUserDomain', { parameters: { id } })
      if (!(await context.agreed([`write the certificates of user domain ${id} to ${SavedFile}`]))) return undefined
      writeFileSafely({
        path: SavedFile,
        existing: context.force ? 'overwrite' : 'refuse',
        write: (sink) => sink.write(Buffer.from(file, 'base64')),
      })
      return { Path: `${container}\\${id}`, SavedFile }
    },
  }),
  defineCmdlet({
    names: ['Import-RmsTUD'],
    synopsis: 'Accept people of another organisation with accounts of their own',
    changes: true,
    parameters: {
      DisplayName: { kind: 'text', required: true, says: 'name of the trusted user domain' },
      SourceFile: { kind: 'text', required: true, says: 'the exported file' },
      DomainNames: {
        kind: 'list',
        required: true,
        says: 'mail domains whose people are accepted, children included; * alone for all but the own ones',
      },
      TrustADFederatedUser: { kind: 'switch', says: 'also accept accounts of tenants and of federated sign-in' },
      PassThru: { kind: 'switch', says: 'show what was imported' },
      WindowsLiveId: { kind: 'unsupported', says: 'accounts of the consumer service are not accepted' },
      Trust: { kind: 'list', says: 'fingerprints of root keys to trust besides that of AD RMS' },
      Anchor: { kind: 'list', says: 'files of root keys to trust' },
    },
    examples: [
      '-DisplayName Harbour -SourceFile harbour.bin -DomainNames harbour.example -PassThru',
      '-DisplayName Harbour -SourceFile harbour.bin -DomainNames harbour.example,pier.example -TrustADFederatedUser -Force',
    ],
    run: async (values, context): Promise<Row | undefined> => {
      const { plan, request } = readUserDomainImport(
        {
          file: readFileSync(values.SourceFile),
          displayName: values.DisplayName,
          mailDomains: values.DomainNames,
          federatedUsers: values.TrustADFederatedUser,
        },
        { trust: { trust: values.Trust ?? [], anchor: values.Anchor ?? [] }, now: context.now },
      )
      const administration = await context.administration()
      if (!(await context.agreed(plan))) return undefined
      const imported = await administration.call('importUserDomain', { body: request })
      if (!values.PassThru) return undefined
      return {
        Path: `${container}\\${imported.id}`,
        DisplayName: imported.displayName,
        DomainNames: imported.mailDomains,
        CertificateExpirationTime: imported.expiresAt,
        IsImported: true,
        IsADFederationSvcTrusted: imported.federatedUsers,
      }
    },
  }),
]
