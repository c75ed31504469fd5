/**
 * The revocation list that whoever opens documents of a template must have seen (MS-RMPR 2.2.9.10): that of this service, or
 * one that the organisation publishes elsewhere under a key of its own.
 */
import { createPublicKey } from 'node:crypto'
import { publicKeyFromKeyObject, RightsError, writeRefresh, type PublicKey } from '@sealward/xrml'
import { requireActiveKey, type Configuration } from '../core/configuration.ts'
import { loadConfiguration } from '../core/load-configuration.ts'
import { ownRefresh, revocationListId } from '../core/published-revocation-list.ts'
import { change, type AdministrationContext } from './change.ts'
import { reissueWithRefresh } from './reissue-templates.ts'
import { findTemplate, putOwn } from './templates.ts'

export interface DemandedList {
  /** How old the list may be, in days. */
  readonly refreshDays: number
  /** Where the list is and which key signs it, SubjectPublicKeyInfo in PEM; this service and its key unless given. */
  readonly elsewhere?: { readonly url: string; readonly listId: string; readonly publicKey: string } | undefined
}

const day = 86_400_000

/**
 * @param input.demanded undefined for no list
 * @throws RightsError `template-unknown`, `no-active-key`, `exclusion-refused` for an address or a key that is none
 */
export async function setTemplateRevocation(
  context: AdministrationContext,
  input: { readonly id: string; readonly demanded: DemandedList | undefined },
): Promise<void> {
  const { demanded } = input
  await change(context, 'set-template-revocation', async (repositories) => {
    const configuration = await loadConfiguration(repositories)
    const template = findTemplate(configuration, input.id, undefined)
    const refresh = demanded === undefined ? undefined : refreshOf(context, configuration, demanded)
    const key = requireActiveKey(configuration)
    const text = await reissueWithRefresh(context, template.document, key, refresh)
    await putOwn(context, repositories, configuration, { id: template.id, state: template.state, text })
    const record = { template: template.id, before: template.hash, refreshDays: demanded?.refreshDays ?? null }
    return { result: undefined, record: { ...record, url: demanded?.elsewhere?.url ?? null } }
  })
}

function refreshOf(context: AdministrationContext, configuration: Configuration, demanded: DemandedList): string {
  const interval = demanded.refreshDays * day
  const { elsewhere } = demanded
  if (elsewhere === undefined) {
    const { publicKey } = requireActiveKey(configuration).handle
    return ownRefresh(context, configuration, { publicKey, interval })
  }
  const listId = elsewhere.listId
    .trim()
    .replace(/^\{|\}$/g, '')
    .toLowerCase()
  if (!/^[0-9a-f-]{36}$/.test(listId) || listId === revocationListId(configuration))
    throw refused('the list has no GUID')
  if (!URL.canParse(elsewhere.url) || !/^https?:$/.test(new URL(elsewhere.url).protocol)) {
    throw refused('the list has no address')
  }
  return writeRefresh({ listId, url: elsewhere.url, publicKey: readKey(elsewhere.publicKey) }, interval)
}

function readKey(pem: string): PublicKey {
  try {
    return publicKeyFromKeyObject(createPublicKey(pem))
  } catch (cause) {
    throw new RightsError('exclusion-refused', { detail: 'the key of the list is no RSA public key', cause })
  }
}

function refused(detail: string): RightsError {
  return new RightsError('exclusion-refused', { detail })
}
