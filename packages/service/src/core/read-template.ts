/**
 * Stored templates as they are decided with. Every administrative change reads the configuration again, and a hundred
 * templates change one after the other when a migration publishes them: a text that was read is not read twice.
 */
import { encodeBase64, parsePolicy, parseSignature, parseXrml } from '@sealward/xrml'
import { LRUCache } from 'lru-cache'
import type { Template } from './configuration.ts'
import type { StoredTemplate } from './store.ts'

/** The scope is no part of a stored version. */
type TemplateVersion = Omit<Template, 'scope'>
type TemplateText = Pick<Template, 'document' | 'policy' | 'hash'>

/** By exact text. As many as a tenant may have; those of the present configuration are in memory anyway. */
const known = new LRUCache<string, TemplateText>({ max: 1000 })

/** @throws RightsError of the reader for a text that is no template */
export function readTemplate({ id, origin, state, text }: Omit<StoredTemplate, 'changedAt'>): TemplateVersion {
  const read = known.get(text) ?? readText(text)
  known.set(text, read)
  return { id, origin, state, ...read }
}

/** How many rights it may grant was asked when it was stored. */
function readText(text: string): TemplateText {
  const document = parseXrml(text)
  return {
    document,
    policy: parsePolicy(document, { rightsEntries: Infinity }),
    hash: encodeBase64(parseSignature(document).digest),
  }
}
