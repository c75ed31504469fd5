/** Mail servers: their settings before and after, as they report them. */
import { licensingUrlOf } from '@sealward/protocol'
import { noneOf, notApplicable, type Check } from '../check.ts'
import type { StepContext } from '../context.ts'
import type { MailServerReport } from '../sources/collected.ts'

const noReport = 'no mail server has reported'

function checkServers(
  context: StepContext,
  isWrong: (server: MailServerReport) => boolean,
  finding: (names: string) => string,
  cure: string,
  severity: 'failed' | 'warned' = 'failed',
) {
  const servers = context.collected('mail-servers')
  if (context.plan.mail === undefined) return Promise.resolve(notApplicable('the plan has no mail'))
  if (servers.length === 0) return Promise.resolve(notApplicable(noReport))
  return Promise.resolve(
    noneOf(
      servers.filter(isWrong).map(({ server }) => server),
      finding,
      cure,
      { severity },
    ),
  )
}

function tenantLicensing({ plan }: Pick<StepContext, 'plan'>): string {
  return licensingUrlOf(plan.tenant.url)
}

const sameUrl = (a: string, b: string): boolean => a.trim().toLowerCase() === b.toLowerCase()

export const mailLocations: Check = {
  id: 'mail-locations',
  title: 'The mail servers know the addresses of the tenant and of every cluster, the tenant first',
  run: (context) => {
    const tenant = tenantLicensing(context)
    const clusters = context.plan.clusters.flatMap(({ licensingUrls }) => licensingUrls)
    return checkServers(
      context,
      ({ licensingLocations: [first = '', ...rest] }) =>
        !sameUrl(first, tenant) || !clusters.every((url) => rest.some((known) => sameUrl(known, url))),
      (names) => `addresses are missing or out of order on ${names}`,
      `Set LicensingLocation to ${tenant} followed by every address of the clusters.`,
    )
  },
}

const placeholder = /<[^>]*>|\{[^}]*\}|YourTenant|Intranet|Extranet/i

export const mailPlaceholders: Check = {
  id: 'mail-placeholders',
  title: 'No placeholder was left in the settings',
  run: (context) =>
    checkServers(
      context,
      ({ licensingLocations, redirections }) =>
        [...licensingLocations, ...redirections.flatMap(({ from, to }) => [from, to])].some((url) =>
          placeholder.test(url),
        ),
      (names) => `settings on ${names} still hold placeholders`,
      'Use the settings in the artefacts of the step, which hold the real addresses.',
    ),
}

export const mailVersionMatch: Check = {
  id: 'mail-version-match',
  title: 'The mail servers reach the tenant',
  run: (context) =>
    checkServers(
      context,
      ({ error = '' }) => error.includes('RmsVersionMismatchException'),
      (names) => `${names} report RmsVersionMismatchException`,
      'Check first that the address of the tenant can be reached from the server; the cause is not published.',
    ),
}

export const mailCertificatesDeleted: Check = {
  id: 'mail-certificates-deleted',
  title: 'Cached certificates of the mail servers were deleted',
  run: (context) =>
    checkServers(
      context,
      ({ machineCertificatesDeleted }) => !machineCertificatesDeleted,
      (names) => `the certificates of the cluster are still cached on ${names}`,
      'Delete the entries of \\ProgramData\\Microsoft\\DRM\\Server\\S-1-5-18, refresh the certificates and restart the web services.',
    ),
}

export const mailRedirections: Check = {
  id: 'mail-redirections',
  title: 'The addresses of every imported key are redirected on the mail servers',
  run: (context) => {
    const { connector, clusters, mail } = context.plan
    if (mail?.place !== 'on-premises' || connector === undefined) {
      return Promise.resolve(notApplicable('only for mail servers behind a connector'))
    }
    const wanted = clusters.flatMap(({ licensingUrls }) => licensingUrls)
    const target = licensingUrlOf(connector.url)
    return checkServers(
      context,
      ({ redirections }) =>
        !wanted.every((url) => redirections.some(({ from, to }) => sameUrl(from, url) && sameUrl(to, target))),
      (names) => `LicenseServerRedirection is incomplete on ${names}`,
      'Add one value per address of every imported trusted publishing domain; the configuration tool writes only those of the tenant.',
    )
  },
}

export const mailTested: Check = {
  id: 'mail-tested',
  title: 'The mail system passes its own test',
  run: (context) =>
    checkServers(
      context,
      ({ testResult, internalLicensingEnabled }) => testResult !== 'PASS' || !internalLicensingEnabled,
      (names) => `the test on ${names} does not end with OVERALL RESULT: PASS`,
      'Read the first failing line of Test-IRMConfiguration; templates reach the web client up to 24 hours later.',
    ),
}

export const oldDomainsRemoved: Check = {
  id: 'mail-old-domains',
  title: 'Domains that were imported into the mail system earlier were removed',
  run: (context) =>
    checkServers(
      context,
      ({ oldDomainsRemoved: removed }) => removed === false,
      (names) => `an earlier trusted publishing domain is still imported on ${names}`,
      'Remove it with Remove-RMSTrustedPublishingDomain first.',
    ),
}

export const hostedOwnKey: Check = {
  id: 'mail-own-key',
  title: 'Hosted mail can work with the key of the tenant',
  run: ({ plan }) => {
    if (plan.mail?.place !== 'hosted') return Promise.resolve(notApplicable('the plan has no hosted mail'))
    return Promise.resolve(
      noneOf(
        plan.tenant.target === 'customer-managed' ? ['the key is kept by the customer'] : [],
        (reason) =>
          `${reason}: no web and mobile display, no journal decryption, no rules and no search in the older form`,
        'Use the newer form of hosted mail (AzureRMSLicensingEnabled), or a key kept by the service.',
        { severity: 'warned' },
      ),
    )
  },
}
