/** Keys of the tenant: imported, activated, made anew. An imported key that is not active has no effect and stays. */
import { RightsError } from '@sealward/xrml'
import { anyText, listOf, mapOf, oneOf, openRecord, readShape, record, textOr } from '../../project/shape.ts'
import type { AdminApi } from '../../admin-api.ts'
import type { StepProgress } from '../../project/journal.ts'
import { wasImportedHere } from '../intended-key.ts'
import { actionKind } from './action-kind.ts'

const anyone = textOr(oneOf('refuse', 'drop'), record({ grantTo: listOf(anyText) }))

export const importDomain = actionKind(
  record({ file: anyText, keyId: anyText, anyone }, { friendlyName: anyText }),
  record({}),
  {
    describe: ({ file }) => `import the trusted publishing domain of ${file}`,
    before: () => Promise.resolve({}),
    apply: async (context, input, _before, repeated) => {
      const { file, keyId, friendlyName } = input
      const known = (await context.tenant.keys()).some((key) => key.id === keyId)
      if (known && (repeated || wasImportedHere(context, keyId))) return { keyId }
      if (known) throw new RightsError('key-already-imported', { detail: `${file}: ${keyId}` })
      const opened = (await context.exports()).find(({ planned }) => planned.file === file)
      if (opened?.file === undefined) throw opened?.refusal ?? new RightsError('file-unreadable', { detail: file })
      const imported = await context.tenant.importDomain({
        file: opened.file,
        password: await context.ports.passwordOf(file),
        trustedRoots: opened.trustedRoots,
        active: false,
        anyone: input.anyone,
        ...(friendlyName === undefined ? {} : { friendlyName }),
        ...(opened.privateKeyPem === undefined ? {} : { privateKeyPem: opened.privateKeyPem }),
      })
      return {
        keyId: imported.keyId,
        mode: imported.mode,
        templates: imported.templates.map(({ id, name, anyone: rights }) => ({ id, name, anyone: rights })),
        warnings: imported.warnings,
      }
    },
    revert: () => Promise.resolve(),
    remains: ({ file }) => `the key of ${file} and its templates stay in the tenant`,
  },
)

/** Which key signed, and what its templates were: an activation issues the own ones again. */
const signedBefore = { templates: mapOf(anyText) }

export const activateKey = actionKind(record({ keyId: anyText }), record(signedBefore, { activeKey: anyText }), {
  describe: ({ keyId }) => `make the key ${keyId} the active one`,
  before: ({ tenant }) => signing(tenant),
  apply: async ({ tenant }, { keyId }) => {
    const { activeKey } = await tenant.configuration()
    if (activeKey !== keyId) await tenant.activateKey(keyId)
    return { keyId }
  },
  revert: ({ tenant }, _input, before) => backTo(tenant, before.activeKey),
  // A tenant without a key takes the first one that is imported as its active one.
  remains: ({ keyId }, before) =>
    before.activeKey === undefined || before.activeKey === keyId
      ? `${keyId} stays the active key: the tenant had no other before; a tenant that is not enabled signs nothing with it`
      : undefined,
})

export const activateNewKey = actionKind(
  record({ name: anyText }),
  record({ ...signedBefore, known: listOf(anyText) }, { activeKey: anyText }),
  {
    describe: ({ name }) => `make a new key, ${name}, and make it the active one`,
    before: async ({ tenant }) => ({ known: (await tenant.keys()).map((key) => key.id), ...(await signing(tenant)) }),
    apply: async ({ tenant }, { name }, { known }) => {
      const made = (await tenant.keys()).find((key) => key.name === name && !known.includes(key.id))
      const keyId = made?.id ?? (await tenant.generateKey(name)).keyId
      if ((await tenant.configuration()).activeKey !== keyId) await tenant.activateKey(keyId)
      return { keyId }
    },
    revert: ({ tenant }, _input, before) => backTo(tenant, before.activeKey),
    remains: ({ name }) => `the key ${name} stays in the tenant, and opens what it signed meanwhile`,
  },
)

interface Signing {
  readonly activeKey?: string
  /** Hashes by id. */
  readonly templates: Readonly<Record<string, string>>
}

async function signing(tenant: AdminApi): Promise<Signing> {
  const { activeKey } = await tenant.configuration()
  const own = (await tenant.templates()).filter(({ origin }) => origin === 'own')
  return {
    templates: Object.fromEntries(own.map(({ id, hash }) => [id, hash])),
    ...(activeKey === undefined ? {} : { activeKey }),
  }
}

/** Templates as they were when the key was changed in a step; nothing if it changed none. */
export function templatesBefore(step: StepProgress | undefined): ReadonlyMap<string, string> | undefined {
  const change = step?.actions.find(({ planned }) => ['activate-key', 'activate-new-key'].includes(planned.kind))
  if (change?.before === undefined) return undefined
  const { templates } = readShape(openRecord(signedBefore), change.before, 'project-damaged', 'before')
  return new Map(Object.entries(templates))
}

async function backTo(tenant: AdminApi, keyId: string | undefined): Promise<void> {
  if (keyId !== undefined && (await tenant.configuration()).activeKey !== keyId) await tenant.activateKey(keyId)
}
