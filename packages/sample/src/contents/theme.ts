/** The theme that every presentation refers to: colours, fonts and formats (DrawingML, ECMA-376 part 1, 20.1.6). */
import { element } from '@sealward/xrml'
import { declaration, schemas } from './open-packaging.ts'

/** In the order of the schema. */
const colors = {
  dk1: '000000',
  lt1: 'FFFFFF',
  dk2: '1F3B4D',
  lt2: 'E8EEF2',
  accent1: '2E6F8E',
  accent2: '5B8C5A',
  accent3: 'B9783F',
  accent4: '7A5C8E',
  accent5: '8E2E3A',
  accent6: '4D4D4D',
  hlink: '2E6F8E',
  folHlink: '7A5C8E',
} as const

export function writeTheme(name: string): string {
  const fill = element('a:solidFill', {}, element('a:schemeClr', { val: 'phClr' }))
  const palette = Object.entries(colors).map(([role, value]) =>
    element(`a:${role}`, {}, element('a:srgbClr', { val: value })),
  )
  return (
    declaration +
    element(
      'a:theme',
      { 'xmlns:a': `${schemas}/drawingml/2006/main`, name },
      element(
        'a:themeElements',
        {},
        element('a:clrScheme', { name }, ...palette),
        element('a:fontScheme', { name }, font('majorFont'), font('minorFont')),
        element(
          'a:fmtScheme',
          { name },
          thrice('a:fillStyleLst', fill),
          thrice('a:lnStyleLst', element('a:ln', {}, fill)),
          thrice('a:effectStyleLst', element('a:effectStyle', {}, element('a:effectLst'))),
          thrice('a:bgFillStyleLst', fill),
        ),
      ),
    )
  )
}

function font(role: string): string {
  return element(
    `a:${role}`,
    {},
    element('a:latin', { typeface: 'Arial' }),
    element('a:ea', { typeface: '' }),
    element('a:cs', { typeface: '' }),
  )
}

/** Every list of formats needs three: subtle, moderate, intense. */
function thrice(name: string, item: string): string {
  return element(name, {}, item, item, item)
}
