/**
 * Where the decision table is asked: a service with all its doors, the people of the model with a client each, and a
 * trusted service of another organisation. Everything meets on the wire.
 */
import { randomBytes } from 'node:crypto'
import type { Client } from '@sealward/client'
import { hashPassword, type ConfigInput } from '@sealward/service'
import { start } from './document.ts'
import { openOrganisation, type Organisation } from './organisation.ts'
import { actors, addressOf, outsiders, partners, relay, staff, staffLater, type Actor } from './people.ts'

export interface Asker {
  readonly actor: Actor
  readonly address: string
  readonly client: Client
  /** Account certificate with its chain. */
  readonly accountChain: readonly string[]
  /** From the time when the account was in order; absent for people of other services. */
  readonly token: string | undefined
}

export interface DecisionScene {
  readonly lakeside: Organisation
  /** Of who asks for licences of others. */
  readonly relayToken: string
  asker(actor: Actor): Asker
  setTime(time: Date): void
  /** After everything is published: accounts are disabled and leave. */
  settle(): Promise<void>
  close(): Promise<void>
}

const tokenLifetime = 86_400_000

/** @param who of the people have a client */
export async function openDecisionScene(
  settings: Partial<ConfigInput> = {},
  who: readonly Actor[] = actors,
): Promise<DecisionScene> {
  let now = start
  const clock = { now: () => now }
  const password = randomBytes(12).toString('base64url')
  const hashed = await hashPassword(password, (count) => randomBytes(count))
  const open = (people: string, more: Partial<ConfigInput>): Promise<Organisation> =>
    openOrganisation({ people, password, clock, settings: more })
  const lakeside = await open(staff(hashed), { domains: ['lakeside.example'], ...settings })
  const harbour = await open(partners(hashed), { domains: ['harbour.example', 'elsewhere.example'] })
  await prepare(lakeside, harbour, settings.personality === 'tenant')

  const asker = async (actor: Actor): Promise<Asker> => {
    const address = addressOf(actor)
    const outsider = outsiders[actor] !== undefined
    const client = outsider
      ? harbour.client(address, {
          trustedServers: [new URL(lakeside.url).host],
          anchors: [lakeside.root, harbour.root],
        })
      : lakeside.client(address)
    const { accountChain } = await client.identity()
    const token = outsider ? undefined : await lakeside.service().issueToken(address, tokenLifetime)
    return { actor, address, client, accountChain, token }
  }
  const askers = new Map<Actor, Asker>()
  for (const actor of who) askers.set(actor, await asker(actor))
  return {
    lakeside,
    relayToken: await lakeside.service().issueToken(relay, tokenLifetime),
    asker(actor) {
      const found = askers.get(actor)
      if (found === undefined) throw new Error(`nobody is called ${actor}`)
      return found
    },
    setTime: (time) => {
      now = time
    },
    settle: () => lakeside.setPeople(staffLater(hashed)),
    close: async () => {
      await lakeside.close()
      await harbour.close()
    },
  }
}

/** Everything that the model takes for granted. */
async function prepare(lakeside: Organisation, harbour: Organisation, tenant: boolean): Promise<void> {
  if (tenant) await lakeside.administer('setState', { body: { state: 'enabled' } })
  const [own] = await harbour.administer('listUserDomains')
  const { file } = await harbour.administer('exportUserDomain', { parameters: { id: own?.id } })
  const accepted = { displayName: 'Harbour', mailDomains: ['harbour.example'], federatedUsers: false }
  await lakeside.administer('importUserDomain', { body: { ...accepted, file, trustedRoots: [harbour.root] } })
  await lakeside.administer('addSuperUser', { body: { address: addressOf('sam') } })
  await lakeside.administer('enableSuperUsers', { body: { enabled: true } })
  await lakeside.administer('admit', { parameters: { door: 'pre-licensing' }, body: { member: relay } })
}
