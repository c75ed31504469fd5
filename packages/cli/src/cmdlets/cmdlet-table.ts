/** Every cmdlet of the two modules for tenants, and those of the cluster that a migration needs, by all their names. */
import type { Cmdlet } from './cmdlet.ts'
import { clusterCmdlets } from './families/cluster.ts'
import { connectionCmdlets } from './families/connection.ts'
import { devicePlatformCmdlets } from './families/device-platforms.ts'
import { keyCmdlets } from './families/keys.ts'
import { logCmdlets } from './families/logs.ts'
import { unavailableCmdlets } from './families/not-available.ts'
import { policyCmdlets } from './families/policies.ts'
import { retiredCmdlets } from './families/retired.ts'
import { revocationCmdlets } from './families/revocation.ts'
import { serviceStateCmdlets } from './families/service-state.ts'
import { superUserCmdlets } from './families/super-users.ts'
import { templateCmdlets } from './families/templates.ts'
import { trustCmdlets } from './families/trusts.ts'

export const cmdlets: readonly Cmdlet[] = [
  ...connectionCmdlets,
  ...serviceStateCmdlets,
  ...keyCmdlets,
  ...templateCmdlets,
  ...policyCmdlets,
  ...devicePlatformCmdlets,
  ...superUserCmdlets,
  ...revocationCmdlets,
  ...logCmdlets,
  ...clusterCmdlets,
  ...trustCmdlets,
  ...retiredCmdlets,
  ...unavailableCmdlets,
]

const byName = new Map(cmdlets.flatMap((cmdlet) => cmdlet.names.map((name) => [name.toLowerCase(), cmdlet] as const)))

/** As PowerShell does it, without regard to case. */
export function findCmdlet(name: string): { readonly name: string; readonly cmdlet: Cmdlet } | undefined {
  const cmdlet = byName.get(name.toLowerCase())
  const spelled = cmdlet?.names.find((each) => each.toLowerCase() === name.toLowerCase())
  return cmdlet === undefined || spelled === undefined ? undefined : { name: spelled, cmdlet }
}
