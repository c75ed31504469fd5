/** A template by its name in any language, or by its identifier. */
import { canonicalGuid, RightsError } from '@sealward/xrml'
import type { AdminResult } from '../../connection/administration.ts'

type Template = AdminResult<'listTemplates'>[number]

/** @throws RightsError `template-unknown`, also when a name means several */
export function findTemplate(
  templates: readonly Template[],
  wanted: string,
): { readonly id: string; readonly name: string } {
  const name = wanted.trim().toLowerCase()
  const found = templates.filter(
    (template) =>
      canonicalGuid(template.id) === canonicalGuid(wanted) ||
      template.names.some((localized) => localized.name.toLowerCase() === name),
  )
  const [first] = found
  if (first === undefined) throw new RightsError('template-unknown', { detail: wanted })
  if (new Set(found.map(({ id }) => id)).size > 1) {
    throw new RightsError('template-unknown', { detail: `several are named ${wanted}; give the identifier` })
  }
  return { id: first.id, name: first.names[0]?.name ?? '' }
}
