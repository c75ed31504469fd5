/** The keys of the tenant: taken over from clusters, listed, and made the one that signs. */
import { readFileSync } from 'node:fs'
import { canonicalGuid, RightsError } from '@sealward/xrml'
import { anyoneOf, readTpdImport } from '../../exports/tpd-import.ts'
import { bothFamilies, defineCmdlet, type Cmdlet } from '../cmdlet.ts'
import type { Row } from '../shown.ts'

/** Keys in modules are named by a file or an address of the module. */
const noModule = 'keys are kept in software; `sealward tpd split` takes a key out of its export as PEM'

export const keyCmdlets: readonly Cmdlet[] = [
  defineCmdlet({
    names: bothFamilies('Import', 'Tpd'),
    synopsis: 'Take key and templates of an exported trusted publishing domain into the tenant',
    changes: true,
    parameters: {
      TpdFile: { kind: 'text', required: true, says: 'the exported file' },
      ProtectionPassword: { kind: 'secret', says: 'password of the export' },
      FriendlyName: { kind: 'text', says: 'what administrators call the key' },
      HsmKeyFile: { kind: 'text', says: 'the private key as PEM, for an export without one' },
      KeyVaultKeyUrl: { kind: 'unsupported', says: noModule },
      Active: { kind: 'boolean', says: 'let the key sign from now on; archived unless told otherwise' },
      Trust: { kind: 'list', says: 'fingerprints of root keys to trust besides that of AD RMS' },
      Anchor: { kind: 'list', says: 'files of root keys to trust' },
      Anyone: {
        kind: 'list',
        says: 'what becomes of rights for ANYONE in templates: refuse, drop, or the addresses that get them',
      },
    },
    examples: [
      "-TpdFile cluster.xml -ProtectionPassword -Active '$true' -Verbose",
      '-TpdFile old.xml -ProtectionPasswordFile password.txt -Active false -Force',
    ],
    run: async (values, context): Promise<Row | undefined> => {
      const password = await values.ProtectionPassword()
      const { plan, request } = await readTpdImport({
        path: values.TpdFile,
        password,
        trust: { trust: values.Trust ?? [], anchor: values.Anchor ?? [] },
        now: context.now,
        ...(values.HsmKeyFile === undefined ? {} : { privateKeyPem: readPem(values.HsmKeyFile) }),
        ...(values.FriendlyName === undefined ? {} : { friendlyName: values.FriendlyName }),
        ...(values.Active === undefined ? {} : { active: values.Active }),
        ...(values.Anyone === undefined ? {} : { anyone: anyoneOf(values.Anyone) }),
      })
      const administration = await context.administration()
      if (!(await context.agreed(plan))) return undefined
      context.detail(`importing ${values.TpdFile} into ${administration.where}`)
      const imported = await administration.call('importKey', { body: request })
      for (const warning of imported.warnings) context.say(`WARNING: ${warning}`)
      for (const { id, name, anyone } of imported.templates) {
        const rights = anyone.length === 0 ? '' : `; ANYONE has or had ${anyone.join(', ')}`
        context.detail(`template ${name} ${canonicalGuid(id)}${rights}`)
      }
      return {
        KeyIdentifier: imported.keyId,
        Status: imported.active ? 'Active' : 'Archived',
        CryptographicMode: imported.mode,
        Templates: imported.templates.map(({ id }) => canonicalGuid(id)),
      }
    },
  }),
  defineCmdlet({
    names: bothFamilies('Get', 'Keys'),
    synopsis: 'List the keys of the tenant; private values are never shown',
    run: async (_, { administration }): Promise<readonly Row[]> => {
      const keys = await (await administration()).call('listKeys')
      return keys.map((key) => ({
        KeyIdentifier: key.id,
        FriendlyName: key.friendlyName ?? key.name,
        CreationTime: key.createdAt,
        Status: key.state === 'active' ? 'Active' : 'Archived',
        KeyType: 'Service-managed',
        KeySize: key.bits,
        CryptographicMode: key.mode,
        Origin: key.origin,
        LicensingUrls: key.licensingUrls,
      }))
    },
  }),
  defineCmdlet({
    names: bothFamilies('Set', 'KeyProperties'),
    synopsis: 'Let an archived key sign from now on; the one before is archived',
    changes: true,
    parameters: {
      KeyIdentifier: { kind: 'text', required: true, says: 'fingerprint, or at least eight digits of its beginning' },
      Active: { kind: 'boolean', says: '$true; no key is archived but by activating another one' },
      RefreshSlcName: {
        kind: 'unsupported',
        says: 'the name in a certificate stays as it is; generate a new key for a new name',
      },
    },
    examples: ["-KeyIdentifier 3f9a01c2 -Active '$true'", '-KeyIdentifier 3f9a01c2 -Active true -Force'],
    run: async ({ KeyIdentifier, Active }, context): Promise<Row | undefined> => {
      if (Active !== true) throw new RightsError('option-invalid', { detail: '-Active takes $true and nothing else' })
      const administration = await context.administration()
      const steps = [`key ${KeyIdentifier} signs from now on, the one before is archived; templates are issued again`]
      if (!(await context.agreed(steps))) return undefined
      const { keyId, replaced } = await administration.call('activateKey', { parameters: { id: KeyIdentifier } })
      return { KeyIdentifier: keyId, Status: 'Active', Archived: replaced }
    },
  }),
]

/** A key in the form of a module opens nothing here. @throws RightsError `cmdlet-not-available` */
function readPem(path: string): string {
  const text = readFileSync(path, 'latin1')
  if (!text.includes('PRIVATE KEY-----'))
    throw new RightsError('cmdlet-not-available', { detail: `-HsmKeyFile: ${noModule}` })
  return text
}
