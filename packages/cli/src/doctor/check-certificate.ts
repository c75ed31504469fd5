/** The TLS certificate that clients are shown at each address: its name, its validity, and whether this machine trusts it. */
import { checkServerIdentity, connect, type ConnectionOptions, type PeerCertificate } from 'node:tls'
import { isIP } from 'node:net'
import { fine, skipped, wrong, wrongBecause, type Finding } from './finding.ts'
import type { Check } from './patient.ts'
import { RightsError } from '@sealward/xrml'
import { answerTimeout, authorityOptions } from './service-request.ts'

interface Shown {
  readonly certificate: PeerCertificate
  /** Why it is not trusted, as OpenSSL names it. */
  readonly distrusted: string | undefined
}

const soon = 14 * 86_400_000

export const certificateCheck: Check = {
  name: 'certificate',
  async run({ urls, authority, now }) {
    const secure = urls.filter((url) => url.startsWith('https:'))
    if (secure.length === 0) return [skipped('no address of the service is encrypted')]
    const findings = await Promise.all(secure.map((url) => certificateFindings(url, authority, now())))
    return findings.flat()
  },
}

async function certificateFindings(url: string, authority: string | undefined, now: Date): Promise<readonly Finding[]> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  try {
    const { certificate, distrusted } = await shownAt(url, host, authority)
    const [from, until] = [new Date(certificate.valid_from), new Date(certificate.valid_to)]
    const name = checkServerIdentity(host, certificate)
    const problems = [
      ...(name === undefined ? [] : [wrong('listener-certificate-name', `${url}: ${name.message.slice(0, 200)}`)]),
      ...(from <= now && now < until
        ? []
        : [wrong('listener-certificate-expired', `${url}: from ${from.toISOString()} until ${until.toISOString()}`)]),
      ...(distrusted === undefined ? [] : [wrong('listener-certificate-untrusted', `${url}: ${distrusted}`)]),
    ]
    const ends = until.getTime() - now.getTime() < soon ? ', which is soon' : ''
    return problems.length > 0 ? problems : [fine(`${url}: trusted until ${until.toISOString()}${ends}`)]
  } catch (error) {
    return [wrongBecause(error, url)]
  }
}

function shownAt(url: string, host: string, authority: string | undefined): Promise<Shown> {
  const options: ConnectionOptions = {
    host,
    port: Number(new URL(url).port || 443),
    // Nothing is sent: only what is shown counts, also when it is wrong.
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...authorityOptions(authority),
  }
  return new Promise((settle, reject) => {
    const refuse = (detail: string, cause?: unknown): void =>
      reject(new RightsError('service-unreachable', { detail, cause }))
    const socket = connect(options, () => {
      const failure: unknown = socket.authorizationError
      // The name is compared by itself, and the time too.
      const known = ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']
      const code =
        failure instanceof Error ? ('code' in failure ? String(failure.code) : failure.message) : String(failure)
      const distrusted = socket.authorized || known.includes(code) ? undefined : code
      settle({ certificate: socket.getPeerCertificate(), distrusted })
      socket.destroy()
    })
    socket.setTimeout(answerTimeout, () => {
      refuse('no answer in time')
      socket.destroy()
    })
    socket.on('error', (cause: Error) => refuse(cause.message.slice(0, 200), cause))
  })
}
