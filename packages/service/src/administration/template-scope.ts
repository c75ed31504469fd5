/**
 * Departmental templates: to whom a template is offered. It is about listing alone; what the template grants, and what was
 * made with it, stays as it is.
 */
import { canonicalAddresses } from '../core/address.ts'
import { loadConfiguration } from '../core/load-configuration.ts'
import { change, type AdministrationContext } from './change.ts'
import { findTemplate } from './templates.ts'

/**
 * Replaces the scope of a template, of all its versions.
 * @param input.scope addresses of people and groups; none for everybody
 * @throws RightsError `template-unknown`, `address-refused`
 */
export async function setTemplateScope(
  context: AdministrationContext,
  input: { readonly id: string; readonly scope: readonly string[] },
): Promise<void> {
  const scope = canonicalAddresses(input.scope)
  await change(context, 'set-template-scope', async (repositories) => {
    const { id, scope: before } = findTemplate(await loadConfiguration(repositories), input.id, undefined)
    await repositories.templates.putScope(id, scope)
    return { result: undefined, record: { template: id, before, scope } }
  })
}
