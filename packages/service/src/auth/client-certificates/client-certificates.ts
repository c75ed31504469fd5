/**
 * Sign-in with the certificate of a connection (RFC 8446, 4.4.2): servers that have one of the organisation's own authority.
 * It counts if the TLS stack has accepted it with the authorities of this service, as they are now, and an entry of the
 * configuration says which account of the directory it stands for. What headers say of certificates is not looked at.
 */
import type { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { RightsError } from '@sealward/xrml'
import type { Caller, Clock, Directory } from '../../core/ports.ts'
import type { ClientAuthorities } from '../../tls/client-authorities.ts'
import { presentedOn, type PresentedCertificate } from '../../tls/presented-certificate.ts'
import { fingerprintOf, namedAccounts } from './named-accounts.ts'
import { distinguishedName } from './names.ts'
import { unmetRequirement } from './requirements.ts'
import type { CertificateEntry } from './settings.ts'

export interface CertificateAuthentication {
  /**
   * Whom the certificate of a connection stands for; nobody if the client has shown none.
   * @throws RightsError `client-certificate-refused`, `directory-unavailable`
   */
  callerOf(connection: Socket): Promise<Caller | undefined>
  /** Whether the certificate was verified with authorities or lists that do not count any more. */
  isOutdated(connection: Socket): boolean
}

export function createCertificateAuthentication(world: {
  readonly directory: Pick<Directory, 'findByAddress'>
  readonly clock: Clock
  readonly authorities: Pick<ClientAuthorities, 'current'>
  readonly entries: readonly CertificateEntry[]
}): CertificateAuthentication {
  const { directory, clock, authorities, entries } = world
  const found = new WeakMap<PresentedCertificate, Found>()

  /** Once for each connection. */
  function accountOf(presented: PresentedCertificate): string {
    const known = found.get(presented) ?? find(presented, entries)
    found.set(presented, known)
    if ('reason' in known) throw refused(known.reason, presented.certificate)
    return known.account
  }

  return {
    async callerOf(connection) {
      const presented = presentedOn(connection)
      if (presented === undefined) return undefined
      const { certificate, trust } = presented
      // The same object, not the same content: another service may have the same authorities.
      if (trust !== authorities.current()) throw refused('verified for another service or another time', certificate)
      const account = accountOf(presented)
      const now = clock.now()
      if (now < certificate.validFromDate || certificate.validToDate < now) throw refused('not valid now', certificate)
      const user = await directory.findByAddress(account)
      if (user === undefined) throw refused(`${account} is not in the directory`, certificate)
      if (user.disabled) throw refused(`${account} is disabled`, certificate)
      return { user, authentication: 'certificate' }
    },
    isOutdated(connection) {
      const presented = presentedOn(connection)
      return presented !== undefined && presented.trust !== authorities.current()
    },
  }
}

type Found = { readonly account: string } | { readonly reason: string }

function find({ certificate, failure }: PresentedCertificate, entries: readonly CertificateEntry[]): Found {
  const reason = failure ?? unmetRequirement(certificate)
  if (reason !== undefined) return { reason }
  const [account, another] = namedAccounts(entries, certificate)
  if (account === undefined) return { reason: 'no entry names it' }
  return another === undefined ? { account } : { reason: 'entries name several accounts' }
}

/** The log says how an administrator finds the certificate. */
function refused(reason: string, certificate: X509Certificate): RightsError {
  const name = distinguishedName(certificate.subject).slice(0, 200)
  return new RightsError('client-certificate-refused', { detail: `${reason}: ${name} ${fingerprintOf(certificate)}` })
}
