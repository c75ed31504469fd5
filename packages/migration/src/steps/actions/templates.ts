/** Templates of the tenant: published, and given the rights that stand for everybody. What they said before is kept. */
import { RightsError } from '@sealward/xrml'
import type { AdminApi, TemplateContent, TemplateSummary } from '../../admin-api.ts'
import { anyText, listOf, oneOf, record, wholeNumber } from '../../project/shape.ts'
import { actionKind } from './action-kind.ts'
import { currentTemplates } from '../template-rights.ts'

export const publishTemplate = actionKind(
  record({ id: anyText, name: anyText }),
  record({ state: oneOf('published', 'archived') }),
  {
    describe: ({ name }) => `publish the template ${name}`,
    before: async ({ tenant }, { id }) => ({ state: (await find(tenant, id)).state }),
    apply: async ({ tenant }, { id }, before, repeated) => {
      // What was read a moment ago is not read again: there may be hundreds, and each reading lists them all.
      const { state } = repeated ? await find(tenant, id) : before
      if (state === 'archived') await tenant.publishTemplate(id)
      return { id }
    },
    revert: async ({ tenant }, { id }, { state }) => {
      if (state === 'archived' && (await find(tenant, id)).state === 'published') await tenant.archiveTemplate(id)
    },
  },
)

const number = wholeNumber(0, 1_000_000)
const contentShape = record(
  {
    names: listOf(record({ lcid: number, name: anyText, description: anyText })),
    grants: listOf(record({ to: anyText, rights: listOf(anyText) })),
  },
  {
    expiry: record({}, { onDate: anyText, afterDays: number }),
    licenseValidityDays: wholeNumber(-1, 1_000_000),
    referral: anyText,
  },
)

export const grantInTemplate = actionKind(
  record({ id: anyText, name: anyText, grants: listOf(record({ to: anyText, rights: listOf(anyText) })) }),
  contentShape,
  {
    describe: ({ name, grants }) => `grant ${grants.map(({ to }) => to).join(', ')} rights in the template ${name}`,
    before: async ({ tenant }, { id }) => contentOf(await find(tenant, id)),
    apply: async ({ tenant }, { id, grants }, before) => {
      const kept = before.grants.filter(
        (known) => !grants.some((added) => added.to.toLowerCase() === known.to.toLowerCase()),
      )
      await tenant.updateTemplate(id, { ...before, grants: [...kept, ...grants] })
      return { id }
    },
    revert: async ({ tenant }, { id }, before) => {
      const current = contentOf(await find(tenant, id))
      if (JSON.stringify(current.grants) !== JSON.stringify(before.grants)) await tenant.updateTemplate(id, before)
    },
  },
)

async function find(tenant: AdminApi, id: string): Promise<TemplateSummary> {
  const found = currentTemplates(await tenant.templates(id))[0]
  if (found === undefined) throw new RightsError('template-unknown', { detail: id })
  return found
}

/** All of it, because an update replaces what it does not name. */
function contentOf(template: TemplateContent): TemplateContent {
  const { names, grants, expiry, licenseValidityDays, referral } = template
  return {
    names: names.map(({ lcid, name, description }) => ({ lcid, name, description })),
    grants: grants.map(({ to, rights }) => ({ to, rights })),
    ...(expiry === undefined ? {} : { expiry: { ...expiry } }),
    ...(licenseValidityDays === undefined ? {} : { licenseValidityDays }),
    ...(referral === undefined ? {} : { referral }),
  }
}
