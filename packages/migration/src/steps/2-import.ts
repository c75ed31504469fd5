/**
 * The keys: exports checked, the way of each key decided, and every domain imported. All files are opened before the first
 * is sent, so that a wrong password or a damaged file leaves the tenant as it was.
 */
import { issuersCovered } from './checks/coverage.ts'
import {
  activeDuringBatches,
  anyoneMapped,
  awaitsReference,
  exportsComplete,
  exportsOpen,
  exportsPrivate,
  friendlyNames,
  keyReferences,
  keysImported,
  notImportedBefore,
  oneActiveKey,
  oneTenant,
  passwordCharacters,
} from './checks/exports.ts'
import { cryptographicMode, keyPathSupported, readOnlyPlanned } from './checks/source.ts'
import { activeKeyIntended } from './checks/tenant.ts'
import type { PlannedAction } from '../project/journal.ts'
import type { StepContext } from './context.ts'
import { importActionId, intendedActiveKey } from './intended-key.ts'
import { keyPathOf } from './key-path.ts'
import { action, artefact, lines } from './planned.ts'
import type { Step } from './step.ts'

export const importKeys: Step = {
  id: '2',
  numbers: { y2016: '2', newer: '4' },
  title: 'Export, move and import the keys',
  phase: 'Phase 1',
  role: 'key custodian',
  inputs: ['exports', 'trustedRoots', 'anyone', 'clusters', 'tenant', 'keyRegistry'],
  from: ['Prepared'],
  to: 'Imported',
  approval: false,
  checks: [
    exportsOpen,
    exportsComplete,
    issuersCovered,
    exportsPrivate,
    passwordCharacters,
    cryptographicMode,
    keyPathSupported,
    readOnlyPlanned,
    keyReferences,
    oneTenant,
    notImportedBefore,
    friendlyNames,
    anyoneMapped,
    activeDuringBatches,
  ],
  do: imports,
  verify: [keysImported, oneActiveKey, activeKeyIntended],
  byHand: (plan) => [
    'Keep the exports and their passwords apart, in a safe.',
    ...(plan.exports.some(({ keyReference }) => keyReference !== undefined)
      ? ['Transfer the keys into the module with the commands in the artefacts of this step.']
      : []),
  ],
  undo: { loss: 'nothing: imported keys have no effect while nobody protects with them', byHand: [] },
}

async function imports(context: StepContext): Promise<readonly PlannedAction[]> {
  const { plan } = context
  const { serviceId } = await context.tenantConfiguration()
  const exports = await context.exports()
  const ready = exports.filter((each) => !awaitsReference(each))
  // The key that will protect goes first, as in the published procedure.
  const ordered = [...ready].sort((a, b) => Number(b.planned.active) - Number(a.planned.active))
  const active = await intendedActiveKey(context)
  return [
    ...keyPathArtefact(context),
    ...ordered.flatMap(({ planned, publicKey, licensorName }) => {
      const keyId = publicKey?.fingerprint ?? ''
      const cluster = plan.clusters.find(({ name }) => name === planned.cluster)
      const friendlyName = planned.friendlyName ?? cluster?.friendlyName ?? licensorName
      return [
        action('register-key', `register-${keyId}`, { keyId, serviceId }),
        action('import-domain', importActionId(keyId), {
          file: planned.file,
          keyId,
          anyone: anyoneInput(plan.anyone),
          ...(friendlyName === undefined ? {} : { friendlyName }),
        }),
      ]
    }),
    ...(active !== undefined && ready.some(({ publicKey }) => publicKey?.fingerprint === active)
      ? [action('activate-key', 'activate-key', { keyId: active })]
      : []),
  ]
}

function anyoneInput(anyone: StepContext['plan']['anyone']) {
  if (anyone === undefined) return 'refuse'
  return anyone === 'drop' ? anyone : { grantTo: [...anyone.grantTo] }
}

function keyPathArtefact({ plan }: StepContext): readonly PlannedAction[] {
  const texts = plan.exports.flatMap((planned) => {
    const cluster = plan.clusters.find(({ name }) => name === planned.cluster)
    if (cluster === undefined) return []
    const { commands } = keyPathOf(cluster, plan.tenant.target, planned)
    return commands.length === 0 ? [] : [`# ${planned.file}`, ...commands]
  })
  return texts.length === 0 ? [] : [artefact('2', 'key-transfer.txt', lines(...texts))]
}
