/** A presentation with one slide (PresentationML, ECMA-376 part 1, 19). */
import { element, escapeText } from '@sealward/xrml'
import { declaration, type OfficeContent, type OfficePart, type OfficeText, schemas } from './open-packaging.ts'
import { writeTheme } from './theme.ts'

const presentationNamespaces = {
  'xmlns:a': `${schemas}/drawingml/2006/main`,
  'xmlns:r': `${schemas}/officeDocument/2006/relationships`,
  'xmlns:p': `${schemas}/presentationml/2006/main`,
}

/** Which theme colour stands for which role on a slide. */
const colorMap = element('p:clrMap', {
  bg1: 'lt1',
  tx1: 'dk1',
  bg2: 'lt2',
  tx2: 'dk2',
  accent1: 'accent1',
  accent2: 'accent2',
  accent3: 'accent3',
  accent4: 'accent4',
  accent5: 'accent5',
  accent6: 'accent6',
  hlink: 'hlink',
  folHlink: 'folHlink',
})

const layoutList = element('p:sldLayoutIdLst', {}, element('p:sldLayoutId', { id: '2147483649', 'r:id': 'rId1' }))

function slide(name: string, ...content: readonly string[]): string {
  return declaration + element(name, presentationNamespaces, ...content)
}

function part(name: string, type: string, text: string): OfficePart {
  return { name: `ppt/${name}`, type: `presentationml.${type}`, text }
}

/** A presentation needs a master, a layout and a theme even for its only slide. */
export function presentation({ title, author, lines }: OfficeText): OfficeContent {
  return {
    title,
    author,
    parts: [
      part(
        'presentation.xml',
        'presentation.main',
        slide(
          'p:presentation',
          element('p:sldMasterIdLst', {}, element('p:sldMasterId', { id: '2147483648', 'r:id': 'rId1' })),
          element('p:sldIdLst', {}, element('p:sldId', { id: '256', 'r:id': 'rId2' })),
          element('p:sldSz', { cx: '9144000', cy: '6858000' }),
          element('p:notesSz', { cx: '6858000', cy: '9144000' }),
        ),
      ),
      part('slides/slide1.xml', 'slide', slide('p:sld', slideContent([title, ...lines]))),
      part('slideLayouts/slideLayout1.xml', 'slideLayout', slide('p:sldLayout', slideContent([]))),
      part(
        'slideMasters/slideMaster1.xml',
        'slideMaster',
        slide('p:sldMaster', slideContent([]), colorMap, layoutList),
      ),
      { name: 'ppt/theme/theme1.xml', type: 'theme', text: writeTheme('Lakeside') },
    ],
    relationships: [
      {
        from: 'ppt/presentation.xml',
        to: [
          { type: 'slideMaster', target: 'slideMasters/slideMaster1.xml' },
          { type: 'slide', target: 'slides/slide1.xml' },
        ],
      },
      { from: 'ppt/slides/slide1.xml', to: [{ type: 'slideLayout', target: '../slideLayouts/slideLayout1.xml' }] },
      {
        from: 'ppt/slideLayouts/slideLayout1.xml',
        to: [{ type: 'slideMaster', target: '../slideMasters/slideMaster1.xml' }],
      },
      {
        from: 'ppt/slideMasters/slideMaster1.xml',
        to: [
          { type: 'slideLayout', target: '../slideLayouts/slideLayout1.xml' },
          { type: 'theme', target: '../theme/theme1.xml' },
        ],
      },
    ],
  }
}

/** The common slide data, with one text box if there is text. */
function slideContent(lines: readonly string[]): string {
  const paragraphs = lines.map((line) => element('a:p', {}, element('a:r', {}, element('a:t', {}, escapeText(line)))))
  const box = element(
    'p:sp',
    {},
    element(
      'p:nvSpPr',
      {},
      element('p:cNvPr', { id: '2', name: 'Text' }),
      element('p:cNvSpPr', { txBox: '1' }),
      element('p:nvPr'),
    ),
    element(
      'p:spPr',
      {},
      element(
        'a:xfrm',
        {},
        element('a:off', { x: '457200', y: '457200' }),
        element('a:ext', { cx: '8229600', cy: '5943600' }),
      ),
      element('a:prstGeom', { prst: 'rect' }, element('a:avLst')),
    ),
    element('p:txBody', {}, element('a:bodyPr'), ...paragraphs),
  )
  const group = element(
    'p:nvGrpSpPr',
    {},
    element('p:cNvPr', { id: '1', name: '' }),
    element('p:cNvGrpSpPr'),
    element('p:nvPr'),
  )
  const tree = element('p:spTree', {}, group, element('p:grpSpPr'), lines.length === 0 ? undefined : box)
  return element('p:cSld', {}, tree)
}
