/** Certificates of clients: their authorities can be read and last, and every entry has an account in the directory. */
import { X509Certificate } from 'node:crypto'
import { openDirectory, originOf, readClientTrust, type Config, type Directory } from '@sealward/service'
import { fine, skipped, wrong, wrongBecause, type Finding } from './finding.ts'
import { installedCheck, type Installed } from './patient.ts'

type Settings = NonNullable<Config['authentication']['clientCertificates']>

const soon = 30 * 86_400_000

export const clientCertificatesCheck = installedCheck('client-certificates', async (installed, { now }) => {
  const { clientCertificates: settings } = installed.config.authentication
  if (settings === undefined) return [skipped('no certificates of clients are believed')]
  return [...authorityFindings(settings, installed.folder, now()), ...(await accountFindings(settings, installed))]
})

function authorityFindings(settings: Settings, folder: string, now: Date): readonly Finding[] {
  try {
    return readClientTrust(settings, folder).authorities.map((text) => {
      const { subject, validFromDate: from, validToDate: until } = new X509Certificate(text)
      const found = `${settings.authoritiesFile}: ${subject.replaceAll('\n', ', ')} until ${until.toISOString()}`
      const lasts = from <= now && until.getTime() - now.getTime() >= soon
      return lasts ? fine(found) : wrong('client-authority-ends', found)
    })
  } catch (error) {
    return [wrongBecause(error, settings.authoritiesFile)]
  }
}

async function accountFindings(
  { accounts }: Settings,
  { config, folder }: Pick<Installed, 'config' | 'folder'>,
): Promise<readonly Finding[]> {
  const clock = { now: () => new Date() }
  const addresses = [...new Set(accounts.map(({ account }) => account))]
  try {
    const settings = originOf(config.directory)
    const directory = await openDirectory({ settings, folder, clock, report: () => undefined })
    try {
      const findings: Finding[] = []
      for (const address of addresses) findings.push(...(await accountFinding(directory, address)))
      return findings.length > 0
        ? findings
        : [fine(`${addresses.length} accounts of certificates are in the directory`)]
    } finally {
      await directory.close()
    }
  } catch (error) {
    return [wrongBecause(error, 'the accounts of certificates')]
  }
}

/** Nothing where all is well. */
async function accountFinding(
  directory: Pick<Directory, 'findByAddress'>,
  address: string,
): Promise<readonly Finding[]> {
  const found = `authentication.clientCertificates: ${address}`
  const user = await directory.findByAddress(address)
  if (user === undefined) return [wrong('user-not-in-directory', found)]
  return user.disabled ? [wrong('user-disabled', found)] : []
}
