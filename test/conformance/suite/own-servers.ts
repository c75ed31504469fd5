/**
 * Our own service with the sample organisation, on loopback, in the states that rows need: one installation that is started
 * again with other settings, and a second one whose Mode 1 key signs. The sample holds every key, so every flaw can be made.
 */
import { closedDoors, operate } from '@sealward/service'
import { openLakeside, type Lakeside } from '../../scenarios/lakeside.ts'
import type { ServerState } from './row.ts'
import { archiveAsInSample, ownServerFacts } from './own-server-facts.ts'
import type { Servers } from './servers.ts'
import { NotApplicable, type Issuer, type Tester } from './tester.ts'

const user = 'anna.berg@lakeside.example'
const admitted = 'ines.duarte@lakeside.example'

/** What no setting of the service brings about, and what shows the row instead. */
const elsewhere: Partial<Record<ServerState, string>> = {
  'caller-without-mail':
    'the directory file of the sample takes nobody without address; packages/service/src/core/certify.test.ts shows it',
  'caller-with-malformed-mail':
    'the directory file of the sample takes no malformed address; packages/service/src/core/certify.test.ts shows it',
}

/** The only reasons for which a row is not asked of our own service. */
export const reasonsElsewhere: readonly string[] = Object.values(elsewhere)

export async function ownServers(): Promise<Servers> {
  const main = await openLakeside({ documents: 1 })
  let mode1: Lakeside | undefined
  let states: readonly ServerState[] = []
  await admitEverywhere(main)
  await archiveAsInSample(main)
  return {
    inState: async (wanted) => {
      for (const state of wanted) {
        const reason = elsewhere[state]
        if (reason !== undefined) throw new NotApplicable(reason)
      }
      if (wanted.includes('mode-1')) {
        mode1 ??= await openLakeside({ documents: 1, active: 'rms-old' })
        return { url: mode1.url, tester: await testerOf(mode1, 'rms-old'), identity: mode1.url }
      }
      if (wanted.join() !== states.join()) {
        await main.restart({
          decommissioned: wanted.includes('decommissioned'),
          onlinePublishing: !wanted.includes('publishing-off'),
        })
        states = wanted
      }
      await excludeAs(main, wanted)
      return { url: main.url, tester: await testerOf(main, 'rms'), identity: main.url }
    },
    close: async () => {
      await main.close()
      await mode1?.close()
    },
  }
}

async function admitEverywhere(lakeside: Lakeside): Promise<void> {
  const service = lakeside.service()
  const parts = { administration: service.administration('ines'), core: service.context }
  for (const door of closedDoors) await operate(parts, 'admit', { parameters: { door }, body: { member: admitted } })
}

async function testerOf(lakeside: Lakeside, cluster: 'rms' | 'rms-old'): Promise<Tester> {
  const { hierarchies, clusters } = lakeside.sample.organisation
  const [own, other] =
    cluster === 'rms' ? [hierarchies.mode2, hierarchies.mode1] : [hierarchies.mode1, hierarchies.mode2]
  const account = (address: string) => ({ address, password: lakeside.password(address) })
  const issuer = (name: 'rms' | 'rms-old'): Issuer => {
    const { certificate, key, chain } = clusters[name]
    return { principal: certificate.principal, key: key.handle, chain }
  }
  return {
    user: account(user),
    admitted: account(admitted),
    machine: { chain: own.machine.chain, key: own.machine.key.handle },
    otherMachine: { chain: other.machine.chain, key: other.machine.key.handle },
    licensor: issuer(cluster),
    mode2Licensor: issuer('rms'),
    known: await ownServerFacts(lakeside),
  }
}

/** The exclusions of the state, and no others: the account of the user, and every machine software there is. */
async function excludeAs(lakeside: Lakeside, wanted: readonly ServerState[]): Promise<void> {
  const service = lakeside.service()
  const parts = { administration: service.administration('ines'), core: service.context }
  const wished = [
    { state: 'account-excluded', exclusion: { kind: 'user', subject: user }, minimum: {} },
    { state: 'machine-excluded', exclusion: { kind: 'security-processor' }, minimum: { minimum: '99.0.0.0' } },
  ] as const
  const { exclusions } = (await operate(parts, 'listExclusions', {})) as {
    readonly exclusions: readonly { readonly kind: string }[]
  }
  for (const { state, exclusion, minimum } of wished) {
    const present = exclusions.some(({ kind }) => kind === exclusion.kind)
    if (wanted.includes(state) && !present) await operate(parts, 'addExclusion', { body: { ...exclusion, ...minimum } })
    if (!wanted.includes(state) && present) await operate(parts, 'removeExclusion', { body: exclusion })
  }
}
