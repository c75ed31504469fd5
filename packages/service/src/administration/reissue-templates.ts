/**
 * Issuing a template again under another key: its words stay as they are, only issue time, issuer and publishing point
 * change (MS-RMPR 2.2.9.10).
 */
import {
  children,
  element,
  rawElement,
  signXrml,
  textElement,
  writeDistributionPoint,
  writePublicKey,
  writeRightsGroup,
  writeTime,
  type XrmlDocument,
  type RightsPolicy,
  type XmlElement,
} from '@sealward/xrml'
import { ownTemplate, type Configuration, type ServiceKey } from '../core/configuration.ts'
import type { Repositories } from '../core/store.ts'
import type { AdministrationContext } from './change.ts'

/** @returns the exact signed text */
export async function reissueTemplate(
  context: AdministrationContext,
  document: XrmlDocument,
  key: ServiceKey,
): Promise<string> {
  return signAgain(document, key, (part) => {
    if (part.local === 'ISSUEDTIME') return textElement('ISSUEDTIME', {}, writeTime(context.clock.now()))
    if (part.local === 'ISSUER') return issuerOf(key)
    if (isPublishingPoint(part)) return writeDistributionPoint('Publishing-URL', context.cluster.licensingUrl)
    return rawElement(part)
  })
}

/**
 * The same template under another issue time, with this REFRESH or none: whoever opens what is made with it must have seen
 * the list first (MS-RMPR 2.2.9.10).
 */
export async function reissueWithRefresh(
  context: AdministrationContext,
  document: XrmlDocument,
  key: ServiceKey,
  refresh: string | undefined,
): Promise<string> {
  const conditions = refresh === undefined ? '' : element('CONDITIONLIST', {}, refresh)
  return signAgain(document, key, (part) => {
    if (part.local === 'ISSUEDTIME') return textElement('ISSUEDTIME', {}, writeTime(context.clock.now()))
    if (part.local === 'ISSUER') return issuerOf(key)
    if (isPublishingPoint(part)) return writeDistributionPoint('Publishing-URL', context.cluster.licensingUrl)
    return part.local === 'WORK' ? workWithConditions(part, conditions) : rawElement(part)
  })
}

function workWithConditions(work: XmlElement, conditions: string): string {
  const parts = work.children.map((part) => {
    if (part.local === 'CONDITIONLIST') return ''
    return part.local === 'RIGHTSGROUP' ? conditions + rawElement(part) : rawElement(part)
  })
  return element('WORK', {}, ...parts)
}

/** The same template of the same key with other rights. @returns the exact signed text */
export async function reissueWithRights(
  document: XrmlDocument,
  key: ServiceKey,
  entries: RightsPolicy['entries'],
): Promise<string> {
  return signAgain(document, key, (part) => (part.local === 'WORK' ? workWith(part, entries) : rawElement(part)))
}

function workWith(work: XmlElement, entries: RightsPolicy['entries']): string {
  const [first] = children(work, 'RIGHTSGROUP')
  const group = writeRightsGroup(
    entries.map(({ right, principal, times }) => ({ right, times, ...(principal === undefined ? {} : { principal }) })),
  )
  const parts = work.children.map((part) => {
    if (part.local !== 'RIGHTSGROUP') return rawElement(part)
    return part === first ? group : ''
  })
  return element('WORK', {}, ...parts)
}

function signAgain(document: XrmlDocument, key: ServiceKey, replaced: (part: XmlElement) => string): Promise<string> {
  const body = element('BODY', { type: 'Microsoft Official Rights Template' }, ...document.body.children.map(replaced))
  return signXrml({ body, key: key.handle, hash: key.mode.hash, order: 'server' })
}

function issuerOf({ licensor: { principal } }: ServiceKey): string {
  return element('ISSUER', {}, principal.object.raw, writePublicKey(principal.publicKey))
}

function isPublishingPoint(part: XmlElement): boolean {
  return part.local === 'DISTRIBUTIONPOINT' && part.children[0]?.attributes.get('type') === 'Publishing-URL'
}

export async function reissueOwnTemplates(
  context: AdministrationContext,
  repositories: Repositories,
  configuration: Configuration,
  key: ServiceKey,
): Promise<void> {
  const own = [...configuration.templates.values()].flat().filter((template) => template.origin === ownTemplate)
  for (const template of own) {
    await repositories.templates.put({
      id: template.id,
      origin: ownTemplate,
      state: template.state,
      text: await reissueTemplate(context, template.document, key),
      changedAt: context.clock.now(),
    })
  }
}
