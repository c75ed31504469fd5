/**
 * Every SOAP operation, one by one, for everybody who may come (threat model, section 7): what is answered follows from
 * what each operation declares, and nobody gets or grants what he lacks. Who writes the names of services or the
 * directory (AC8) calls no operation; the clients and the directory have their own tests.
 */
import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { soapOperationNames, type SoapOperationName } from '@sealward/protocol'
import { admit } from '../administration/admission.ts'
import { closedDoors, type Settings } from '../core/settings.ts'
import { issueToken } from '../auth/local-token-issuer.ts'
import { operationsAt, soapAccess } from './operation-access.ts'
import { soapRequests } from './soap-requests.fixture.ts'
import { bootstrap, publishEditable, publishOffline, soap, type TestClient, type TestDocument } from './test-client.ts'
import { addressOf, openTestOrganisation } from './test-organisation.ts'

interface Actor {
  readonly authorization?: string
  /** Whose certificates are sent. */
  readonly client: TestClient
  readonly document: TestDocument
  /** By access; an operation of its own name comes first. */
  readonly expected: Readonly<Partial<Record<'everybody' | 'person' | 'admitted' | SoapOperationName, string>>>
}

const answered = 'answered'
const everyOperation = (code: string): Actor['expected'] => ({
  everybody: code,
  person: code,
  admitted: code,
  AcquireLicense: code,
  GetClientLicensorCert: code,
})
const ofPerson = { everybody: answered, person: answered, admitted: 'endpoint-closed' } as const
const withoutCredentials = { everybody: answered, person: 'unauthenticated', admitted: 'unauthenticated' } as const

suite('every SOAP operation for everybody', async () => {
  const organisation = await openTestOrganisation()
  after(() => organisation.close())
  const { context } = organisation
  const server = organisation.server()
  await organisation.disable()
  const [alice, bob, carol, dora] = [
    await bootstrap(organisation, server, 'alice'),
    await bootstrap(organisation, server, 'bob'),
    await bootstrap(organisation, server, 'carol'),
    await bootstrap(organisation, server, 'dora'),
  ]
  const former = await organisation.bearer('dora')
  await organisation.disable('dora')
  const administration = { ...context, actor: 'test' }
  for (const door of closedDoors) {
    await admit(administration, { door, member: addressOf('carol'), directory: context.directory })
  }
  const ofAlice = await publishOffline(alice)
  const ofBob = await publishOffline(bob)
  const editable = await publishEditable(organisation, server, alice)

  const elsewhere = { ...context, cluster: { ...context.cluster, baseUrl: 'https://rms.harbour.example/_wmcs' } }
  const user = await context.directory.findByAddress(addressOf('alice'))
  if (user === undefined) throw new Error('no alice')
  const ofOtherTenant = `Bearer ${await issueToken(elsewhere, { user, lifetime: 3_600_000 })}`

  const actors: Readonly<Record<string, Actor>> = {
    'AC0: nobody': {
      client: { ...bob, accountChain: bob.machineChain },
      document: ofAlice,
      expected: {
        ...withoutCredentials,
        AcquireLicense: 'account-certificate-unexpected',
        GetClientLicensorCert: 'account-certificate-unexpected',
      },
    },
    'AC1: a person without rights': {
      authorization: organisation.basic('alice'),
      client: alice,
      document: ofBob,
      expected: { ...ofPerson, AcquireLicense: 'no-rights', GetClientLicensorCert: answered },
    },
    'AC2: a reader': {
      authorization: organisation.basic('bob'),
      client: bob,
      document: ofAlice,
      expected: { ...ofPerson, AcquireLicense: answered, GetClientLicensorCert: answered },
    },
    'AC3: an author': {
      authorization: organisation.basic('alice'),
      client: alice,
      document: ofAlice,
      expected: { ...ofPerson, AcquireLicense: answered, GetClientLicensorCert: answered },
    },
    'AC4: a former employee with a password': {
      authorization: organisation.basic('dora'),
      client: dora,
      document: ofAlice,
      expected: everyOperation('credentials-refused'),
    },
    'AC4: a former employee with a token': {
      authorization: former,
      client: dora,
      document: ofAlice,
      expected: everyOperation('credentials-refused'),
    },
    'AC4: a former employee with a certificate': {
      client: dora,
      document: ofAlice,
      expected: { ...withoutCredentials, AcquireLicense: 'user-disabled', GetClientLicensorCert: 'user-disabled' },
    },
    'AC5: an administrator': {
      authorization: `Bearer administer-${'a'.repeat(40)}`,
      client: alice,
      document: ofAlice,
      expected: everyOperation('credentials-refused'),
    },
    'AC6: somebody of another tenant': {
      authorization: ofOtherTenant,
      client: alice,
      document: ofAlice,
      expected: everyOperation('credentials-refused'),
    },
    'AC7: an admitted server': {
      authorization: organisation.basic('carol'),
      client: carol,
      document: ofAlice,
      expected: { ...ofPerson, admitted: answered, AcquireLicense: 'no-rights', GetClientLicensorCert: answered },
    },
    'AC7: the stolen certificate of a server': {
      client: carol,
      document: ofAlice,
      expected: { ...withoutCredentials, AcquireLicense: 'no-rights', GetClientLicensorCert: answered },
    },
    'AC7: the same in the hands of a person': {
      authorization: organisation.basic('bob'),
      client: carol,
      document: ofAlice,
      expected: {
        ...ofPerson,
        AcquireLicense: 'account-certificate-not-callers',
        GetClientLicensorCert: 'account-certificate-not-callers',
        // What it protects would be in the name of the server.
        AcquireIssuanceLicense: 'owner-not-publisher',
      },
    },
  }

  async function ask(actor: Actor, name: SoapOperationName): Promise<string> {
    const requests = soapRequests({ ...actor, organisation, editable, asker: 'bob' })
    const { authorization } = actor
    const before = organisation.logged.length
    await soap(server, name, requests[name] as never, authorization === undefined ? {} : { authorization })
    const lines = organisation.logged.slice(before)
    assert.equal(lines.length, 1, 'one line for each request')
    return (JSON.parse(lines[0] ?? '') as { readonly code?: string }).code ?? answered
  }

  function expectedOf({ expected }: Actor, name: SoapOperationName): string | undefined {
    const access = soapAccess[name]
    if (expected[name] !== undefined || access === 'account') return expected[name]
    return expected[access === 'everybody' || access === 'person' ? access : 'admitted']
  }

  for (const [title, actor] of Object.entries(actors)) {
    test(title, async () => {
      for (const name of soapOperationNames) {
        // In operation nobody gets bare keys: the next test asks for them.
        if (name === 'AcquireContentKey') continue
        assert.equal(await ask(actor, name), expectedOf(actor, name), name)
      }
    })
  }

  test('bare keys of a cluster that is out of operation are for admitted accounts alone', async () => {
    for (const actor of Object.values(actors)) {
      const said = expectedOf(actor, 'AcquireContentKey')
      assert.equal(await ask(actor, 'AcquireContentKey'), heard(said) ? 'cluster-not-decommissioned' : said)
    }
    await put({ clusterState: 'decommissioned' })
    for (const [title, actor] of Object.entries(actors)) {
      assert.equal(await ask(actor, 'AcquireContentKey'), expectedOf(actor, 'AcquireContentKey'), title)
    }
    await put({ clusterState: 'serving' })
  })

  function heard(code: string | undefined): boolean {
    return code === answered || code === 'endpoint-closed'
  }

  async function put(settings: Partial<Settings>): Promise<void> {
    await context.store.transaction(async (repositories) => {
      for (const [name, value] of Object.entries(settings)) {
        await repositories.settings.put(name as keyof Settings, value, context.clock.now())
      }
      await repositories.nextConfigurationVersion()
    })
  }
})

test('an operation that does not say whom it is for stops the start', () => {
  assert.deepEqual(operationsAt('LicensingService'), ['acquire-license', 'acquire-pre-license'])
  assert.throws(() => operationsAt('LicensingService', {}), /AcquireLicense does not say whom it is for/)
})
