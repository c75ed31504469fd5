/** Parts of calls as markup: certificates character by character, and the version header. */
import { endpointOf } from './endpoints.ts'
import type { Sent } from './row.ts'

interface Inline {
  readonly Certificate: readonly { readonly $xml: string }[]
}

/** A chain as elements, character by character. */
export function inline(certificates: readonly string[]): Inline {
  return { Certificate: certificates.map((text) => ({ $xml: text })) }
}

/** The header element (fact sheet 1.1) as markup; GetServerInfo alone goes without. */
export function versionDataOf(operation: string, { versions }: Pick<Sent, 'versions'>): string | undefined {
  if (versions === null || (operation === 'GetServerInfo' && versions === undefined)) return undefined
  const { minimum = '1.0.0.0', maximum = '1.0.0.0' } = versions ?? {}
  const { namespace } = endpointOf(operation)
  const values = versionValue('MinimumVersion', minimum) + versionValue('MaximumVersion', maximum)
  return `<VersionData xmlns="${namespace}">${values}</VersionData>`
}

function versionValue(name: string, text: string | null): string {
  return text === null ? '' : `<${name}>${text}</${name}>`
}
