/** Sensitivity labels in clear text beside the protected content: the `LabelInfo` stream (MS-OFFCRYPTO 2.6). */
import { children, decodeText, escapeAttribute, readXml, RightsError } from '@sealward/xrml'

export interface SensitivityLabel {
  /** GUID in braces, lower case. */
  readonly id: string
  readonly enabled: boolean
  readonly method: string
  readonly siteId: string
  /** 1 header, 2 footer, 4 watermark, 8 encryption; absent when the label does not say. */
  readonly contentBits: number | undefined
  readonly removed: boolean
}

const namespace = 'http://schemas.microsoft.com/office/2020/mipLabelMetadata'

/** @throws RightsError `data-spaces-damaged`, `xml-not-well-formed`, `xml-limit-exceeded`, `text-encoding-refused` */
export function readLabelInfo(bytes: Uint8Array): readonly SensitivityLabel[] {
  const list = readXml(decodeText(bytes))
  if (list.local !== 'labelList' || list.namespace !== namespace) {
    throw new RightsError('data-spaces-damaged', { detail: 'LabelInfo holds no label list' })
  }
  return children(list, 'label').map(({ attributes }) => {
    const contentBits = attributes.get('contentBits')
    return {
      id: (attributes.get('id') ?? '').toLowerCase(),
      enabled: isTrue(attributes.get('enabled')),
      method: attributes.get('method') ?? '',
      siteId: (attributes.get('siteId') ?? '').toLowerCase(),
      contentBits: contentBits !== undefined && /^\d{1,9}$/.test(contentBits) ? Number(contentBits) : undefined,
      removed: isTrue(attributes.get('removed')),
    }
  })
}

export function encodeLabelInfo(labels: readonly SensitivityLabel[]): Uint8Array {
  const elements = labels.map((label) => {
    const bits = label.contentBits === undefined ? '' : ` contentBits="${label.contentBits}"`
    // Readers of Office expect exactly this order.
    return (
      `<clbl:label id="${escapeAttribute(label.id)}" enabled="${bit(label.enabled)}" method="${escapeAttribute(label.method)}"` +
      ` siteId="${escapeAttribute(label.siteId)}"${bits} removed="${bit(label.removed)}"/>`
    )
  })
  return Buffer.from(`<clbl:labelList xmlns:clbl="${namespace}">${elements.join('')}</clbl:labelList>`)
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true'
}

function bit(value: boolean): string {
  return value ? '1' : '0'
}
