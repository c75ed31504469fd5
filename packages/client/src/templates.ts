/**
 * Rights policy templates: the list that people choose from, and the signed texts that publishing with the SOAP services
 * needs, kept in the store for offline work (MS-RMPR 3.6).
 */
import { parseTemplates, templatesPerCall } from '@sealward/protocol'
import { canonicalGuid, parsePolicy, parseSignedXrml, RightsError, verifySignature } from '@sealward/xrml'
import type { RightsPolicy } from '@sealward/xrml'
import type { Client } from './client.ts'
import { callRest, discoverServices } from './rest-door.ts'
import { callSoap } from './soap-door.ts'

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
 * The templates that the service offers this user.
 *
 * ```ts
 * for (const { id, name } of await listTemplates(client)) console.log(id, name)
 * ```
 * @throws RightsError of transport and service
 */
export async function listTemplates(client: Client): Promise<readonly TemplateSummary[]> {
  if (client.door === 'rest') {
    const { templates } = await discoverServices(client)
    return parseTemplates(await callRest(client, templates))
  }
  const templates = await refreshTemplates(client)
  return templates.map(({ policy }) => {
    const [shown] = policy.names
    const name = shown?.name ?? policy.id ?? ''
    return { id: `{${policy.id ?? ''}}`, name, description: shown?.description ?? name }
  })
}

/** The template with an id (any case, with or without braces), from the store or the service. */
export async function findTemplate(client: Client, id: string): Promise<SignedTemplate> {
  const wanted = canonicalGuid(id)
  const isWanted = ({ policy }: SignedTemplate): boolean => policy.id === wanted
  const stored = client.store.readTemplates().flatMap((text) => readTemplate(text) ?? [])
  const found = stored.find(isWanted) ?? (await refreshTemplates(client)).find(isWanted)
  if (found === undefined) throw new RightsError('template-unknown')
  return found
}

/** Fetches all templates and replaces those in the store. */
async function refreshTemplates(client: Client): Promise<readonly SignedTemplate[]> {
  const directory = client.service.licensing
  const { templates: hashes } = await callSoap(client, directory, 'AcquireTemplateInformation', {})
  const texts: string[] = []
  for (let at = 0; at < hashes.length; at += templatesPerCall) {
    const guids = hashes.slice(at, at + templatesPerCall).map(({ guid }) => guid)
    const { templates } = await callSoap(client, directory, 'AcquireTemplates', { guids })
    texts.push(...templates.flatMap(({ template }) => template ?? []))
  }
  const signed = texts.flatMap((text) => readTemplate(text) ?? [])
  client.store.writeTemplates(signed.map(({ text }) => text))
  return signed
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
