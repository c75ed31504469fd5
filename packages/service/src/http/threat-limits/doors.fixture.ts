/** For tests: the doors of the service, found from its routes, and what a refusal looks like at each. */
import { soapServices } from '@sealward/protocol'
import type { DeclaredRoute } from '../audience.ts'
import { routeOf } from '../soap/soap-target.ts'
import { webEndpoints } from '../soap/web-endpoints.ts'

export const soapDoors = soapServices.map((service) => `SOAP ${service}` as const)
export const jsonDoors = ['REST licences', 'REST', 'machine', 'revocations', 'administration'] as const
/** Whoever posts there gets an answer, but nothing reads the body; pages have none at all. */
const otherDoors = ['SOAP without service', 'openid', 'pages'] as const

export type DoorName = (typeof soapDoors)[number] | (typeof jsonDoors)[number] | (typeof otherDoors)[number]

export const doorNames: readonly DoorName[] = [...soapDoors, ...jsonDoors, ...otherDoors]

/** Paths of a door where bodies are sent. */
export const soapPaths: readonly { readonly door: DoorName; readonly path: string }[] = webEndpoints.map(
  ({ path, service }) => ({
    door: service === undefined ? 'SOAP without service' : `SOAP ${service}`,
    path: routeOf(path),
  }),
)

/** @throws TypeError for a route of no known door */
export function doorNameOf({ method, url }: DeclaredRoute): DoorName {
  const soap = soapPaths.find(({ path }) => path === url)
  if (soap !== undefined) return method === 'POST' ? soap.door : 'pages'
  if (/^\/_wmcs(?:\/licensing|\/certification)?\/?$/.test(url)) return 'pages'
  if (url === '/healthz' || url.startsWith('/sealward/v1/revocation-lists/')) return 'pages'
  if (url === '/my/:version/enduserlicenses') return 'REST licences'
  if (url === '/my/*') return 'REST'
  // For federated people the same handler reads the same body.
  if (url === '/sealward/v1/machine' || url === '/sealward/v1/machineexternal') return 'machine'
  if (url === '/sealward/v1/revocations') return 'revocations'
  if (url === '/sealward/openid/*') return 'openid'
  if (url.startsWith('/admin/v1/')) return 'administration'
  throw new TypeError(`${method} ${url} belongs to no door: give it one, and every limit`)
}

export function refusalForm(door: DoorName): RegExp {
  if (door.startsWith('SOAP ')) return /<soap:Fault>/
  return door === 'administration' ? /"error":\{"code":"/ : /"Code":"Microsoft\.RightsManagement\.Exceptions\./
}
