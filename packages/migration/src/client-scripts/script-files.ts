/** Everything that is made from one plan, as a tree of files. The same plan gives the same bytes. */
import { changeParts, inverseOperations, type ChangePart } from './client-change.ts'
import { checkScript } from './check-script.ts'
import { clientConnection } from './client-connection.ts'
import { cmdScript } from './cmd-script.ts'
import { detectionScript, remediation } from './device-management.ts'
import { dnsChanges } from './dns-zone.ts'
import { groupPolicyItems } from './group-policy.ts'
import { planWarnings, type PlanWarning } from './plan-warnings.ts'
import { powerShellScript } from './powershell-script.ts'
import { requireOneTarget } from './one-target.ts'
import { checkPlan, type CheckedPlan, type RedirectionPlan } from './redirection-plan.ts'
import { registrationFile } from './registration-file.ts'
import type { Direction } from './script-guards.ts'
import { allRedirectedUrls, type UrlVariant } from './url-variants.ts'

export interface ScriptFile {
  /** Below the output folder, with `/`. */
  readonly path: string
  readonly content: Uint8Array
}

export interface ClientScripts {
  readonly plan: CheckedPlan
  readonly variants: readonly UrlVariant[]
  readonly warnings: readonly PlanWarning[]
  readonly files: readonly ScriptFile[]
}

/**
 * Nothing is made unless the whole plan is right.
 * @throws RightsError with the codes of `checkPlan` and `requireOneTarget`
 */
export function clientScripts(redirections: RedirectionPlan): ClientScripts {
  const plan = checkPlan(redirections)
  requireOneTarget(plan)
  const variants = allRedirectedUrls(plan)
  const files = [
    { path: 'plan.json', content: json(redirections) },
    { path: 'addresses.json', content: json(variants) },
    ...changeParts(plan).flatMap((part) => [...partFiles(plan, part, 'apply'), ...partFiles(plan, part, 'undo')]),
    ...dnsChanges(plan).flatMap(({ name, records, add, remove }) => [
      { path: `dns/${name}.zone`, content: records },
      { path: `dns/${name}-add.nsupdate`, content: add },
      { path: `dns/${name}-remove.nsupdate`, content: remove },
    ]),
    { path: 'client/connection-migrate.json', content: clientConnection(plan, 'migrate') },
    { path: 'client/connection-prepare.json', content: clientConnection(plan, 'prepare') },
    { path: 'check-client.ps1', content: checkScript(plan) },
  ]
  return { plan, variants, warnings: planWarnings(plan), files }
}

function partFiles(plan: CheckedPlan, part: ChangePart, direction: Direction): readonly ScriptFile[] {
  const { change, part: name } = part
  const base = direction === 'apply' ? `${change}-${name}` : `undo-${change}-${name}`
  const operations = direction === 'apply' ? [...part.operations, ...part.stamp] : inverseOperations(part)
  return [
    { path: `${change}/${base}.cmd`, content: cmdScript(plan, part, direction) },
    { path: `${change}/${base}.ps1`, content: powerShellScript(plan, part, direction) },
    { path: `${change}/${base}.reg`, content: registrationFile(operations) },
    { path: `group-policy/${base}.xml`, content: groupPolicyItems(plan, base, operations) },
    { path: `device-management/${base}-detect.ps1`, content: detectionScript(plan, part, direction) },
    { path: `device-management/${base}.json`, content: remediation(plan, part, direction) },
  ]
}

function json(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`, 'utf8')
}
