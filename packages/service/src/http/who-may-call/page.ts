/** `docs/who-may-call.md`: who may call what, from the routes of running servers and the tables of their operations. */
import { operations, type OperationEffect } from '../../core/operations.ts'
import { stateNames } from '../../core/personality.ts'
import { statesServing } from '../../core/service-state.ts'
import { audiences, type Audience, type DeclaredRoute } from '../audience.ts'
import { doorOfWay } from '../dispatch.ts'
import { restResourcesTable, soapOperationsTable } from './operations-tables.ts'
import { lackingIn, routesOf, routesTable, soapAddressesTable } from './routes-tables.ts'
import { table } from './table.ts'

export interface DescribedServers {
  /** With everything that can be configured. */
  readonly service: readonly DeclaredRoute[]
  readonly licensingOnly: readonly DeclaredRoute[]
  readonly takeover: readonly DeclaredRoute[]
  /** Paths of the embedded OpenID provider, by the names of its discovery document. */
  readonly openid: Readonly<Record<string, string>>
  readonly signingIn: (door: 'soap' | 'rest' | 'own', federated: boolean) => string
}

const preface = `# Who may call what

This page is generated from the routes of a running service and from the tables of its operations; \`npm run who-may-call\`
writes it. A route or an operation that does not say whom it is for stops the start of the service, and a test asks every
one as everybody.
`

const audienceText: Readonly<Record<Audience, string>> = {
  everybody: 'Anybody; operations find out themselves who asks. Whoever signs in has to do it properly',
  people: 'Enabled accounts of the directory, or of an identity provider that is configured',
  admitted: 'Accounts and groups that `sealward admission add` named for that door',
  readers: 'Holders of either token of the administration, on the machine of the service',
  administrators: 'Holders of the administrator’s token, on the machine of the service',
}

const effectText: Readonly<Record<OperationEffect, string>> = {
  protect: 'protecting',
  'list-templates': 'listing templates',
  open: 'opening',
  recover: 'bare content keys',
  certify: 'certifying people and machines',
  describe: 'describing the service, revoking own documents',
}

const openidText: Readonly<Record<string, string>> = {
  authorization_endpoint: 'everybody; leads to the form that asks for address and password',
  device_authorization_endpoint: 'registered applications without a browser',
  jwks_uri: 'everybody; the public key of the tokens',
  revocation_endpoint: 'registered applications, for their own tokens',
  token_endpoint: 'registered applications, with a code of a person who signed in, or a refresh token',
}

/** @throws TypeError for an address of the OpenID provider that nobody has described */
export function whoMayCallPage(servers: DescribedServers): string {
  const { service, licensingOnly, takeover, signingIn } = servers
  return [
    preface,
    section('Audiences', audiencesTable()),
    section('States', statesIntroduction, statesTable()),
    section(
      'SOAP: addresses',
      soapIntroduction,
      soapAddressesTable(service, (federated) => signingIn('soap', federated)),
    ),
    section('SOAP: operations', operationsIntroduction, soapOperationsTable()),
    section(
      'REST',
      `People sign in with: ${signingIn('rest', false)}. Version 1 answers like version 2.\n`,
      restResourcesTable(),
    ),
    section('Our own addresses', `People sign in with: ${signingIn('own', false)}.\n`, routesTable(service, 'own')),
    section('Administration', adminIntroduction, routesTable(service, 'admin')),
    section('Signing in with the embedded provider', openidIntroduction, openidTable(servers)),
    section('A cluster that only licenses', 'It has no such addresses:\n', listOf(lackingIn(service, licensingOnly))),
    section('The listener for former names', takeoverText(service, takeover)),
    section('Several services on one listener', installationIntroduction, waysTable()),
  ].join('')
}

const statesIntroduction = `What is answered in which state; everything else is refused with the code that
[errors](errors.md) explains. A read-only cluster refuses protecting and listing templates to those whom the setting names,
onboarding of a tenant to everybody but the members of its group.
`
const soapIntroduction = `Calls of the operations below; paths are compared without case. Other methods are refused
(\`method-not-allowed\`). Addresses of licensing and publishing are for *people* where \`licensingNeedsCaller\` is set.
Windows accounts (Negotiate, NTLM) sign in at the SOAP addresses of the directory’s people where they are configured.
`
const operationsIntroduction = `Whatever the audience of an address is, an operation is carried out for these only. Federated
people get Certify, FindServiceLocationsForUser and AcquireIssuanceLicense at the addresses for them, and no others.
`
const adminIntroduction = `From the machine of the service only, with a token in \`Authorization: Bearer\`; what each does is in
[the reference](admin-api.md).
`
const openidIntroduction = `Only where \`authentication.embeddedProvider\` is configured, which is refused to a service that
others can reach. The provider checks who asks.
`
const installationIntroduction = `Each service has the routes of this page. Which service answers, and at which of its doors:
`

function section(title: string, ...parts: readonly string[]): string {
  return `\n## ${title}\n${parts.map((part) => (part.startsWith('\n') ? part : `\n${part}`)).join('')}`
}

function audiencesTable(): string {
  const rows = (Object.keys(audiences) as readonly Audience[]).map((name) => [`*${name}*`, audienceText[name]])
  return table(['Audience', 'Who that is'], rows)
}

function statesTable(): string {
  const names = Object.keys(operations) as readonly (keyof typeof operations)[]
  const rows = (Object.keys(effectText) as readonly OperationEffect[]).map((effect) => {
    const one = names.find((name) => operations[name].effect === effect)
    const serving = one === undefined ? [] : statesServing(one)
    return [effectText[effect], ...stateNames.map((state) => (serving.includes(state) ? 'yes' : 'no'))]
  })
  return table(['', ...stateNames], rows)
}

function openidTable({ openid, service }: DescribedServers): string {
  const root = routesOf(service, 'openid')[0]?.url.replace('/*', '') ?? ''
  const named = Object.entries(openid).map(([name, path]) => {
    const who = openidText[name]
    if (who === undefined) throw new TypeError(`the OpenID address ${name} does not say whom it is for`)
    return [`\`${path}\``, who]
  })
  // What the discovery document does not name.
  const more = [
    [`\`${root}/.well-known/openid-configuration\``, 'everybody'],
    [`\`${root}/device\``, 'everybody who has the code that a device shows'],
    [`\`${root}/interaction/*\``, 'whoever began to sign in, with the cookie of that'],
  ]
  return table(['Address', 'Who'], [...named, ...more])
}

function takeoverText(service: readonly DeclaredRoute[], takeover: readonly DeclaredRoute[]): string {
  const more = lackingIn(takeover, service)
  const other = takeover.filter(({ url }) => !routesOf(service, 'soap').some((route) => route.url === url))
  if (more.length > 0 || other.length > 0) throw new TypeError('the takeover listener has routes of its own')
  return `Plain HTTP for the host names of former services: the SOAP addresses above, with the same audiences, and nothing
else. Passwords and tokens are refused there (\`plain-http-refused\`), so only what everybody and account certificates may
have is answered.
`
}

function waysTable(): string {
  const rows = [
    ['a host name of a service', 'that service', 'all'],
    ['a name of `discoveryNames`', 'that of the address or token in the request', `${doorOfWay.discovery} alone`],
    ['a loopback address, from this machine', 'that whose token it is', `${doorOfWay.administration} alone`],
    ['any other name', 'none', 'none, but `/healthz`'],
  ]
  return table(['The request names', 'Service', 'Doors'], rows)
}

function listOf(paths: readonly string[]): string {
  return `\n${paths.map((path) => `- \`${path}\`\n`).join('')}`
}
