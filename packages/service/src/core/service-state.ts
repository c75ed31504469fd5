/**
 * The one place that says what the service does at all, and for whom, in its present state (threats P7, P16). Every use
 * case asks here first, and again when an administrator changed something meanwhile; the doors only translate.
 */
import { RightsError, type ErrorCode } from '@sealward/xrml'
import { requireActiveKey, type Configuration, type ServiceKey } from './configuration.ts'
import { operations, type OperationEffect, type OperationName } from './operations.ts'
import { personalities, stateNames, type StateName } from './personality.ts'
import type { Cluster, CoreContext, RequestInfo } from './ports.ts'

export interface ServiceState {
  readonly configuration: Configuration
  readonly activeKey: ServiceKey
}

/** Content keys without a policy come from nothing but a decommissioned cluster (MS-RMSI 3.2.4.1). */
const inOperation = { recover: 'cluster-not-decommissioned' } as const

/** What is refused to everybody in a state, and how; a state without further rows serves everything. */
const refusals: Readonly<Record<StateName, Partial<Record<OperationEffect, ErrorCode>>>> = {
  serving: inOperation,
  // For whom it is read-only is a matter of the person, see below.
  'read-only': inOperation,
  decommissioned: {
    protect: 'cluster-decommissioned',
    'list-templates': 'cluster-decommissioned',
    open: 'cluster-decommissioned',
    certify: 'cluster-decommissioned',
    describe: 'cluster-decommissioned',
  },
  'not-activated': {
    ...inOperation,
    protect: 'tenant-not-activated',
    'list-templates': 'tenant-not-activated',
    open: 'tenant-not-activated',
    certify: 'tenant-not-activated',
  },
  enabled: inOperation,
  disabled: {
    ...inOperation,
    protect: 'tenant-disabled',
    'list-templates': 'tenant-disabled',
    open: 'tenant-disabled',
    certify: 'tenant-disabled',
  },
}

/** In which states somebody may be served at all. */
export function statesServing(operation: OperationName): readonly StateName[] {
  return stateNames.filter((state) => refusals[state][operations[operation].effect] === undefined)
}

export function stateOf(
  cluster: Pick<Cluster, 'personality' | 'decommissioned'>,
  { settings }: Pick<Configuration, 'settings'>,
): StateName {
  return cluster.decommissioned ? 'decommissioned' : personalities[cluster.personality].stateOf(settings)
}

/**
 * @param state as if it were this one; that of the service unless given
 * @throws RightsError `cluster-decommissioned`, `cluster-not-decommissioned`, `tenant-not-activated`, `tenant-disabled`
 */
export async function requireService(
  context: CoreContext,
  operation: OperationName,
  state?: StateName,
): Promise<Configuration> {
  const configuration = await context.configuration()
  const refusal = refusals[state ?? stateOf(context.cluster, configuration)][operations[operation].effect]
  if (refusal !== undefined) throw new RightsError(refusal)
  return configuration
}

/** @throws RightsError as requireService, and `no-active-key` */
export async function serviceState(
  context: CoreContext,
  operation: OperationName,
  state?: StateName,
): Promise<ServiceState> {
  const configuration = await requireService(context, operation, state)
  return { configuration, activeKey: requireActiveKey(configuration) }
}

/** The clients that a door is for, as onboarding policies name them. */
const clientScope = { soap: 'WindowsApp', rest: 'MobileApp' } as const

/**
 * Whether this person may protect: a read-only cluster only opens, and while people move to a tenant in groups, only
 * those who have moved protect with it. Opening is never restricted.
 * @param groups canonical addresses of all groups of the person
 * @throws RightsError `service-read-only`, `publishing-not-onboarded`
 */
export function requirePublisher(
  { cluster }: Pick<CoreContext, 'cluster'>,
  { settings }: Pick<Configuration, 'settings'>,
  groups: readonly string[],
  door: RequestInfo['door'],
): void {
  const { readOnly, onboarding } = settings
  if (personalities[cluster.personality].protectionLimit === 'read-only') {
    const refused = readOnly !== undefined && ('everyone' in readOnly || groups.includes(readOnly.group))
    if (refused) throw new RightsError('service-read-only')
    return
  }
  if (onboarding === undefined) return
  const concerned = onboarding.scope === 'All' || onboarding.scope === clientScope[door]
  if (concerned && !groups.includes(onboarding.group)) throw new RightsError('publishing-not-onboarded')
}
