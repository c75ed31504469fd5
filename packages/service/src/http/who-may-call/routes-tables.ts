/** The addresses of a running server, door by door, with the audience that each declares. */
import type { DeclaredRoute } from '../audience.ts'
import { doorOf, type Door } from '../door.ts'
import { routeOf } from '../soap/soap-target.ts'
import { webEndpoints, type WebEndpoint } from '../soap/web-endpoints.ts'
import { statesText } from './operations-tables.ts'
import { table } from './table.ts'

export function routesOf(routes: readonly DeclaredRoute[], door: Door): readonly DeclaredRoute[] {
  return routes.filter(({ url }) => doorOf(url, [routeOf('')]) === door)
}

/** @param signingIn in which ways people sign in, at addresses for federated people or not */
export function soapAddressesTable(
  routes: readonly DeclaredRoute[],
  signingIn: (federated: boolean) => string,
): string {
  const endpoints = new Map(webEndpoints.map((endpoint) => [routeOf(endpoint.path), endpoint]))
  const rows = addressesOf(routesOf(routes, 'soap')).map((path) => {
    const audienceOf = (method: string): string =>
      routes.find((route) => route.url === path && route.method === method)?.audience ?? 'no such method'
    const endpoint = endpoints.get(path)
    return [`\`${path}\``, endpoint?.service ?? 'none', audienceOf('POST'), audienceOf('GET'), waysAt(endpoint)]
  })
  return table(['Address', 'Service', 'Calls (POST)', 'Page (GET)', 'Signing in'], rows)

  function waysAt(endpoint: WebEndpoint | undefined): string {
    return endpoint?.service === undefined ? 'nobody has to' : signingIn(endpoint.federated === 'alone')
  }
}

/** Every route of a door with every method that it takes. */
export function routesTable(routes: readonly DeclaredRoute[], door: Door): string {
  const own = routesOf(routes, door)
  const rows = addressesOf(own).flatMap((path) => {
    const at = own.filter(({ url }) => url === path)
    const kinds = new Set(at.map(kindOf))
    return [...kinds].map((kind) => {
      const same = at.filter((route) => kindOf(route) === kind)
      const methods = same.map(({ method }) => method).sort()
      return [`\`${path}\``, methods.length > 5 ? 'all' : methods.join(', '), ...kind.split('\n')]
    })
  })
  return table(['Address', 'Methods', 'Who', 'States'], rows)
}

function kindOf({ audience, operations, federated }: DeclaredRoute): string {
  return `${federated === 'alone' ? `${audience}, federated` : audience}\n${statesText(operations)}`
}

/** Addresses that one server has and another one has not. */
export function lackingIn(all: readonly DeclaredRoute[], some: readonly DeclaredRoute[]): readonly string[] {
  const there = new Set(addressesOf(some))
  return addressesOf(all).filter((path) => !there.has(path))
}

function addressesOf(routes: readonly DeclaredRoute[]): readonly string[] {
  return [...new Set(routes.map(({ url }) => url))]
}
