/** What licences and drafts of this suite have in common: content of the user, sealed to a server. */
import { randomUUID } from 'node:crypto'
import { licensingUrlOf } from '@sealward/protocol'
import {
  element,
  textElement,
  writeContentKey,
  writeOwner,
  writeRightsData,
  type KeyedPrincipal,
  type PublishingLicenseParts,
} from '@sealward/xrml'
import { random } from './strangers.ts'
import { replaced } from './texts.ts'

export interface PartsInput {
  readonly url: string
  readonly server: KeyedPrincipal
  /** Address of the owner. */
  readonly owner: string
  /** Whether everybody may read. */
  readonly readable: boolean
  readonly editable?: boolean | undefined
  /** Braced GUID. */
  readonly contentId?: string | undefined
}

/** The server's key under another OBJECT ID: both are the principal (fact sheet 4.3, 4.5). */
export function underOtherId(server: KeyedPrincipal): KeyedPrincipal {
  const id = /(<ID type="MS-GUID">)[^<]*/
  return { ...server, content: replaced(server.content, id, '$1{0C0FFEE0-0000-4000-8000-00000000000D}') }
}

export function licenseParts(input: PartsInput): PublishingLicenseParts {
  const { owner: address, contentId = `{${randomUUID()}}` } = input
  const owner = { idType: 'Windows' as const, id: '', address }
  const issuedAt = new Date()
  return {
    issuedAt,
    licensingUrl: licensingUrlOf(input.url),
    server: input.server,
    contentKey: writeContentKey('cbc4k', random(16)),
    work: element(
      'WORK',
      {},
      element('OBJECT', {}, textElement('ID', { type: 'MS-GUID' }, contentId)),
      writeOwner(owner),
    ),
    rightsData: writeRightsData({
      issuedAt,
      contentId,
      owner,
      names: [],
      grants: input.readable ? [{ to: 'ANYONE', rights: ['VIEW'] }] : [],
      ...(input.editable === true ? { applicationData: [{ name: 'Allow_Server_Editing', value: 'True' }] } : {}),
    }),
    random,
  }
}
