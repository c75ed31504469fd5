/**
 * The list of templates. Clients reject the whole list if one template has no description, so the name stands in for an
 * empty one.
 */
import { templatesMost } from '../templates-most.ts'
import { asList, asObject, readJson, requiredString } from './members.ts'

export interface ListedTemplate {
  /** A GUID, in braces; clients send it back as it stands. */
  readonly id: string
  readonly name: string
  readonly description: string
}

export function writeTemplates(templates: readonly ListedTemplate[]): string {
  return JSON.stringify(
    templates.map(({ id, name, description }) => ({ Id: id, Name: name, Description: description || name })),
  )
}

/** @throws RightsError `rest-message-invalid` */
export function parseTemplates(text: string): readonly ListedTemplate[] {
  return asList(readJson(text), 'the list of templates', templatesMost).map((item) => {
    const template = asObject(item, 'a template')
    return {
      id: requiredString(template, 'Id'),
      name: requiredString(template, 'Name'),
      description: requiredString(template, 'Description'),
    }
  })
}
