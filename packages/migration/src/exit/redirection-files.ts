/** The files that lead clients from the tenant to the cluster that takes over: the scripts of the migration, turned round. */
import { clientScripts, type ScriptFile } from '../client-scripts/script-files.ts'

export interface ExitRedirection {
  /** The cluster that takes over, for example `https://rms.lakeside.example`. */
  readonly clusterUrl: string
  /** Addresses that licences of the tenant carry. */
  readonly tenantUrls: readonly string[]
  /** YYYYMMDD; scripts run again only when it is raised. */
  readonly version: string
  /** Roots that our own client shall trust. */
  readonly anchors?: readonly string[]
}

/** @throws RightsError with the codes of the redirection plan */
export function exitRedirectionFiles({
  clusterUrl,
  tenantUrls,
  version,
  anchors,
}: ExitRedirection): readonly ScriptFile[] {
  return clientScripts({
    tenantUrl: clusterUrl,
    clusterUrls: tenantUrls.map((url) => ({ url, source: 'licence' })),
    batch: 'exit',
    version,
    ...(anchors === undefined ? {} : { anchors }),
  }).files
}
