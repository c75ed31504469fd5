/** Who may call the operations of the two protocols, and in which states of the service they are carried out. */
import { restResources, soapOperationNames, soapOperations, type RestResource } from '@sealward/protocol'
import type { OperationName } from '../../core/operations.ts'
import { personalities, stateNames } from '../../core/personality.ts'
import { statesServing } from '../../core/service-state.ts'
import { accountsOnly } from '../../core/settings.ts'
import { soapAccess, type OperationAccess } from '../operation-access.ts'
import { restOperationName, soapOperationName } from '../operation-names.ts'
import { restMethodOf } from '../rest/router.ts'
import { table } from './table.ts'

const accessText = {
  everybody: 'everybody',
  account: 'whom the account certificate in the message names',
  person: 'people',
} as const satisfies Partial<Record<OperationAccess, string>>

export function soapOperationsTable(): string {
  const rows = soapOperationNames.map((name) => {
    return [name, soapOperations[name].service, whoMayCall(soapAccess[name]), statesText([soapOperationName[name]])]
  })
  return table(['Operation', 'Service', 'Who', 'States'], rows)
}

export function restResourcesTable(): string {
  const rows = (Object.keys(restResources) as readonly RestResource[]).map((resource) => [
    `${restMethodOf(resource)} /my/v2/${restResources[resource]}`,
    'people',
    statesText([restOperationName[resource]]),
  ])
  return table(['Resource', 'Who', 'States'], rows)
}

function whoMayCall(access: OperationAccess): string {
  if (access === 'everybody' || access === 'account' || access === 'person') return accessText[access]
  const offered = Object.entries(personalities).filter(([, { closedDoors }]) => closedDoors.includes(access))
  const only = offered.length === 1 ? `, of a ${offered[0]?.[0] ?? ''}` : ''
  const exactly = accountsOnly.has(access) ? ', by account' : ''
  return `admitted to \`${access}\`${exactly}${only}`
}

/** The states in which a route does something: any of what it carries out. */
export function statesText(operations: readonly OperationName[]): string {
  if (operations.length === 0) return 'every'
  const serving = stateNames.filter((state) => operations.some((name) => statesServing(name).includes(state)))
  return serving.length === stateNames.length ? 'every' : serving.join(', ')
}
