/**
 * Rights policy templates: the list that people choose from, and the signed texts that publishing with the SOAP services
 * needs, kept in the store for offline work and compared with the service daily (MS-RMPR 3.6).
 */
import { parseTemplates, templatesPerCall } from '@sealward/protocol'
import type { AcquiredTemplate, TemplateHash } from '@sealward/protocol'
import { canonicalGuid, encodeBase64, isRightsError, parsePolicy, parseSignedXrml } from '@sealward/xrml'
import { RightsError, verifySignature } from '@sealward/xrml'
import type { RightsPolicy } from '@sealward/xrml'
import type { Client } from './client.ts'
import { callRest, discoverServices } from './rest-door.ts'
import { licensingOf } from './service-locator.ts'
import { callSoap } from './soap-door.ts'
import { readStoredTemplates, writeStoredTemplates } from './stored-templates.ts'
import type { StoredTemplate, StoredTemplates } from './stored-templates.ts'

export interface TemplateSummary {
  readonly id: string
  readonly name: string
  readonly description: string
}

/** A template with its signed text, which goes verbatim into licences. */
export interface SignedTemplate {
  readonly text: string
  readonly policy: RightsPolicy
}

/**
 * The templates that the service offers this user; over SOAP those that are kept where it cannot be reached.
 *
 * ```ts
 * for (const { id, name } of await listTemplates(client)) console.log(id, name)
 * ```
 * @throws RightsError of transport, service and store
 */
export async function listTemplates(client: Client): Promise<readonly TemplateSummary[]> {
  if (client.door === 'rest') {
    const { templates } = await discoverServices(client)
    return parseTemplates(await callRest(client, templates))
  }
  const templates = await refreshTemplates(client, readStoredTemplates(client.store))
  return templates.map(({ policy }) => {
    const [shown] = policy.names
    const name = shown?.name ?? policy.id ?? ''
    return { id: `{${policy.id ?? ''}}`, name, description: shown?.description ?? name }
  })
}

/**
 * The template with an id (any case, with or without braces), from the store while it was compared within a day, else
 * from the service. Where the service cannot be reached, the store counts as it is.
 * @throws RightsError `template-unknown`, `client-store-refused`, and those of transport and service
 */
export async function findTemplate(client: Client, id: string): Promise<SignedTemplate> {
  const wanted = canonicalGuid(id)
  const isWanted = ({ policy }: SignedTemplate): boolean => policy.id === wanted
  const stored = readStoredTemplates(client.store)
  const fresh = stored === undefined || !isFresh(client, stored) ? [] : signedTemplates(stored)
  const found = fresh.find(isWanted) ?? (await refreshTemplates(client, stored)).find(isWanted)
  if (found === undefined) throw new RightsError('template-unknown')
  return found
}

const day = 86_400_000

/** A list from the future was compared by another clock. */
function isFresh(client: Client, { comparedAt }: StoredTemplates): boolean {
  const age = client.now().getTime() - comparedAt.getTime()
  return age >= 0 && age < day
}

/** What is here may be used without the service, but not against its word. */
async function refreshTemplates(
  client: Client,
  stored: StoredTemplates | undefined,
): Promise<readonly SignedTemplate[]> {
  try {
    const compared = await compareTemplates(client, stored)
    const signed = signedTemplates(compared)
    writeStoredTemplates(client.store, compared)
    return signed
  } catch (error) {
    if (stored === undefined || !isRightsError(error, 'service-unreachable', 'service-not-discovered')) throw error
    return signedTemplates(stored)
  }
}

/** Fetches what has changed, and forgets what is no longer published (MS-RMPR 3.6.4.1). */
async function compareTemplates(client: Client, stored: StoredTemplates | undefined): Promise<StoredTemplates> {
  const directory = licensingOf(client, client.store)
  const answer = await callSoap(client, directory, 'AcquireTemplateInformation', {})
  const serverPublicKey = encodeBase64(answer.serverPublicKey)
  const kept = stored?.serverPublicKey === serverPublicKey ? stored.templates : []
  const keptOf = new Map(kept.map((each) => [`${canonicalGuid(each.guid)} ${each.hash}`, each]))
  const unchanged = answer.templates.flatMap(({ guid, hash }) => keptOf.get(`${canonicalGuid(guid)} ${hash}`) ?? [])
  const here = new Set(unchanged.map(({ guid }) => canonicalGuid(guid)))
  const changed = answer.templates.filter(({ guid }) => !here.has(canonicalGuid(guid)))
  const templates: StoredTemplate[] = [...unchanged]
  for (let at = 0; at < changed.length; at += templatesPerCall) {
    const group = changed.slice(at, at + templatesPerCall)
    const acquired = await callSoap(client, directory, 'AcquireTemplates', { guids: group.map(({ guid }) => guid) })
    templates.push(...group.flatMap((asked) => fetchedTemplate(asked, acquired.templates) ?? []))
  }
  return { serverPublicKey, comparedAt: client.now(), templates }
}

/** Nothing for one that was archived meanwhile. */
function fetchedTemplate(asked: TemplateHash, acquired: readonly AcquiredTemplate[]): StoredTemplate | undefined {
  const found = acquired.find(({ guid }) => canonicalGuid(guid) === canonicalGuid(asked.guid))
  if (found?.template === undefined) return undefined
  return { guid: asked.guid, hash: found.hash ?? asked.hash, text: found.template }
}

/** @throws RightsError `xrml-signature-invalid`, `xrml-digest-mismatch` */
function signedTemplates({ templates }: StoredTemplates): readonly SignedTemplate[] {
  return templates.flatMap(({ text }) => readTemplate(text) ?? [])
}

/**
 * Nothing for what is no template. It may be signed by an earlier key of the cluster; the service, which evaluates the
 * template in every licence, knows which of them it accepts.
 */
function readTemplate(text: string): SignedTemplate | undefined {
  const document = parseSignedXrml(text)
  if (document.type !== 'rights-template') return undefined
  verifySignature(document)
  return { text: document.text, policy: parsePolicy(document) }
}
