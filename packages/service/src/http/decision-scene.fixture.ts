/** For tests: a service with all its doors, the people of the decision model, and a trusted service of another organisation. */
import type { FastifyInstance } from 'fastify'
import { listKeys } from '../administration/keys.ts'
import { addSuperUser, enableSuperUsers } from '../administration/super-users.ts'
import { exportUserDomain, importUserDomain } from '../administration/trusted-user-domains.ts'
import { createBearerAuthentication, protocolAudience } from '../auth/bearer.ts'
import { localTokenIssuer } from '../auth/local-token-issuer.ts'
import { certify } from '../core/certify.ts'
import { signUp, type TestAccount } from '../core/client.fixture.ts'
import { at, info, openTestCluster, type TestCluster } from '../core/cluster.fixture.ts'
import type { Settings } from '../core/settings.ts'
import type { DirectoryFile } from '../directory/directory-file.ts'
import { adminTokens } from './admin/tokens.ts'
import type { Asker, Doors } from './decision-doors.fixture.ts'
import { later, staff, type Actor } from './decision-model.fixture.ts'
import { createRequestLog } from './request-log.ts'
import { createRequestRows } from './request-rows.ts'
import { createServer } from './server.ts'

export interface DecisionScene {
  readonly cluster: TestCluster
  readonly doors: Doors
  /** Who publishes everything. */
  readonly author: TestAccount
  readonly askers: Readonly<Record<Actor, Asker>>
  /** After everything is published: accounts are disabled and leave. */
  settle(): void
  put<Name extends keyof Settings>(name: Name, value: Settings[Name]): Promise<void>
  close(): Promise<void>
}

const partners: DirectoryFile = {
  users: ['alice@harbour.example', 'fritz@harbour.example', 'hanno@elsewhere.example'].map((address, index) => ({
    id: `id-${index}`,
    sid: `S-1-5-21-9-9-9-${index + 1}`,
    address,
  })),
}

/** @param digest SHA-256 of the administrator's token */
export async function openDecisionScene(digest: Uint8Array, adminToken: string): Promise<DecisionScene> {
  const cluster = await openTestCluster({ settings: { domains: ['lakeside.example'] } })
  cluster.setPeople(staff as unknown as DirectoryFile)
  const { administration, context } = cluster
  const harbour = await openTestCluster({ keyOffset: 7 })
  const [key] = await listKeys(harbour.administration)
  await importUserDomain(administration, {
    file: await exportUserDomain(harbour.administration, { id: key?.id ?? '' }),
    displayName: 'Harbour',
    mailDomains: ['harbour.example'],
    federatedUsers: false,
    trustedRoots: [key?.root ?? ''],
  })
  await addSuperUser(administration, { address: 'sam@lakeside.example', directory: context.directory })
  await enableSuperUsers(administration, { enabled: true })

  const author = await signUp(cluster, 'alice')
  const own = async (actor: Actor): Promise<Asker> => {
    const account = await signUp(cluster, actor)
    return { actor, user: account.caller.user, accountChain: account.chain }
  }
  const foreign = async (actor: Actor, address: string): Promise<Asker> => {
    const { machineChain } = await signUp(harbour, 'alice')
    harbour.setPeople(partners)
    const user = await harbour.context.directory.findByAddress(address)
    if (user === undefined) throw new Error(`nobody is called ${address}`)
    const { chain } = await certify(harbour.context, {
      caller: { user, authentication: 'basic' },
      info,
      machineChain,
      persistent: true,
    })
    harbour.setPeople({ users: [{ id: 'id-alice', sid: 'S-1-5-21-9-9-9-9', address: 'alice@lakeside.example' }] })
    return { actor, user, accountChain: chain }
  }
  const askers = {
    alice: { actor: 'alice', user: author.caller.user, accountChain: author.chain },
    ben: await own('ben'),
    clara: await own('clara'),
    sam: await own('sam'),
    dora: await own('dora'),
    gone: await own('gone'),
    fritz: await foreign('fritz', 'fritz@harbour.example'),
    stranger: await foreign('stranger', 'hanno@elsewhere.example'),
  } as const
  const { user: relay } = await cluster.caller('relay')
  const scene = {
    cluster,
    author,
    askers,
    settle: () => cluster.setPeople(later()),
    async put<Name extends keyof Settings>(name: Name, value: Settings[Name]): Promise<void> {
      await context.store.transaction(async (repositories) => {
        await repositories.settings.put(name, value, context.clock.now())
        await repositories.nextConfigurationVersion()
      })
    },
  }
  await scene.put('admitted', { 'pre-licensing': [relay.address] })
  const server = serverOf(cluster, digest)
  return {
    ...scene,
    doors: { cluster, server, relay, adminToken },
    async close() {
      await server.close()
      await context.store.close()
      await harbour.context.store.close()
    },
  }
}

function serverOf({ context, administration }: TestCluster, digest: Uint8Array): FastifyInstance {
  const { directory, clock } = context
  const serviceUrl = at(context.cluster.baseUrl.split('/_wmcs'), 0)
  const rows = createRequestRows(context.store)
  return createServer({
    context,
    rows,
    administration: {
      tokens: adminTokens({ administer: digest, read: new Uint8Array(digest.length) }),
      administration: (actor) => ({ ...administration, actor }),
      settled: () => rows.settled(),
    },
    authentication: {
      bearer: createBearerAuthentication({ directory, clock, serviceUrl, issuers: [localTokenIssuer(context)] }),
    },
    listener: { host: '127.0.0.1', port: 0, encryptedByProxy: false },
    challenge: { form: 'on-premises', authorization: `${serviceUrl}/sealward/authorize`, resource: protocolAudience },
    licensingNeedsCaller: false,
    trustedProxies: [],
    log: createRequestLog({ write: () => undefined }),
  })
}
