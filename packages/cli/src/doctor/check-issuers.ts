/** Identity providers of the configuration: their keys can be read, and they call themselves as the configuration does. */
import { isLoopbackHost } from '@sealward/protocol'
import { productionMarks, requireIssuerKeys, type Config } from '@sealward/service'
import { RightsError } from '@sealward/xrml'
import { fine, skipped, wrong, wrongBecause, type Finding } from './finding.ts'
import { installedCheck } from './patient.ts'
import { askService } from './service-request.ts'

type Issuer = Config['authentication']['issuers'][number]

/** OpenID Connect Discovery 1.0, 4. */
const discoveryPath = '/.well-known/openid-configuration'

export const issuersCheck = installedCheck('issuers', async ({ config, folder }, { authority }) => {
  const { issuers, authorizationUrl } = config.authentication
  const url = authorizationUrl === undefined ? [] : [challengeFinding(authorizationUrl)]
  if (issuers.length === 0) return [...url, skipped('no identity provider is configured')]
  const world = {
    folder,
    clock: { now: () => new Date() },
    loopbackAllowed: productionMarks(config).length === 0,
    limits: config.limits,
  }
  const findings = await Promise.all(issuers.map((issuer) => issuerFindings(issuer, world, authority)))
  return [...url, ...findings.flat()]
})

/** Clients take challenges apart at these characters, and some of them inside of quotes. */
function challengeFinding(url: string): Finding {
  const found = `authentication.authorizationUrl: ${url}`
  return /[,="\\\p{Cc}]/u.test(url) ? wrong('configuration-invalid', found) : fine(found)
}

async function issuerFindings(
  issuer: Issuer,
  world: Parameters<typeof requireIssuerKeys>[1],
  authority: string | undefined,
): Promise<readonly Finding[]> {
  const keys = await requireIssuerKeys(issuer, world).then(
    () => fine(`${issuer.issuer}: its keys can be read`),
    (error: unknown) => wrongBecause(error, issuer.issuer),
  )
  // Whoever has a discovery document is asked for its name on the way to the keys.
  return issuer.discoveryUrl === undefined ? [keys, await nameFinding(issuer.issuer, authority)] : [keys]
}

/** Only the address in the configuration is asked, and never one to which it points (threat N1). */
async function nameFinding(configured: string, authority: string | undefined): Promise<Finding> {
  if (!configured.startsWith('https://') && !isOnThisMachine(configured)) {
    return skipped(`${configured}: not an address that can be asked`)
  }
  try {
    const { status, body } = await askService(`${configured.replace(/\/$/, '')}${discoveryPath}`, authority)
    if (status !== 200) throw new RightsError('service-answer-refused', { detail: `status ${status}` })
    const named = issuerIn(body)
    return named === configured
      ? fine(`${configured}: calls itself so`)
      : wrong('token-issuer-differs', `${configured} calls itself ${named}`)
  } catch (error) {
    return wrongBecause(error, configured)
  }
}

function issuerIn(body: string): string {
  let metadata: unknown
  try {
    metadata = JSON.parse(body)
  } catch (cause) {
    throw noMetadata(cause)
  }
  const issuer = typeof metadata === 'object' && metadata !== null && 'issuer' in metadata ? metadata.issuer : undefined
  if (typeof issuer !== 'string') throw noMetadata()
  return issuer.slice(0, 500)
}

function noMetadata(cause?: unknown): RightsError {
  return new RightsError('service-answer-refused', { detail: 'no metadata of an identity provider', cause })
}

function isOnThisMachine(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && isLoopbackHost(hostname)
}
