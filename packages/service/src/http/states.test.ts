/**
 * Every operation of both doors in every state of the service (threats P7, P16): what goes on, and with which fault or
 * problem the rest is refused. The operations come from the protocol's tables, so a new one without a row here fails.
 */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, suite, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import {
  endpointPaths,
  faultNames,
  parseProblem,
  soapOperationNames,
  type RestResource,
  type SoapOperationName,
  type SoapRequestOf,
} from '@sealward/protocol'
import type { Cluster } from '../core/ports.ts'
import { closedDoors, type Settings } from '../core/settings.ts'
import { soapRequests } from './soap-requests.fixture.ts'
import { bootstrap, publishEditable, publishOffline, soap, type TestClient, type TestDocument } from './test-client.ts'
import { addressOf, openTestOrganisation, type Person, type TestOrganisation } from './test-organisation.ts'

type Effect = 'protect' | 'list' | 'open' | 'recover' | 'certify' | 'describe'

const soapEffects: Readonly<Record<SoapOperationName, Effect>> = {
  AcquireContentKey: 'recover',
  AcquireIssuanceLicense: 'protect',
  AcquireLicense: 'open',
  AcquirePreLicense: 'open',
  AcquireTemplateInformation: 'list',
  AcquireTemplates: 'list',
  Certify: 'certify',
  EditIssuanceLicense: 'protect',
  FindServiceLocations: 'describe',
  FindServiceLocationsForUser: 'describe',
  GetClientLicensorCert: 'protect',
  GetLicensorCertificate: 'describe',
  GetServerInfo: 'describe',
  IsPrincipalMemberOf: 'describe',
  Precertify: 'certify',
  SubEnroll: 'certify',
}

const restEffects: Readonly<Record<RestResource, Effect>> = {
  serviceDiscovery: 'describe',
  templates: 'list',
  publishingLicenses: 'protect',
  endUserLicenses: 'open',
  clientDebugLogs: 'describe',
  clientPerformanceLogs: 'describe',
  clientLicensorCertificates: 'protect',
}

interface Refused {
  readonly soap: string
  readonly rest: string
}

const decommissioned: Refused = { soap: faultNames.clusterDecommissioned, rest: '400 NotSignedUpException' }
const notEnabled: Refused = { soap: faultNames.unauthorizedAccess, rest: '400 NotSignedUpException' }
const noPublishing: Refused = { soap: faultNames.unauthorizedAccess, rest: '400 ServiceDisabledException' }

interface State {
  readonly name: string
  readonly personality: Cluster['personality']
  readonly settings: Partial<Settings>
  readonly refused: Partial<Record<Effect, Refused>>
  /** Refuses only at this door. */
  readonly door?: 'soap' | 'rest'
}

const all = { protect: notEnabled, list: notEnabled, open: notEnabled, certify: notEnabled }
const publishing = { protect: noPublishing, list: noPublishing }
const members = 'sales@lakeside.example'

/** Bob, who asks in every case, belongs to sales and not to board. */
const others = 'board@lakeside.example'

const states: readonly State[] = [
  { name: 'serving', personality: 'cluster', settings: {}, refused: {} },
  { name: 'read-only', personality: 'cluster', settings: { readOnly: { everyone: true } }, refused: publishing },
  {
    name: 'read-only for them',
    personality: 'cluster',
    settings: { readOnly: { group: members } },
    refused: publishing,
  },
  { name: 'read-only for others', personality: 'cluster', settings: { readOnly: { group: others } }, refused: {} },
  {
    name: 'decommissioned',
    personality: 'cluster',
    settings: { clusterState: 'decommissioned' },
    refused: {
      protect: decommissioned,
      list: decommissioned,
      open: decommissioned,
      certify: decommissioned,
      describe: decommissioned,
    },
  },
  { name: 'not activated', personality: 'tenant', settings: { tenantState: 'not-activated' }, refused: all },
  { name: 'enabled', personality: 'tenant', settings: {}, refused: {} },
  { name: 'disabled', personality: 'tenant', settings: { tenantState: 'disabled' }, refused: all },
  ...(['All', 'WindowsApp', 'MobileApp'] as const).flatMap((scope): readonly State[] => [
    {
      name: `onboarded, ${scope}`,
      personality: 'tenant',
      settings: { onboarding: { group: members, scope } },
      refused: {},
    },
    {
      name: `not onboarded, ${scope}`,
      personality: 'tenant',
      settings: { onboarding: { group: others, scope } },
      refused: publishing,
      ...(scope === 'All' ? {} : { door: scope === 'WindowsApp' ? 'soap' : 'rest' }),
    },
  ]),
  // What belongs to the other personality means nothing.
  { name: 'a tenant with read-only', personality: 'tenant', settings: { readOnly: { everyone: true } }, refused: {} },
  {
    name: 'a cluster with onboarding',
    personality: 'cluster',
    settings: { onboarding: { group: others, scope: 'All' }, tenantState: 'disabled' },
    refused: {},
  },
]

const asker: Person = 'bob'

interface Scene {
  readonly organisation: TestOrganisation
  readonly server: FastifyInstance
  readonly client: TestClient
  readonly document: TestDocument
  /** Published, and its author lets servers edit it; with a new policy for it. */
  readonly editable: SoapRequestOf<'EditIssuanceLicense'>
}

for (const personality of ['cluster', 'tenant'] as const) {
  suite(`a ${personality} in every state`, async () => {
    const organisation = await openTestOrganisation({ personality })
    const server = organisation.server()
    const client = await bootstrap(organisation, server, asker)
    await put(organisation, {
      offlinePublishing: true,
      admitted: Object.fromEntries(closedDoors.map((door) => [door, [addressOf(asker)]])),
    })
    const editable = await publishEditable(organisation, server, client)
    const scene: Scene = { organisation, server, client, document: await publishOffline(client), editable }

    for (const state of states.filter((each) => each.personality === personality)) {
      test(state.name, async () => {
        await put(organisation, state.settings)
        for (const name of soapOperationNames) {
          const refused = refusalOverSoap(state, soapEffects[name])
          assert.equal(await askSoap(scene, name), refused ?? 'answered', `${state.name}: ${name}`)
        }
        for (const [resource, effect] of Object.entries(restEffects)) {
          const refused = state.door === 'soap' ? undefined : state.refused[effect]?.rest
          assert.equal(await askRest(scene, resource as RestResource), refused ?? '200', `${state.name}: ${resource}`)
        }
        const refused = state.refused.certify?.rest ?? '200'
        assert.equal(await enrol(scene), refused, `${state.name}: machine`)
        await put(organisation, afterwards(state.settings))
      })
    }
    after(() => organisation.close())
  })
}

/** Keys without a policy are for a decommissioned cluster, whatever else a state lets through. */
function refusalOverSoap({ name, door, refused }: State, effect: Effect): string | undefined {
  if (effect === 'recover') return name === 'decommissioned' ? undefined : faultNames.clusterNotDecommissioned
  return door === 'rest' ? undefined : refused[effect]?.soap
}

test('the table knows every service of the protocol', () => {
  const services = new Set(endpointPaths.map(({ service }) => service))
  assert.equal(services.size, 9)
})

function afterwards(settings: Partial<Settings>): Partial<Settings> {
  const before: Partial<Record<string, string>> = { tenantState: 'enabled', clusterState: 'serving' }
  return Object.fromEntries(Object.keys(settings).map((name) => [name, before[name]]))
}

async function put({ context }: TestOrganisation, settings: Partial<Settings>): Promise<void> {
  await context.store.transaction(async (repositories) => {
    for (const [name, value] of Object.entries(settings)) {
      await repositories.settings.put(name as keyof Settings, value, context.clock.now())
    }
    await repositories.nextConfigurationVersion()
  })
}

async function askSoap(scene: Scene, name: SoapOperationName): Promise<string> {
  const requests = soapRequests({ ...scene, asker })
  const authorization = scene.organisation.basic(asker)
  const answer = await soap(scene.server, name, requests[name] as never, { authorization })
  return answer.kind === 'fault' ? answer.fault.full : 'answered'
}

async function askRest(scene: Scene, resource: RestResource): Promise<string> {
  const license = Buffer.from(`\ufeff${scene.document.chain.join('')}`, 'utf16le').toString('base64')
  const requests = {
    serviceDiscovery: { method: 'GET', url: '/my/v2/servicediscovery?email=bob@lakeside.example' },
    templates: { method: 'GET', url: '/my/v2/templates' },
    publishingLicenses: post('publishinglicenses', {
      PreferDeprecatedAlgorithms: false,
      AllowAuditedExtraction: false,
      TemplateId: scene.organisation.templateId,
    }),
    endUserLicenses: post('enduserlicenses', { SerializedPublishingLicense: license }),
    clientDebugLogs: post('clientlogs/debug', {}),
    clientPerformanceLogs: post('clientlogs/performance', {}),
    clientLicensorCertificates: post('clientlicensorcertificates', { SignatureEncoding: 'utf-8' }),
  } as const satisfies Record<RestResource, object>
  return send(scene, requests[resource])
}

async function enrol(scene: Scene): Promise<string> {
  const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
    format: 'pem',
    type: 'spki',
  })
  return send(scene, { method: 'POST', url: '/sealward/v1/machine', payload: JSON.stringify({ publicKey }) })
}

async function send(
  { organisation, server }: Scene,
  request: { readonly method: 'GET' | 'POST'; readonly url: string; readonly payload?: string },
): Promise<string> {
  const headers = {
    authorization: await organisation.bearer(asker),
    ...(request.method === 'POST' ? { 'content-type': 'application/json' } : {}),
  }
  const response = await server.inject({ ...request, headers })
  return response.statusCode === 200 ? '200' : `${response.statusCode} ${parseProblem(response.payload).name}`
}

function post(path: string, payload: object) {
  return { method: 'POST', url: `/my/v2/${path}`, payload: JSON.stringify(payload) } as const
}
