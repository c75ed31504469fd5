/** What a listener with TLS shows its clients, and whose certificates it believes. */
import type { ClientAuthorities } from './client-authorities.ts'

/** PEM texts. */
export interface CertificatePair {
  readonly certificate: string
  readonly key: string
}

export interface ListenerTls extends CertificatePair {
  /** Whose certificates of clients count; absent where none is asked for. */
  readonly clients?: ClientAuthorities
  /** Services that share the listener, by the name that a client connects to. */
  readonly forServerName?: (name: string) => Promise<NamedServer | undefined>
  /** Of all of them; as soon as there is one, every client is asked for a certificate. */
  readonly clientsOfServices?: readonly ClientAuthorities[]
}

/** What clients are shown who connect to a name, and whose certificates count there. */
export interface NamedServer {
  readonly pair: CertificatePair
  readonly clients: ClientAuthorities | undefined
}
