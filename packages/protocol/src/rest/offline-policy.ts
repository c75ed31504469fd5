/** The decrypted policy of a JSON licence: a claim of its publisher, who names himself as the owner. */
import { RightsError } from '@sealward/xrml'
import { asList, asObject, member, optionalString, readJson, requiredString, stringList } from './members.ts'
import type { JsonObject } from './members.ts'
import { policyLimit, type UserRights } from './policy.ts'

export interface OfflinePolicy {
  readonly owner: string
  readonly source:
    | { readonly kind: 'template'; readonly templateId: string }
    | { readonly kind: 'policy'; readonly userRights: readonly UserRights[] }
}

/**
 * @param text begins with the policy; behind it the client leaves whatever was in its memory
 * @returns undefined if no complete object comes first
 * @throws RightsError `rest-message-invalid` for an object that is no policy
 */
export function parseOfflinePolicy(text: Uint8Array): OfflinePolicy | undefined {
  const end = endOfObject(text)
  const object = end === undefined ? undefined : readObject(text.subarray(0, end))
  return object === undefined ? undefined : policyOf(object)
}

function policyOf(object: JsonObject): OfflinePolicy {
  const owner = requiredString(object, 'crem')
  const templateId = optionalString(object, 'tid')
  if (templateId !== undefined) return { owner, source: { kind: 'template', templateId } }
  const listed = asList(member(asObject(member(object, 'cp'), 'cp'), 'usrs'), 'usrs', policyLimit)
  const userRights = listed.map((item) => {
    const entry = asObject(item, 'usrs')
    return {
      users: stringList(member(entry, 'usrs'), 'usrs', policyLimit),
      rights: stringList(member(entry, 'rghts'), 'rghts', policyLimit),
    }
  })
  return { owner, source: { kind: 'policy', userRights } }
}

const quote = 0x22
const backslash = 0x5c
const open = 0x7b
const close = 0x7d

/** Behind the brace that closes the first object. In UTF-8 these characters are never part of another one. */
function endOfObject(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== open) return undefined
  let depth = 0
  let quoted = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (quoted && byte === backslash) at++
    else if (byte === quote) quoted = !quoted
    else if (!quoted && byte === open) depth++
    else if (!quoted && byte === close && --depth === 0) return at + 1
  }
  return undefined
}

function readObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    return asObject(readJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), 'the policy')
  } catch (error) {
    if (error instanceof RightsError || error instanceof TypeError) return undefined
    throw error
  }
}
