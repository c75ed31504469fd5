/** Connectors and the servers behind them. */
import { failed, noneOf, notApplicable, passed, type Check } from '../check.ts'

const noReport = 'no connector has reported'
const certified = 1002
const unauthorised = 2001
const refusals = [unauthorised, 2003, 3000, 3001]

export const connectorEvents: Check = {
  id: 'connector-events',
  title: 'Every server reaches the connector, and none is refused',
  run: (context) => {
    const connectors = context.collected('connectors')
    if (context.plan.connector === undefined) return Promise.resolve(notApplicable('the plan has no connector'))
    if (connectors.length === 0) return Promise.resolve(notApplicable(noReport))
    const events = connectors.flatMap(({ events: all }) => all)
    const refused = events.filter(({ id, count }) => refusals.includes(id) && count > 0)
    const silent = context.plan.connector.servers.filter(
      ({ name }) =>
        !events.some(
          ({ id, server, count }) => id === certified && count > 0 && server.toLowerCase() === name.toLowerCase(),
        ),
    )
    return Promise.resolve(
      noneOf(
        [
          ...refused.map(({ id, server }) => `${server} (event ${id})`),
          ...silent.map(({ name }) => `${name} (no event ${certified})`),
        ],
        (names) => `not served: ${names}`,
        'Authorise the account of the server at the connector; look for a proxy or TLS inspection if answers are empty (event 3000).',
      ),
    )
  },
}

export const connectorApart: Check = {
  id: 'connector-apart',
  title: 'No connector runs on a server that uses it',
  run: (context) =>
    Promise.resolve(
      noneOf(
        context
          .collected('connectors')
          .flatMap(({ connector, sameMachineAs }) => sameMachineAs.map((server) => `${connector} on ${server}`)),
        (names) => names,
        'Install the connector on machines of its own.',
      ),
    ),
}

export const librariesCheckedIn: Check = {
  id: 'libraries-checked-in',
  title: 'No document is checked out of a protected library',
  run: (context) => {
    const libraries = context.collected('libraries')
    if (libraries.length === 0) return Promise.resolve(notApplicable('no collaboration server has reported'))
    return Promise.resolve(
      noneOf(
        libraries.flatMap(({ server, checkedOut }) => checkedOut.map((document) => `${server}: ${document}`)),
        (names) => `checked out, and inaccessible after the change: ${names}`,
        'Let them be checked in before the server changes.',
      ),
    )
  },
}

export const libraryStoresDeleted: Check = {
  id: 'library-stores-deleted',
  title: 'The stores of the collaboration servers were deleted',
  run: (context) =>
    Promise.resolve(
      noneOf(
        context
          .collected('libraries')
          .filter(({ storesDeleted }) => !storesDeleted)
          .map(({ server }) => server),
        (names) => `\\ProgramData\\Microsoft\\MSIPC\\Server still holds certificates of the cluster on ${names}`,
        'Delete the folder of the service account there.',
      ),
    ),
}

export const serversCertified: Check = {
  id: 'servers-certified',
  title: 'The tenant has certified a server',
  run: async (context) => {
    if (context.plan.connector === undefined) return notApplicable('the plan has no connector')
    const { servers } = await context.tenantLog()
    if (servers.size > 0) return passed({ servers: servers.size })
    return failed({
      finding: 'the log of the tenant shows no ServerCertify',
      cure: 'Open an old protected message through the mail server; then look at the events of the connector.',
    })
  },
}
