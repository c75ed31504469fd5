/** Under which names the service answers, and which name newly protected content carries. */
import { RightsError } from '@sealward/xrml'
import { canonicalFormerSite } from '../core/former-sites.ts'
import { change, type AdministrationContext } from './change.ts'
import { requireFreeHostNames } from './neighbours.ts'

/**
 * Replaces the names and web sites of former services for which this one answers.
 * @throws RightsError `host-name-refused`, `host-name-claimed` by another tenant
 */
export async function setHostNames(
  context: AdministrationContext,
  input: { readonly hostNames: readonly string[] },
): Promise<readonly string[]> {
  const hostNames = [...new Set(input.hostNames.map(canonicalFormerSite))].sort()
  requireFreeHostNames((await context.neighbours?.()) ?? [], hostNames)
  return change(context, 'set-host-names', async (repositories) => {
    requireFreeHostNames(await repositories.neighbours(), hostNames)
    await repositories.settings.put('hostNames', hostNames, context.clock.now())
    return { result: hostNames, record: { hostNames } }
  })
}

/**
 * The host, or the web site with its base path, that newly protected content names, for the way out: it is opened there although this service protected it.
 * @param input.host undefined to name this service again
 * @throws RightsError `host-name-refused`, `migration-url-set` unless forced
 */
export async function setMigrationHost(
  context: AdministrationContext,
  input: { readonly host: string | undefined; readonly force?: boolean | undefined },
): Promise<string | undefined> {
  const host = input.host === undefined ? undefined : canonicalFormerSite(input.host)
  return change(context, 'set-migration-url', async (repositories) => {
    const { migrationHost: before } = await repositories.settings.read()
    if (host !== undefined && before !== undefined && before !== host && input.force !== true) {
      throw new RightsError('migration-url-set', { detail: before })
    }
    await repositories.settings.put('migrationHost', host, context.clock.now())
    return { result: host, record: { host: host ?? null } }
  })
}
