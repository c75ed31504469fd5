/** The SDK's handle: one user, one service, one store on this machine. */
import { within } from '@sealward/xrml'
import { bootstrap, type ClientIdentity } from './bootstrap.ts'
import { publishingIdentityOf, type PublishingIdentity } from './client-licensor.ts'
import { openClientStore, type ClientStore } from './client-store.ts'
import { connect, type Connection, type ConnectionOptions } from './connection.ts'
import { tokenOfSignIn } from './sign-in/token-of-sign-in.ts'
import type { Trust } from './trust.ts'

/** Which protocol of the service is spoken. Only SOAP brings certificates, and with them offline work. */
export type Door = 'soap' | 'rest'

export interface ClientOptions extends ConnectionOptions {
  /** Folder for keys and licences of all users and services on this machine. */
  readonly storeDirectory: string
  /** Fingerprints of trusted root or cluster keys: lower-case hex SHA-256 of the big-endian modulus. */
  readonly anchors?: readonly string[]
  /** Without anchors: trust the root that the service shows first, and only that from then on. */
  readonly trustOnFirstUse?: boolean
  /** Default `soap`; `rest` with the token of a sign-in. */
  readonly door?: Door
  /** Use the token of `signIn` that is in the store, if there is one; `token` comes before it. */
  readonly useSignIn?: boolean
}

export interface Client extends Connection {
  readonly store: ClientStore
  readonly door: Door
  readonly trust: Trust
  /** The user's certificate and key: from the store, or from the service when they are missing or over. */
  identity(): Promise<ClientIdentity>
  /**
   * The same with a client licensor certificate, which protecting needs and not everybody gets.
   * @throws RightsError `publishing-not-onboarded`, `service-read-only`, and those of `identity`
   */
  publishingIdentity(): Promise<PublishingIdentity>
}

/**
 * ```ts
 * const client = createClient({
 *   serviceUrl: 'https://rights.lakeside.example',
 *   user: 'bob@lakeside.example',
 *   password: () => readFileSync('/run/secrets/bob'),
 *   storeDirectory: '/home/bob/.local/share/sealward',
 *   anchors: ['3f0a…'],
 * })
 * ```
 * @throws RightsError `licensing-url-invalid`, `service-url-refused`, `credentials-missing`, `client-store-refused`
 */
export function createClient(options: ClientOptions): Client {
  const connection = connect(options)
  const { storeDirectory: directory, anchors = [], trustOnFirstUse = false, useSignIn = false } = options
  const store = openClientStore({ directory, serviceUrl: connection.service.url, user: connection.user })
  const { now } = connection
  const signedIn = useSignIn && options.token === undefined ? tokenOfSignIn({ store, now }) : undefined
  const door = options.door ?? (signedIn === undefined ? 'soap' : 'rest')
  const trust: Trust = { anchors: new Set(anchors.map((each) => each.toLowerCase())), onFirstUse: trustOnFirstUse }
  const input = { connection, store, trust }
  const renewed = async (previous: Promise<ClientIdentity> | undefined): Promise<ClientIdentity> => {
    // A failure is not remembered: the next call tries again.
    const known = await previous?.catch(() => undefined)
    const current = known !== undefined && connection.now() < known.account.validity.until
    return current ? known : bootstrap(input)
  }
  let identity: Promise<ClientIdentity> | undefined
  const currentIdentity = (): Promise<ClientIdentity> => {
    identity = renewed(identity)
    return identity
  }
  const renewedPublisher = async (previous: Promise<PublishingIdentity> | undefined): Promise<PublishingIdentity> => {
    const owner = await currentIdentity()
    const known = await previous?.catch(() => undefined)
    const current = known?.account === owner.account && within(connection.now(), known.clientLicensor.issueRange)
    return current ? known : publishingIdentityOf(input, owner)
  }
  let publisher: Promise<PublishingIdentity> | undefined
  return {
    ...connection,
    token: connection.token ?? signedIn,
    store,
    door,
    trust,
    identity: currentIdentity,
    publishingIdentity() {
      publisher = renewedPublisher(publisher)
      return publisher
    },
  }
}
