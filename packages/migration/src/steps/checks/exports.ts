/** The exports of the plan, and whether importing them will do what the plan says. Nothing is sent anywhere. */
import { failed, named, noneOf, notApplicable, passed, warned, type Check } from '../check.ts'
import type { StepContext } from '../context.ts'
import { intendedActiveKey, wasImportedHere } from '../intended-key.ts'
import { readKeyRegistry } from '../key-registry.ts'
import type { OpenedExport } from '../sources/exports.ts'
import { anyoneRights, sourceTemplates } from '../template-rights.ts'

/** Exports that wait for a key in a module, with the reference to it. */
export function awaitsReference({ planned, refusal }: OpenedExport): boolean {
  return planned.keyReference !== undefined && refusal?.code === 'tpd-key-missing'
}

export const exportsComplete: Check = {
  id: 'exports-complete',
  title: 'Every cluster whose key can leave has an export',
  run: ({ plan }) => {
    const exported = new Set(plan.exports.map(({ cluster }) => cluster))
    return Promise.resolve(
      noneOf(
        plan.clusters.filter(({ name, exportable }) => exportable && !exported.has(name)).map(({ name }) => name),
        (names) => `${names} has no export in the plan`,
        'Export its trusted publishing domains; licensing-only clusters have keys of their own.',
      ),
    )
  },
}

export const exportsOpen: Check = {
  id: 'exports-open',
  title: 'Every export opens with its password, with a sound chain and a key of its own',
  run: async (context) => {
    const opened = await context.exports()
    const broken = opened.filter((each) => each.refusal !== undefined && !awaitsReference(each))
    const [first] = broken
    if (first?.refusal === undefined) {
      return passed(
        opened.map(({ name, publicKey, checked }) => ({
          file: name,
          key: publicKey?.fingerprint ?? null,
          mode: checked?.mode.number ?? null,
          bits: publicKey?.bits ?? null,
          templates: checked?.templates.length ?? 0,
        })),
      )
    }
    return failed({
      code: first.refusal.code,
      finding: broken.map(({ name, refusal }) => `${name}: ${refusal?.message ?? ''}`).join('; '),
      cure: first.refusal.cure,
      data: broken.map(({ name, refusal }) => ({ file: name, code: refusal?.code ?? '' })),
    })
  },
}

/** Characters that command shells and old tools change on the way. */
const shellCharacters = /["'`$%&|<>^!\\\s]|[^\u0021-\u007e]/

export const passwordCharacters: Check = {
  id: 'password-characters',
  title: 'The passwords of the exports survive command lines',
  run: async ({ plan, ports }) => {
    const files: string[] = []
    for (const { file } of plan.exports) if (shellCharacters.test(await ports.passwordOf(file))) files.push(file)
    return noneOf(
      files,
      (names) => `the password of ${names} holds characters that shells change`,
      'Type it in a prompt or read it from a file. If a tool says "data is corrupted" or "400", suspect the password first.',
      { severity: 'warned' },
    )
  },
}

export const exportsPrivate: Check = {
  id: 'exports-private',
  title: 'Nobody else can read the exports',
  run: async (context) =>
    noneOf(
      (await context.exports()).filter(({ exposed }) => exposed).map(({ name }) => name),
      (names) => `${names} can be read by others on this machine`,
      'Give the files mode 600; they hold private keys behind a weak form of encryption.',
    ),
}

export const keyReferences: Check = {
  id: 'key-references',
  title: 'Keyless exports have their key, or a reference to it',
  run: async (context) => {
    const waiting = (await context.exports()).filter(awaitsReference)
    if (waiting.length === 0) return passed()
    return warned({
      finding: `${named(waiting.map(({ name }) => name))} wait for their keys in a module`,
      cure: 'Transfer the keys with the commands in the artefacts of the step; they are imported when the module can be reached.',
      data: waiting.map(({ name, publicKey }) => ({ file: name, key: publicKey?.fingerprint ?? null })),
    })
  },
}

export const friendlyNames: Check = {
  id: 'friendly-names',
  title: 'The friendly name of each key is the name in the certificate of its cluster',
  run: async (context) => {
    const different = (await context.exports()).filter(({ planned, licensorName }) => {
      const cluster = context.plan.clusters.find(({ name }) => name === planned.cluster)
      const expected = cluster?.friendlyName ?? licensorName
      return expected !== undefined && (planned.friendlyName ?? expected) !== expected
    })
    return noneOf(
      different.map(({ name, licensorName = '' }) => `${name} (${licensorName})`),
      (names) => `the friendly name of ${names} differs from the certificate`,
      'Office 2013 and 2016 compare it: use the name that the cluster shows on its server certificate.',
    )
  },
}

export const activeDuringBatches: Check = {
  id: 'active-during-batches',
  title: 'During batches the tenant protects with a key that the clusters hold',
  run: async (context) => {
    const { plan } = context
    const active = plan.exports.filter((each) => each.active)
    if (active.length === 1) return passed()
    const opened = await context.exports()
    const { activeKey } = await context.tenantConfiguration()
    const onClusters = await Promise.all(plan.clusters.map(async ({ name }) => context.clusterApi(name)?.keys() ?? []))
    const held = [...opened.map(({ publicKey }) => publicKey?.fingerprint), ...onClusters.flat().map(({ id }) => id)]
    if (held.includes(activeKey)) return passed({ activeKey: activeKey ?? null })
    if (plan.onboarding === undefined && (plan.batches?.length ?? 0) <= 1) {
      return warned({
        finding: 'no imported key is to be active',
        cure: 'Name the current key of the cluster as active unless the tenant shall protect with its own.',
      })
    }
    return warned({
      finding:
        'no imported key is to be active while users move in batches: those who stay cannot open what the others protect',
      // The preparation alone asks a cluster that lacks the key (section 3, 1b, and section 11, the fourth row).
      cure: 'Make the current key of the cluster active, or import the key of the tenant into the cluster and roll out the preparation script to everybody who stays. Until then move together those who work together.',
    })
  },
}

export const notImportedBefore: Check = {
  id: 'not-imported-before',
  title: 'The keys are not in the tenant yet, and each is exported once',
  run: async (context) => {
    const opened = await context.exports()
    const ids = opened.flatMap(({ publicKey }) => publicKey?.fingerprint ?? [])
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
    const present = (await context.tenant.keys())
      .map(({ id }) => id)
      .filter((id) => ids.includes(id) && !wasImportedHere(context, id))
    return noneOf(
      [...twice, ...present].map((id) => id.slice(0, 16)),
      (keys) => `the key ${keys} is there already`,
      'Remove the export from the plan; a key that was imported by hand needs no further import.',
      { code: 'key-already-imported' },
    )
  },
}

export const oneTenant: Check = {
  id: 'one-tenant',
  title: 'No key went to another tenant',
  run: async (context) => {
    const registry = readKeyRegistry(context.folder, context.plan)
    const { serviceId } = await context.tenantConfiguration()
    const elsewhere = (await context.exports()).filter(({ publicKey }) => {
      const known = registry.get(publicKey?.fingerprint ?? '')
      return known !== undefined && known !== serviceId
    })
    return noneOf(
      elsewhere.map(({ name, publicKey }) => `${name} (${registry.get(publicKey?.fingerprint ?? '') ?? ''})`),
      (names) => `imported into another tenant before: ${names}`,
      'Import the key of a cluster into one tenant only.',
      { code: 'key-in-other-tenant' },
    )
  },
}

export const anyoneMapped: Check = {
  id: 'anyone-mapped',
  title: 'Templates that grant rights to everybody have a replacement',
  run: async (context) => {
    const affected = sourceTemplates(await context.exports()).filter(({ policy }) => anyoneRights(policy).length > 0)
    if (affected.length === 0) return passed()
    const data = affected.map(({ id, name, policy }) => ({ id, name, rights: anyoneRights(policy) }))
    const names = named(affected.map(({ name }) => name))
    const { anyone } = context.plan
    if (anyone === undefined) {
      return failed({
        finding: `${names} grant rights to everybody, which a tenant does not know and would drop`,
        cure: 'Say in anyone of the plan who gets these rights: all staff of a domain and external addresses, or drop.',
        data,
      })
    }
    if (anyone === 'drop') {
      return warned({
        finding: `${names} lose their rights of everybody`,
        cure: 'Name who shall have them in anyone of the plan.',
        data,
      })
    }
    const external = anyone.grantTo.filter((address) => !isTenantAddress(context, address))
    if (external.length > 0) return passed(data)
    return warned({
      finding: `${names} are open to trusted external readers today, who would lose access`,
      cure: 'Add the external addresses to anyone.grantTo if they shall keep it; all staff is narrower than everybody.',
      data,
    })
  },
}

function isTenantAddress({ plan }: StepContext, address: string): boolean {
  const domain = address.split('@')[1]?.toLowerCase() ?? ''
  return plan.tenant.domains.some((known) => known.toLowerCase() === domain)
}

export const keysImported: Check = {
  id: 'keys-imported',
  title: 'Every key of the plan is in the tenant with its mode',
  run: async (context) => {
    const keys = new Map((await context.tenant.keys()).map((key) => [key.id, key]))
    const wrong = (await context.exports())
      .filter((each) => !awaitsReference(each))
      .filter(({ publicKey, checked }) => keys.get(publicKey?.fingerprint ?? '')?.mode !== checked?.mode.number)
    return noneOf(
      wrong.map(({ name }) => name),
      (names) => `the key of ${names} is missing or of another mode`,
      'Run the step again.',
    )
  },
}

export const oneActiveKey: Check = {
  id: 'one-active-key',
  title: 'Exactly one key of the tenant is active',
  run: async (context) => {
    const active = (await context.tenant.keys()).filter(({ state }) => state === 'active')
    if (active.length === 1) return passed({ key: active[0]?.id ?? '' })
    const { state } = await context.tenantConfiguration()
    if (active.length === 0 && state === 'not-activated' && (await intendedActiveKey(context)) === undefined) {
      return notApplicable('the tenant makes its key when it is activated')
    }
    return failed({ finding: `${active.length} keys are active`, cure: 'Activate the key of the plan.' })
  },
}
