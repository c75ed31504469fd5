/** Rights policy templates of the tenant, and the definitions of rights that they are made of. */
import { canonicalGuid, RightsError } from '@sealward/xrml'
import { parseGrant } from '../../commands/content/policy-options.ts'
import type { Administration, AdminCall, AdminResult } from '../../connection/administration.ts'
import { bothFamilies, defineCmdlet, type Cmdlet } from '../cmdlet.ts'
import type { Parameters, ValuesOf } from '../parameters.ts'
import type { Row } from '../shown.ts'

type Template = AdminResult<'listTemplates'>[number]
type Content = AdminCall<'editTemplate'>['body']

/** The group of everybody in a mail domain, as the tenants of the cloud service name it. */
const everybodyIn = (domain: string): string => `AllStaff-7184AB3F-CCD1-46F3-8233-3E09E9CF0E66@${domain}`

const noLegacy = 'clients sign in before they list templates, so that each sees what is offered to its user'

const contentParameters = {
  Names: { kind: 'items', says: 'LCID=NAME for each language' },
  Descriptions: { kind: 'items', says: 'LCID=TEXT for each language' },
  RightsDefinitions: { kind: 'items', says: 'ADDRESS=RIGHT,RIGHT for each person or group' },
  ContentExpirationOption: { kind: 'text', values: ['Never', 'OnDate', 'AfterDays'], says: 'when content expires' },
  ContentExpirationDate: { kind: 'time', says: 'the day for OnDate' },
  ContentValidityDuration: { kind: 'number', says: 'the days for AfterDays' },
  LicenseValidityDuration: { kind: 'number', says: 'days that a use licence lives; 0 asks every time, -1 for ever' },
  Status: { kind: 'text', values: ['Published', 'Archived'], says: 'whether the template is offered' },
  ScopedIdentities: { kind: 'list', says: "people and groups to whom it is offered; '' for everybody" },
  EnableInLegacyApps: { kind: 'unsupported', says: noLegacy },
} as const satisfies Parameters

type ContentValues = ValuesOf<typeof contentParameters>

const templateId = { kind: 'text', required: true, says: 'identifier of the template' } as const

export const templateCmdlets: readonly Cmdlet[] = [
  defineCmdlet({
    names: bothFamilies('Get', 'Template'),
    synopsis: 'List the templates, or show one',
    parameters: { TemplateId: { kind: 'text', says: 'identifier of one template' } },
    examples: ['', '-TemplateId 7c1e6a0c-5f0e-4a5c-9a57-0d9a3f5b2a11'],
    run: async ({ TemplateId }, { administration }): Promise<readonly Row[]> => {
      const port = await administration()
      const templates =
        TemplateId === undefined
          ? await port.call('listTemplates', { query: {} })
          : [await findTemplate(port, TemplateId)]
      return templates.map((template) => ({
        TemplateId: canonicalGuid(template.id),
        Name: template.names[0]?.name,
        Description: template.names[0]?.description,
        Status: statusOf(template),
      }))
    },
  }),
  defineCmdlet({
    names: bothFamilies('Get', 'TemplateProperty'),
    synopsis: 'Show the properties of a template that are asked for',
    parameters: {
      TemplateId: templateId,
      Names: { kind: 'switch', says: 'the names' },
      Descriptions: { kind: 'switch', says: 'the descriptions' },
      RightsDefinitions: { kind: 'switch', says: 'who has which rights' },
      ContentExpirationOption: { kind: 'switch', says: 'when content expires' },
      ContentExpirationDate: { kind: 'switch', says: 'the day on which content expires' },
      ContentValidityDuration: { kind: 'switch', says: 'the days after which content expires' },
      LicenseValidityDuration: { kind: 'switch', says: 'the days that a use licence lives' },
      Status: { kind: 'switch', says: 'whether the template is offered' },
      ReadOnly: { kind: 'switch', says: 'whether it can be changed' },
      ScopedIdentities: { kind: 'switch', says: 'to whom it is offered; nobody named is everybody' },
      EnableInLegacyApps: { kind: 'unsupported', says: noLegacy },
    },
    examples: [
      '-TemplateId 7c1e6a0c-5f0e-4a5c-9a57-0d9a3f5b2a11 -Names -RightsDefinitions',
      '-TemplateId 7c1e6a0c-5f0e-4a5c-9a57-0d9a3f5b2a11 -Status -Json',
    ],
    run: async ({ TemplateId, ...asked }, { administration }): Promise<Row> => {
      const properties = propertiesOf(await findTemplate(await administration(), TemplateId))
      const wanted = new Set(Object.entries(asked).flatMap(([name, isAsked]) => (isAsked === true ? [name] : [])))
      return Object.fromEntries(
        Object.entries(properties).filter(([name]) => name === 'TemplateId' || wanted.has(name)),
      )
    },
  }),
  defineCmdlet({
    names: bothFamilies('Set', 'TemplateProperty'),
    synopsis: 'Replace properties of a template; those that are not given stay',
    changes: true,
    parameters: { TemplateId: templateId, ...contentParameters },
    examples: [
      '-TemplateId 7c1e6a0c-5f0e-4a5c-9a57-0d9a3f5b2a11 -Status Published',
      '-TemplateId 7c1e6a0c-5f0e-4a5c-9a57-0d9a3f5b2a11 -RightsDefinitions board@lakeside.example=VIEW,EDIT -Force',
    ],
    run: async ({ TemplateId, ...values }, context): Promise<Row | undefined> => {
      const administration = await context.administration()
      const template = await findTemplate(administration, TemplateId)
      const { Status, ScopedIdentities, ...content } = values
      const scope = scopeOf(ScopedIdentities)
      const changed = Object.keys(content)
      const steps = [
        ...(changed.length === 0 ? [] : [`replace ${changed.join(', ')} of ${nameOf(template)}`]),
        ...(scope === undefined ? [] : [`${nameOf(template)} is offered to ${scope.join(', ') || 'everybody'}`]),
        ...(Status === undefined ? [] : [`${nameOf(template)} is ${Status.toLowerCase()}`]),
      ]
      if (steps.length === 0) throw new RightsError('usage-invalid', { detail: 'no property is given' })
      if (!(await context.agreed(steps))) return undefined
      if (changed.length > 0) {
        const body = contentOf(template, content)
        await administration.call('editTemplate', { parameters: { id: template.id }, body })
      }
      // Before it is published: nobody else shall see it in between.
      if (scope !== undefined) {
        await administration.call('setTemplateScope', { parameters: { id: template.id }, body: { scope } })
      }
      if (Status !== undefined) {
        const operation = Status === 'Published' ? 'publishTemplate' : 'archiveTemplate'
        await administration.call(operation, { parameters: { id: template.id } })
      }
      return propertiesOf(await findTemplate(administration, template.id))
    },
  }),
  defineCmdlet({
    names: bothFamilies('Add', 'Template'),
    synopsis: 'Make a new template; archived unless told otherwise',
    changes: true,
    parameters: {
      ...contentParameters,
      Names: { ...contentParameters.Names, required: true },
      Descriptions: { ...contentParameters.Descriptions, required: true },
      RightsDefinitions: { ...contentParameters.RightsDefinitions, required: true },
    },
    examples: [
      "-Names '1033=Board only' -Descriptions '1033=For the board' -RightsDefinitions board@lakeside.example=VIEW -Status Published",
      "-Names '1033=Plans' '1031=Pläne' -Descriptions '1033=Plans' '1031=Pläne' -RightsDefinitions staff@lakeside.example=VIEW,EDIT -Force",
    ],
    run: async (values, context): Promise<Row | undefined> => {
      const administration = await context.administration()
      const content = contentOf(undefined, values)
      if (!(await context.agreed([`make the template ${content.names[0]?.name ?? ''}`]))) return undefined
      const state = values.Status === 'Published' ? 'published' : 'archived'
      const scope = scopeOf(values.ScopedIdentities)
      const body = { ...content, state, ...(scope === undefined ? {} : { scope }) } as const
      const { id } = await administration.call('createTemplate', { body })
      return propertiesOf(await findTemplate(administration, id))
    },
  }),
  defineCmdlet({
    names: bothFamilies('Remove', 'Template'),
    synopsis: 'Remove a template; content made with it falls back to the policy that it carries',
    changes: true,
    parameters: { TemplateId: templateId },
    examples: [
      '-TemplateId 7c1e6a0c-5f0e-4a5c-9a57-0d9a3f5b2a11',
      '-TemplateId 7c1e6a0c-5f0e-4a5c-9a57-0d9a3f5b2a11 -WhatIf',
    ],
    run: async ({ TemplateId }, context) => {
      const administration = await context.administration()
      const template = await findTemplate(administration, TemplateId)
      const steps = [`remove ${nameOf(template)}: content made with it may open for fewer people, or for nobody`]
      if (!(await context.agreed(steps))) return undefined
      const { force } = context
      await administration.call('deleteTemplate', { parameters: { id: template.id }, body: force ? { force } : {} })
      return `The template ${nameOf(template)} was removed.`
    },
  }),
  defineCmdlet({
    names: bothFamilies('New', 'RightsDefinition'),
    synopsis: 'Write the rights of one person, group or domain for -RightsDefinitions',
    parameters: {
      EmailAddress: { kind: 'text', says: 'person or group' },
      DomainName: { kind: 'text', says: 'everybody of the organisation with this mail domain' },
      Rights: { kind: 'list', required: true, says: 'rights or roles' },
    },
    examples: ['-EmailAddress board@lakeside.example -Rights VIEW,EDIT', '-DomainName lakeside.example -Rights viewer'],
    run: async ({ EmailAddress, DomainName, Rights }) => {
      if ((EmailAddress === undefined) === (DomainName === undefined)) {
        throw new RightsError('usage-invalid', { detail: 'either -EmailAddress or -DomainName' })
      }
      const to = EmailAddress ?? everybodyIn(DomainName ?? '')
      return `${to}=${parseGrant(`${to}=${Rights.join(',')}`).rights.join(',')}`
    },
  }),
]

/** @throws RightsError `template-unknown` */
async function findTemplate(administration: Administration, wanted: string): Promise<Template> {
  const templates = (await administration.call('listTemplates', { query: {} })).filter(
    ({ id }) => canonicalGuid(id) === canonicalGuid(wanted),
  )
  // What the service issued itself comes before the version that came with a key.
  const found = templates.find(({ origin }) => origin === 'own') ?? templates[0]
  if (found === undefined) throw new RightsError('template-unknown', { detail: wanted })
  return found
}

function nameOf({ names, id }: Template): string {
  return `${names[0]?.name ?? ''} ${canonicalGuid(id)}`
}

function statusOf({ state }: Template): string {
  return state === 'published' ? 'Published' : 'Archived'
}

/** An empty text, as scripts write it, takes the scope away. */
function scopeOf(identities: readonly string[] | undefined): string[] | undefined {
  return identities?.filter((address) => address !== '')
}

function propertiesOf(template: Template): Row {
  const { names, grants, expiry } = template
  return {
    TemplateId: canonicalGuid(template.id),
    Names: names.map(({ lcid, name }) => `${lcid}=${name}`),
    Descriptions: names.map(({ lcid, description }) => `${lcid}=${description}`),
    RightsDefinitions: grants.map(({ to, rights }) => `${to}=${rights.join(',')}`),
    ContentExpirationOption:
      expiry?.onDate !== undefined ? 'OnDate' : expiry?.afterDays !== undefined ? 'AfterDays' : 'Never',
    ContentExpirationDate: expiry?.onDate,
    ContentValidityDuration: expiry?.afterDays,
    LicenseValidityDuration: template.licenseValidityDays,
    Status: statusOf(template),
    ScopedIdentities: template.scope ?? [],
    ReadOnly: false,
  }
}

/** @throws RightsError `option-invalid` for languages without name or description, and for an expiry that is half given */
function contentOf(before: Template | undefined, values: Partial<ContentValues>): Content {
  const names = values.Names === undefined ? undefined : textsOf('Names', values.Names)
  const descriptions = values.Descriptions === undefined ? undefined : textsOf('Descriptions', values.Descriptions)
  const nameIn = names ?? new Map(before?.names.map(({ lcid, name }) => [lcid, name]))
  const descriptionIn = descriptions ?? new Map(before?.names.map(({ lcid, description }) => [lcid, description]))
  const languages = [...nameIn.keys()]
  if (languages.length !== descriptionIn.size || languages.some((lcid) => !descriptionIn.has(lcid))) {
    throw new RightsError('option-invalid', { detail: '-Names and -Descriptions need the same languages' })
  }
  const grants = values.RightsDefinitions?.map(parseGrant) ?? before?.grants ?? []
  const expiry = expiryOf(before, values)
  const licenseValidityDays = values.LicenseValidityDuration ?? before?.licenseValidityDays
  return {
    names: languages.map((lcid) => ({
      lcid,
      name: nameIn.get(lcid) ?? '',
      description: descriptionIn.get(lcid) ?? '',
    })),
    grants: grants.map(({ to, rights }) => ({ to, rights: [...rights] })),
    ...(expiry === undefined ? {} : { expiry }),
    ...(licenseValidityDays === undefined ? {} : { licenseValidityDays }),
    ...(before?.referral === undefined ? {} : { referral: before.referral }),
  }
}

function expiryOf(before: Template | undefined, values: Partial<ContentValues>): Content['expiry'] {
  const { ContentExpirationOption: option, ContentExpirationDate: date, ContentValidityDuration: days } = values
  const wanted = option ?? (date === undefined ? (days === undefined ? undefined : 'AfterDays') : 'OnDate')
  if (wanted === undefined) return before?.expiry
  if (wanted === 'OnDate' && date !== undefined && days === undefined) return { onDate: date.toISOString() }
  if (wanted === 'AfterDays' && days !== undefined && date === undefined) return { afterDays: days }
  if (wanted === 'Never' && date === undefined && days === undefined) return undefined
  throw new RightsError('option-invalid', {
    detail: '-ContentExpirationOption OnDate goes with -ContentExpirationDate, AfterDays with -ContentValidityDuration',
  })
}

function textsOf(parameter: string, items: readonly string[]): ReadonlyMap<number, string> {
  return new Map(
    items.map((item) => {
      const form = /^(\d{1,5})\s*(?:=|->)\s*(.+)$/s.exec(item)
      if (form === null)
        throw new RightsError('option-invalid', { detail: `-${parameter} takes LCID=TEXT, for example 1033=Plans` })
      return [Number(form[1]), form[2] ?? '']
    }),
  )
}
