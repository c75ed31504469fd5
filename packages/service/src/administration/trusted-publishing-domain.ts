/**
 * Trusted publishing domains: the keys of older clusters come in as archived keys with their templates, and any key can
 * leave again. Nothing is stored before the last check has passed.
 */
import type { KeyObject } from 'node:crypto'
import {
  checkTpd,
  readTpd,
  writeTpd,
  type CheckedTpd,
  type TpdWarning,
  type TrustedPublishingDomain,
} from '@sealward/keys'
import { issuerKeyOf, parseSignedXrml, RightsError, softwareKeyHandle, type PublicKey } from '@sealward/xrml'
import { ownTemplate, type Configuration, type ServiceKey } from '../core/configuration.ts'
import { loadConfiguration } from '../core/load-configuration.ts'
import type { Neighbour } from '../core/neighbours.ts'
import { readTemplate } from '../core/read-template.ts'
import { change, logOperation, type AdministrationContext } from './change.ts'
import { anyoneRule, withoutAnyone, type AnyoneRule } from './anyone-rights.ts'
import { findKey, makeActive } from './keys.ts'
import { requireKeyOfNobodyElse } from './neighbours.ts'
import { requireStorable, requireTemplatesWithin } from './templates.ts'

export interface ImportInput {
  readonly file: Uint8Array
  readonly password: string
  /** Fingerprints of the root keys that the administrator accepts for the chain in the file. */
  readonly trustedRoots: readonly string[]
  /** The private key, for a file without one. */
  readonly privateKey?: KeyObject
  readonly refuseMode1?: boolean
  /** What administrators call the key. */
  readonly friendlyName?: string
  /** Lets the key sign from now on, in the same transaction. */
  readonly activate?: boolean
  /** What becomes of rights for ANYONE; unless given, a cluster keeps them and a tenant refuses the import. */
  readonly anyone?: AnyoneRule
  /** Takes a key also when another tenant has it. */
  readonly shareKey?: boolean
}

export interface ImportedTemplate {
  /** GUID, in braces. */
  readonly id: string
  readonly name: string
  /** Rights that ANYONE had in the exported template. */
  readonly anyone: readonly string[]
}

export interface ImportResult {
  readonly keyId: string
  readonly mode: 1 | 2
  /** GUIDs of the templates that were taken, in braces. */
  readonly templates: readonly string[]
  readonly templateReport: readonly ImportedTemplate[]
  readonly warnings: readonly TpdWarning[]
}

/**
 * @throws RightsError the codes of readTpd and checkTpd, `key-already-imported`, `key-in-other-tenant` unless it is shared, `rsa-key-refused`, `template-refused`,
 * `tpd-anyone-unmapped`
 */
export async function importTrustedPublishingDomain(
  context: AdministrationContext,
  input: ImportInput,
): Promise<ImportResult> {
  const domain = readTpd({ file: input.file, password: input.password })
  const privateKey = input.privateKey ?? domain.privateKey
  const checked = await checkTpd(domain, {
    anchors: acceptedRoots(domain, input.trustedRoots),
    now: context.clock.now(),
    ...(input.privateKey === undefined ? {} : { keyOverride: softwareKeyHandle(input.privateKey) }),
    ...(input.refuseMode1 === undefined ? {} : { refuseMode1: input.refuseMode1 }),
  })
  if (privateKey === undefined) throw new RightsError('tpd-key-missing')
  const rule = anyoneRule(context.cluster, input.anyone)
  const requireOwnKey = (others: readonly Neighbour[]): void => {
    if (input.shareKey !== true) requireKeyOfNobodyElse(others, checked.publicKey.fingerprint)
  }
  const neighbours = (await context.neighbours?.()) ?? []
  requireOwnKey(neighbours)
  return change(context, 'import-trusted-publishing-domain', async (repositories) => {
    requireOwnKey(await repositories.neighbours())
    const configuration = await loadConfiguration(repositories)
    const keyId = checked.publicKey.fingerprint
    if (configuration.keys.has(keyId)) throw new RightsError('key-already-imported', { detail: keyId })
    const stored = await repositories.vault.importRsa(privateKey)
    const now = context.clock.now()
    await repositories.keys.insert({
      id: keyId,
      vaultKeyId: stored.keyId,
      state: 'archived',
      origin: 'imported',
      createdAt: now,
      activatedAt: undefined,
      chain: checked.chain,
      friendlyName: input.friendlyName,
      exportedAt: undefined,
    })
    const key = findKey(await loadConfiguration(repositories), keyId)
    const { templates, report } = await importableTemplates(checked, key, rule)
    requireTemplatesWithin(context, [...configuration.templates.values()].flat().length + templates.length)
    for (const template of templates) requireStorable(context, template)
    for (const template of templates) await repositories.templates.put({ ...template, changedAt: now })
    if (input.activate === true) {
      const replaced = await makeActive(context, repositories, { configuration, key, neighbours })
      await logOperation(context, repositories, 'activate-key', {
        key: keyId,
        ...(replaced === undefined ? {} : { replaced }),
      })
    }
    const ids = report.map(({ id }) => id)
    const widened = report.filter(({ anyone }) => anyone.length > 0).map(({ id }) => id)
    return {
      result: {
        keyId,
        mode: checked.mode.number,
        templates: ids,
        templateReport: report,
        warnings: checked.warnings,
      },
      record: {
        key: keyId,
        file: domain.fileSha256,
        mode: checked.mode.number,
        templates: ids,
        ...(input.shareKey === true ? { shareKey: true } : {}),
        ...(widened.length === 0 ? {} : { anyone: typeof rule === 'string' ? rule : rule.grantTo, anyoneIn: widened }),
      },
    }
  })
}

/** The root that the file's chain ends at, if it is one of those accepted. */
function acceptedRoots(domain: TrustedPublishingDomain, trustedRoots: readonly string[]): readonly PublicKey[] {
  const last = domain.licensorChain[domain.licensorChain.length - 1]
  if (last === undefined) return []
  const root = issuerKeyOf(parseSignedXrml(last))
  return trustedRoots.some((fingerprint) => fingerprint.toLowerCase() === root.fingerprint) ? [root] : []
}

async function importableTemplates(
  checked: CheckedTpd,
  key: ServiceKey,
  rule: AnyoneRule | 'keep',
): Promise<{
  readonly templates: readonly ReturnType<typeof imported>[]
  readonly report: readonly ImportedTemplate[]
}> {
  const taken = new Map<string, { readonly template: ReturnType<typeof imported>; readonly report: ImportedTemplate }>()
  for (const { text, policy, refusal } of checked.templates) {
    if (refusal !== undefined || policy?.id === undefined) continue
    const mapped = await withoutAnyone(text, policy, key, rule)
    taken.set(policy.id, {
      template: imported(policy.id, key.id, mapped.text),
      report: { id: `{${policy.id}}`, name: policy.names[0]?.name ?? '', anyone: mapped.rights },
    })
  }
  const all = [...taken.values()]
  return { templates: all.map(({ template }) => template), report: all.map(({ report }) => report) }
}

function imported(id: string, origin: string, text: string) {
  const template = { id, origin, state: 'archived', text } as const
  readTemplate(template)
  return template
}

export interface ExportInput {
  readonly keyId: string
  /** At least 16 characters; the file is only as strong as its password. */
  readonly password: string
}

/** The way out: a file that an AD RMS cluster can import. @throws RightsError `key-unknown`, `tpd-password-too-short` */
export async function exportTrustedPublishingDomain(
  context: AdministrationContext,
  input: ExportInput,
): Promise<Uint8Array> {
  return context.store.transaction(async (repositories) => {
    const configuration = await loadConfiguration(repositories)
    const key = findKey(configuration, input.keyId)
    const row = (await repositories.keys.list()).find((stored) => stored.id === key.id)
    const { object } = key.licensor.principal
    const file = writeTpd(
      {
        id: object.id,
        idType: object.idType,
        cspType: 24,
        cspName: undefined,
        keyContainerName: undefined,
        keyNumber: 1,
        licensorChain: key.chain,
        templates: templatesOf(configuration, key),
        privateKey: await repositories.vault.exportRsa(row?.vaultKeyId ?? ''),
      },
      { password: input.password, derivation: 'A' },
    )
    await repositories.keys.setExported(key.id, context.clock.now())
    await logOperation(context, repositories, 'export-trusted-publishing-domain', { key: key.id })
    return file
  })
}

/** Templates that the key has signed: those that came with it, and the service's own while it is active. */
function templatesOf(configuration: Configuration, key: ServiceKey): readonly string[] {
  const own = key.state === 'active' ? [ownTemplate] : []
  const origins = [key.id, ...own]
  const byId = new Map<string, string>()
  for (const template of [...configuration.templates.values()].flat()) {
    if (!origins.includes(template.origin)) continue
    if (template.origin === ownTemplate || !byId.has(template.id)) byId.set(template.id, template.document.text)
  }
  return [...byId.values()]
}
