/** Rights policy templates. */
import { canonicalGuid, noTimes, type TimeConditions } from '@sealward/xrml'
import {
  archiveTemplate,
  createTemplate,
  deleteTemplate,
  editTemplate,
  listTemplates,
  publishTemplate,
  type ListedTemplate,
  type TemplateContent,
} from '../../../administration/templates.ts'
import { setTemplateRevocation } from '../../../administration/template-revocation.ts'
import { setTemplateScope } from '../../../administration/template-scope.ts'
import type { AdminHandlers } from '../handler.ts'
import type { AdminInput } from '../operation.ts'
import type { templateOperations } from '../operations/templates.ts'

type Content = AdminInput<typeof templateOperations.editTemplate>['body']

const day = 86_400_000

export const templateHandlers: AdminHandlers<typeof templateOperations> = {
  async setTemplateRevocation({ administration }, { parameters, body }) {
    await setTemplateRevocation(administration, { ...parameters, demanded: body ?? undefined })
    return parameters
  },
  async setTemplateScope({ administration }, { parameters, body }) {
    await setTemplateScope(administration, { ...parameters, ...body })
    return parameters
  },
  async listTemplates({ administration }, { query: { id } }) {
    const named = id === undefined ? undefined : canonicalGuid(id)
    return (await listTemplates(administration))
      .filter((template) => named === undefined || canonicalGuid(template.id) === named)
      .map(templateAnswer)
  },
  async publishTemplate({ administration }, { parameters }) {
    await publishTemplate(administration, parameters)
    return parameters
  },
  async archiveTemplate({ administration }, { parameters }) {
    await archiveTemplate(administration, parameters)
    return parameters
  },
  async editTemplate({ administration }, { parameters, body }) {
    await editTemplate(administration, { ...parameters, ...contentOf(body) })
    return parameters
  },
  createTemplate: ({ administration }, { body }) =>
    createTemplate(administration, {
      ...contentOf(body),
      ...(body.state === undefined ? {} : { state: body.state }),
      ...(body.scope === undefined ? {} : { scope: body.scope }),
    }),
  deleteTemplate: ({ administration }, { parameters, body }) =>
    deleteTemplate(administration, { ...parameters, force: body.force }),
}

function contentOf({ names, grants, expiry, licenseValidityDays: days, referral }: Content): TemplateContent {
  return {
    names,
    grants,
    ...(expiry === undefined ? {} : { expiry: timesOf(expiry) }),
    ...(days === 0 ? { noOfflineUse: true } : {}),
    ...(days === undefined || days <= 0 ? {} : { licenseValidity: days * day }),
    ...(referral === undefined ? {} : { referral }),
  }
}

function timesOf({ onDate, afterDays }: NonNullable<Content['expiry']>): TimeConditions {
  return {
    ranges: onDate === undefined ? noTimes.ranges : [{ from: new Date(0), until: new Date(onDate) }],
    intervals: afterDays === undefined ? noTimes.intervals : [afterDays * day],
  }
}

function templateAnswer(template: ListedTemplate) {
  const { licenseValidity } = template
  const { ranges, intervals } = template.expiry
  const onDate = ranges.map(({ until }) => until.toISOString()).sort()[0]
  const afterDays = intervals.length === 0 ? undefined : Math.ceil(Math.min(...intervals) / day)
  const expires = onDate !== undefined || afterDays !== undefined
  return {
    id: template.id,
    origin: template.origin,
    state: template.state,
    names: template.names.map(({ lcid, name, description }) => ({ lcid, name, description })),
    grants: template.grants.map(({ to, rights }) => ({ to, rights: [...rights] })),
    ...(expires
      ? { expiry: { ...(onDate === undefined ? {} : { onDate }), ...(afterDays === undefined ? {} : { afterDays }) } }
      : {}),
    ...(licenseValidity === undefined ? {} : { licenseValidityDays: Math.ceil(licenseValidity / day) }),
    ...(template.referral === undefined ? {} : { referral: template.referral }),
    ...(template.refresh === undefined ? {} : { refreshDays: template.refresh / day }),
    ...(template.scope.length === 0 ? {} : { scope: [...template.scope] }),
    issuedAt: template.issuedAt.toISOString(),
    hash: template.hash,
  }
}
