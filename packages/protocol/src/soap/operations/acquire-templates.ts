/**
 * AcquireTemplates (MS-RMPR 3.6.4.2): the templates with the given GUIDs. A template travels as escaped text, not as
 * inline XML; one that the service does not publish is answered by an entry without it.
 */
import { element, textElement, type XmlElement } from '@sealward/xrml'
import { present } from '../../present.ts'
import { filledListOf, listOf, optionalElement, requiredElement, requiredText } from '../elements.ts'
import { atMostOnce, listIn, stringsIn } from '../message-shape.ts'
import { escapeSignedText } from '../escaped-document.ts'
import type { SoapOperation } from '../operation.ts'

export interface AcquireTemplatesRequest {
  readonly guids: readonly string[]
}

export interface AcquiredTemplate {
  readonly guid: string
  /** The DIGEST value of the template's signature, base64. */
  readonly hash?: string
  /** The signed XrML. */
  readonly template?: string
}

export interface AcquireTemplatesResponse {
  /** One per GUID. */
  readonly templates: readonly AcquiredTemplate[]
}

/** GUIDs that one call may ask for; clients fetch in groups of this size. */
export const templatesPerCall = 25

export const acquireTemplates: SoapOperation<AcquireTemplatesRequest, AcquireTemplatesResponse> = {
  name: 'AcquireTemplates',
  service: 'TemplateDistributionService',
  file: 'templateDistribution.asmx',
  shape: {
    call: [stringsIn('guids')],
    answer: [
      listIn('AcquireTemplatesResult', 'GuidTemplate', [
        atMostOnce('Guid', 'string'),
        atMostOnce('Hash', 'string'),
        atMostOnce('Template', 'string'),
      ]),
    ],
  },
  parseRequest: (call) => ({
    guids: filledListOf(requiredElement(call, 'guids'), 'string', templatesPerCall).map((item) => item.text.trim()),
  }),
  writeRequest: ({ guids }) => element('guids', {}, ...guids.map((guid) => textElement('string', {}, guid))),
  parseResponse: (answer) => ({
    templates: listOf(requiredElement(answer, 'AcquireTemplatesResult'), 'GuidTemplate', templatesPerCall).map(
      readTemplate,
    ),
  }),
  writeResponse: ({ templates }) => element('AcquireTemplatesResult', {}, ...templates.map(writeTemplate)),
}

function readTemplate(item: XmlElement): AcquiredTemplate {
  return present({
    guid: requiredText(item, 'Guid'),
    hash: optionalElement(item, 'Hash')?.text,
    template: optionalElement(item, 'Template')?.text,
  })
}

function writeTemplate({ guid, hash, template }: AcquiredTemplate): string {
  return element(
    'GuidTemplate',
    {},
    textElement('Guid', {}, guid),
    hash === undefined ? undefined : textElement('Hash', {}, hash),
    template === undefined ? undefined : element('Template', {}, escapeSignedText(template)),
  )
}
