/** Who may do what, as the options of `protect` say it. */
import type { Command } from 'commander'
import { listTemplates, type AdHocPolicy, type Client, type ProtectionPolicy } from '@sealward/client'
import { canonicalGuid, knownRights, RightsError, roleRights } from '@sealward/xrml'
import { collect } from '../../terminal/command.ts'

export interface PolicyOptions {
  readonly template?: string
  readonly grant?: readonly string[]
  readonly expires?: string
  readonly offlineDays?: string
}

export function policyOptions(command: Command): Command {
  return command
    .option('--template <name>', 'rights policy template, by name or identifier')
    .option('--grant <address=rights>', 'rights for an address, or ANYONE; rights or roles, with commas', collect)
    .option('--expires <time>', 'when the document closes, for example 2031-12-31 or 2031-12-31T12:00Z')
    .option('--offline-days <days>', 'how long a licence may be kept; 0 asks the service at every opening')
}

/** @throws RightsError `option-invalid`, `template-unknown` and those of the service */
export async function policyFor(client: Client, options: PolicyOptions): Promise<ProtectionPolicy> {
  const { template, grant, expires, offlineDays } = options
  if ((template === undefined) === (grant === undefined)) throw invalid('either --template or --grant')
  if (template !== undefined) {
    if (expires !== undefined || offlineDays !== undefined) throw invalid('the template decides about time')
    return { templateId: await templateIdOf(client, template) }
  }
  return adHocPolicy({ ...options, grant: grant ?? [] })
}

function adHocPolicy({ grant, expires, offlineDays }: PolicyOptions & { grant: readonly string[] }): AdHocPolicy {
  return {
    grants: grant.map(parseGrant),
    ...(expires === undefined ? {} : { expiresAt: parseTime(expires) }),
    ...(offlineDays === undefined ? {} : { offlineDays: parseDays(offlineDays) }),
  }
}

/** `bob@lakeside.example=VIEW,PRINT` or `board@lakeside.example=reviewer`. @throws RightsError `option-invalid` */
export function parseGrant(text: string): { readonly to: string; readonly rights: readonly string[] } {
  const at = text.lastIndexOf('=')
  const to = text.slice(0, Math.max(at, 0)).trim()
  const names = text
    .slice(at + 1)
    .split(',')
    .map((name) => name.trim().toUpperCase())
  if (to === '' || names.includes('')) throw invalid(`--grant ${text}: write ADDRESS=RIGHT,RIGHT`)
  const rights = names.flatMap((name) => {
    const role = roleRights[name.replaceAll('-', '')]
    if (role !== undefined) return role
    if ((knownRights as readonly string[]).includes(name)) return [name]
    const roles = Object.keys(roleRights).join(', ')
    throw invalid(`--grant ${text}: rights are ${knownRights.join(', ')}; roles are ${roles}`)
  })
  return { to, rights: [...new Set(rights)] }
}

async function templateIdOf(client: Client, wanted: string): Promise<string> {
  const name = wanted.trim().toLowerCase()
  const templates = await listTemplates(client)
  const found = templates.filter(
    (template) => canonicalGuid(template.id) === canonicalGuid(wanted) || template.name.toLowerCase() === name,
  )
  const [only] = found
  if (only === undefined) throw new RightsError('template-unknown', { detail: wanted })
  if (found.length > 1) throw invalid(`--template ${wanted}: several have this name; give the identifier`)
  return only.id
}

const timeForm = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z)?$/

function parseTime(text: string): Date {
  const time = new Date(text)
  if (!timeForm.test(text) || Number.isNaN(time.getTime())) throw invalid(`--expires ${text}: write 2031-12-31`)
  return time
}

function parseDays(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw invalid(`--offline-days ${text}: a number of days`)
  return Number(text)
}

function invalid(detail: string): RightsError {
  return new RightsError('option-invalid', { detail })
}
