/** What the tester gets from the server itself, once, the first time that a row needs it: certificates of the user. */
import {
  openAccountKey,
  openClientLicensorKey,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parseXrml,
  softwareKeyHandle,
  type AccountCertificate,
  type ClientLicensorCertificate,
  type KeyHandle,
} from '@sealward/xrml'
import { faultNameIn } from './fault-string.ts'
import { inline, versionDataOf } from './call-markup.ts'
import type { Caller } from './soap-client.ts'
import { held, NotApplicable, type Tester } from './tester.ts'

interface AccountHeld {
  readonly chain: readonly string[]
  readonly certificate: AccountCertificate
  /** @throws NotApplicable without the key of the machine */
  readonly key: () => Promise<KeyHandle>
}

interface ClientLicensorHeld {
  readonly chain: readonly string[]
  readonly certificate: ClientLicensorCertificate
  readonly key: KeyHandle
}

export interface Holdings {
  readonly url: string
  readonly tester: Tester
  /** @throws NotApplicable if the server does not certify the user */
  readonly account: () => Promise<AccountHeld>
  /** @throws NotApplicable if the server does not let the user publish */
  readonly clientLicensor: () => Promise<ClientLicensorHeld>
}

export function holdingsOf(url: string, tester: Tester, call: Caller): Holdings {
  let account: Promise<AccountHeld> | undefined
  let licensor: Promise<ClientLicensorHeld> | undefined
  const certificates = async (operation: string, parameters: object): Promise<readonly string[]> => {
    const versionData = versionDataOf(operation, {})
    const answer = await call({ operation, parameters, versionData, caller: tester.user, soap: '1.1' })
    const found = certificatesIn(answer.text)
    if (found.length > 0) return found
    throw new NotApplicable(
      `${operation} gave the tester nothing: ${faultNameIn(answer.text) ?? String(answer.status)}`,
    )
  }
  const certify = async (): Promise<AccountHeld> => {
    const machine = held(tester.machine, 'no machine certificate')
    const chain = await certificates('Certify', {
      requestParams: { MachineCertificateChain: inline(machine.chain), Persistent: true },
    })
    const certificate = parseAccountCertificate(parseXrml(chain[0] ?? ''))
    const key = async () => {
      const machineKey = held(machine.key, 'the private key of the machine is not held')
      return softwareKeyHandle(await openAccountKey(certificate, machineKey))
    }
    return { chain, certificate, key }
  }
  const license = async (): Promise<ClientLicensorHeld> => {
    account ??= certify()
    const { chain: personaCerts, key } = await account
    const chain = await certificates('GetClientLicensorCert', {
      RequestParams: { GetClientLicensorCertParams: [{ PersonaCerts: inline(personaCerts) }] },
    })
    const certificate = parseClientLicensorCertificate(parseXrml(chain[0] ?? ''))
    return { chain, certificate, key: softwareKeyHandle(await openClientLicensorKey(certificate, await key())) }
  }
  return {
    url,
    tester,
    account: () => (account ??= certify()),
    clientLicensor: () => (licensor ??= license()),
  }
}

/** Cut out with nothing of ours: whatever stands between the tags. */
export function certificatesIn(answer: string): readonly string[] {
  return [...answer.matchAll(/<XrML[ >][^]*?<\/XrML>/g)].map(([text]) => text)
}
