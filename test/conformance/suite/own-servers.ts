/**
 * Our own service with the sample organisation, on loopback, in the states that rows need: one installation that is started
 * again with other settings, and a second one whose Mode 1 key signs. The sample holds every key, so every flaw can be made.
 */
import { closedDoors, operate, type Directory } from '@sealward/service'
import { openLakeside, type Lakeside } from '../../scenarios/lakeside.ts'
import type { ServerState } from './row.ts'
import { archiveAsInSample, ownServerFacts } from './own-server-facts.ts'
import type { Servers } from './servers.ts'
import type { Issuer, Tester } from './tester.ts'

const user = 'anna.berg@lakeside.example'
const externalUrl = 'https://rms.outside.example'
const admitted = 'ines.duarte@lakeside.example'

/** What the user's account has instead of its address, in states that no directory file can bring about. */
const otherMail: Partial<Record<ServerState, string>> = {
  'caller-without-mail': '',
  'caller-with-malformed-mail': 'anna berg',
}

/** The user signs in as ever, and the directory says the rest. */
function directoryIn(states: () => readonly ServerState[]): (sample: Directory) => Directory {
  return (sample) => ({
    ...sample,
    verifyPassword: async (address, password) => {
      const found = await sample.verifyPassword(address, password)
      const [other] = states().flatMap((state) => otherMail[state] ?? [])
      return found === undefined || found.address !== user || other === undefined ? found : { ...found, address: other }
    },
  })
}

export async function ownServers(): Promise<Servers> {
  let mode1: Lakeside | undefined
  let states: readonly ServerState[] = []
  const main = await openLakeside({ documents: 1, directory: directoryIn(() => states) })
  await admitEverywhere(main)
  await archiveAsInSample(main)
  return {
    inState: async (wanted) => {
      if (wanted.includes('mode-1')) {
        mode1 ??= await openLakeside({ documents: 1, active: 'rms-old' })
        return { url: mode1.url, tester: await testerOf(mode1, 'rms-old'), identity: mode1.url }
      }
      if (wanted.join() !== states.join()) {
        states = wanted
        await main.restart({
          decommissioned: wanted.includes('decommissioned'),
          onlinePublishing: !wanted.includes('publishing-off'),
          externalUrl: externalUrlIn(wanted),
        })
      }
      await excludeAs(main, wanted)
      return { url: main.url, tester: await testerOf(main, 'rms', externalUrlIn(wanted)), identity: main.url }
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

function externalUrlIn(wanted: readonly ServerState[]): string | undefined {
  return wanted.includes('external-address') ? externalUrl : undefined
}

async function testerOf(lakeside: Lakeside, cluster: 'rms' | 'rms-old', external?: string): Promise<Tester> {
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
    known: await ownServerFacts(lakeside, external),
  }
}

/** The exclusions of the state, and no others: the account of the user or of the admitted caller, and every machine software. */
async function excludeAs(lakeside: Lakeside, wanted: readonly ServerState[]): Promise<void> {
  const service = lakeside.service()
  const parts = { administration: service.administration('ines'), core: service.context }
  const wished = [
    { state: 'account-excluded', exclusion: { kind: 'user', subject: user }, minimum: {} },
    { state: 'caller-excluded', exclusion: { kind: 'user', subject: admitted }, minimum: {} },
    { state: 'machine-excluded', exclusion: { kind: 'security-processor' }, minimum: { minimum: '99.0.0.0' } },
  ] as const
  const { exclusions } = (await operate(parts, 'listExclusions', {})) as {
    readonly exclusions: readonly { readonly kind: string; readonly subject?: string }[]
  }
  for (const { state, exclusion, minimum } of wished) {
    const subjects = exclusions.filter(({ kind }) => kind === exclusion.kind).map(({ subject }) => subject)
    const present = subjects.includes('subject' in exclusion ? exclusion.subject : undefined)
    if (wanted.includes(state) && !present) await operate(parts, 'addExclusion', { body: { ...exclusion, ...minimum } })
    if (!wanted.includes(state) && present) await operate(parts, 'removeExclusion', { body: exclusion })
  }
}
