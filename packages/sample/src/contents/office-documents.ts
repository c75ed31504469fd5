/** The smallest word processing, spreadsheet and presentation documents that Office applications open (ECMA-376 part 1). */
import { element, textElement } from '@sealward/xrml'
import {
  declaration,
  type OfficeContent,
  type OfficeText,
  preserved,
  schemas,
  writeOfficePackage,
} from './open-packaging.ts'
import { presentation } from './presentation.ts'

export type OfficeKind = 'docx' | 'xlsx' | 'pptx'

export async function writeOfficeDocument(kind: OfficeKind, text: OfficeText): Promise<Uint8Array> {
  return writeOfficePackage(contentOf[kind](text))
}

const contentOf: Readonly<Record<OfficeKind, (text: OfficeText) => OfficeContent>> = {
  docx: ({ title, author, lines }) => {
    const paragraphs = [title, ...lines].map((line) => element('w:p', {}, element('w:r', {}, preserved('w:t', line))))
    const body = element('w:body', {}, ...paragraphs, element('w:sectPr'))
    const text = declaration + element('w:document', { 'xmlns:w': `${schemas}/wordprocessingml/2006/main` }, body)
    return {
      title,
      author,
      parts: [{ name: 'word/document.xml', type: 'wordprocessingml.document.main', text }],
      relationships: [],
    }
  },
  xlsx: ({ title, author, lines }) => {
    const namespace = `${schemas}/spreadsheetml/2006/main`
    const rows = [title, ...lines].map((line, index) => {
      const label = element('c', { r: `A${index + 1}`, t: 'inlineStr' }, element('is', {}, preserved('t', line)))
      const amount = element('c', { r: `B${index + 1}` }, textElement('v', {}, String((index * 7919) % 10_007)))
      return element('row', { r: String(index + 1) }, label, index === 0 ? undefined : amount)
    })
    const sheet = element('worksheet', { xmlns: namespace }, element('sheetData', {}, ...rows))
    const workbook = element(
      'workbook',
      { xmlns: namespace, 'xmlns:r': `${schemas}/officeDocument/2006/relationships` },
      element('sheets', {}, element('sheet', { name: 'Figures', sheetId: '1', 'r:id': 'rId1' })),
    )
    return {
      title,
      author,
      parts: [
        { name: 'xl/workbook.xml', type: 'spreadsheetml.sheet.main', text: declaration + workbook },
        { name: 'xl/worksheets/sheet1.xml', type: 'spreadsheetml.worksheet', text: declaration + sheet },
      ],
      relationships: [{ from: 'xl/workbook.xml', to: [{ type: 'worksheet', target: 'worksheets/sheet1.xml' }] }],
    }
  },
  pptx: presentation,
}
