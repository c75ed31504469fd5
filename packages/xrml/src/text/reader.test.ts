import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { isRightsError } from '../errors/rights-error.ts'
import { refusal } from '../refusal.fixture.ts'
import { rawContent, rawElement, type XmlElement } from './element.ts'
import { readXml, readXmlFragments } from './reader.ts'

function all(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(all)]
}

/** The raw text of every element in document order. */
function raws(text: string): readonly string[] {
  return all(readXml(text)).map(rawElement)
}

suite('offsets of elements', () => {
  const cases: readonly (readonly [name: string, text: string, raws: readonly string[]])[] = [
    ['nested', '<a><b><c>x</c></b></a>', ['<a><b><c>x</c></b></a>', '<b><c>x</c></b>', '<c>x</c>']],
    ['self-closed in both spellings', '<a><b/><c /></a>', ['<a><b/><c /></a>', '<b/>', '<c />']],
    ['empty with an end tag', '<a><b></b></a>', ['<a><b></b></a>', '<b></b>']],
    ['same name inside itself', '<a><a><a/></a></a>', ['<a><a><a/></a></a>', '<a><a/></a>', '<a/>']],
    [
      'attributes with odd blanks',
      '<a b = "1"\t c=\'2\' ><d  e="3"  /></a>',
      ['<a b = "1"\t c=\'2\' ><d  e="3"  /></a>', '<d  e="3"  />'],
    ],
    [
      'CRLF inside tags',
      '<a>\r\n<b\r\nc="1"\r\n/>\r\n<d\r\n>\r\n</d\r\n></a>',
      ['<a>\r\n<b\r\nc="1"\r\n/>\r\n<d\r\n>\r\n</d\r\n></a>', '<b\r\nc="1"\r\n/>', '<d\r\n>\r\n</d\r\n>'],
    ],
    [
      'astral characters before and inside',
      '<a>😀<b n="😀">𝄞</b>😀<c/></a>',
      ['<a>😀<b n="😀">𝄞</b>😀<c/></a>', '<b n="😀">𝄞</b>', '<c/>'],
    ],
    [
      'entities and references',
      '<a>&amp;&#x1F600;<b>&lt;/b&gt;</b></a>',
      ['<a>&amp;&#x1F600;<b>&lt;/b&gt;</b></a>', '<b>&lt;/b&gt;</b>'],
    ],
    ['a greater-than sign in an attribute', '<a b="/>"><c d=">"/></a>', ['<a b="/>"><c d=">"/></a>', '<c d=">"/>']],
    [
      'comments and CDATA that look like tags',
      '<a><!-- <b> </b> --><![CDATA[<b></b>]]><b/></a>',
      ['<a><!-- <b> </b> --><![CDATA[<b></b>]]><b/></a>', '<b/>'],
    ],
    [
      'names of one letter and names with prefixes',
      '<p:a xmlns:p="u"><p:b/><c/></p:a>',
      ['<p:a xmlns:p="u"><p:b/><c/></p:a>', '<p:b/>', '<c/>'],
    ],
  ]
  for (const [name, text, expected] of cases) {
    test(name, () => assert.deepEqual(raws(text), expected))
  }

  test('hold behind an XML declaration, a BOM and a prolog', () => {
    const root = readXml('\uFEFF<?xml version="1.0" encoding="utf-16"?>\r\n<!-- x --><a><b/></a>\n')
    assert.equal(rawElement(root), '<a><b/></a>')
    assert.equal(rawContent(root), '<b/>')
  })

  test('point at the element in any generated tree', () => {
    const tree = fc.letrec<{ node: string; leaf: string }>((tie) => ({
      leaf: fc.constantFrom(
        'text',
        '😀',
        '\r\n',
        '&lt;',
        '<e/>',
        '<e />',
        '<e></e>',
        '<e a="1"\r\n b=\'>\'/>',
        '<!--<x>-->',
        '<![CDATA[</n>]]>',
      ),
      node: fc
        .tuple(
          fc.constantFrom('n', 'node', 'n\r\n', 'n '),
          fc.array(fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('node')), { maxLength: 4 }),
        )
        .map(([name, inner]) => `<${name}>${inner.join('')}</${name.trim()}>`),
    }))
    fc.assert(
      fc.property(tree.node, (text) => {
        for (const element of all(readXml(text))) {
          const raw = rawElement(element)
          assert.ok(raw.startsWith(`<${element.name}`) && raw.endsWith('>'), raw)
          const again = readXml(raw)
          assert.equal(again.text, element.text)
          assert.deepEqual(all(again).map(rawElement), all(element).map(rawElement))
          assert.equal(readXml(`<x>${rawContent(element)}</x>`).text, element.text)
        }
      }),
      { numRuns: 300 },
    )
  })
})

suite('values', () => {
  test('attributes, references and line ends are resolved', () => {
    const root = readXml('<a b="x&amp;y&#9;z\n1" c="">q&lt;&#x41;\r\nr<![CDATA[<&]]></a>')
    assert.deepEqual(
      [...root.attributes],
      [
        ['b', 'x&y\tz 1'],
        ['c', ''],
      ],
    )
    assert.equal(root.text, 'q<A\nr<&')
  })

  test('namespaces are resolved, inherited and cancelled', () => {
    const root = readXml('<a xmlns="u" xmlns:p="v"><b/><p:c/><d xmlns=""/></a>')
    assert.deepEqual(
      all(root).map(({ local, namespace }) => [local, namespace]),
      [
        ['a', 'u'],
        ['b', 'u'],
        ['c', 'v'],
        ['d', ''],
      ],
    )
  })

  test('elements without attributes give an empty map', () => {
    assert.equal(readXml('<a/>').attributes.size, 0)
  })
})

suite('refuses', () => {
  const malformed: readonly (readonly [name: string, text: string])[] = [
    ['nothing', ''],
    ['blanks only', ' \n'],
    ['an open element', '<a><b></b>'],
    ['crossed elements', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['text before the root', 'x<a/>'],
    ['text behind the root', '<a/>x'],
    ['a no-break space behind the root', '<a/>\u00A0'],
    ['a reference behind the root', '<a/>&#32;'],
    ['CDATA behind the root', '<a/><![CDATA[ ]]>'],
    ['a repeated attribute', '<a b="1" b="1"/>'],
    ['a repeated attribute under two prefixes', '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>'],
    ['an unbound prefix', '<p:a/>'],
    ['an unquoted attribute', '<a b=1/>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['an entity named like a property', '<a>&constructor;&toString;</a>'],
    ['a reference to no character', '<a>&#0;</a>'],
    ['a reference to a surrogate', '<a>&#xD800;</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['a reference of many digits', `<a>&#${'9'.repeat(400)};</a>`],
    ['an entity without end', '<a>&amp</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['a non-character', '<a>\uFFFE</a>'],
    ['a comment with two dashes', '<a><!-- -- --></a>'],
    ['a CDATA end in text', '<a>]]></a>'],
    ['a declaration that is not first', ' <?xml version="1.0"?><a/>'],
    ['XML 1.1', '<?xml version="1.1"?><a/>'],
    ['a less-than sign in an attribute', '<a b="<"/>'],
    ['a surrogate that swallows markup', '<a><b>\uD800</b></a>'],
    ['a low surrogate alone', '<a>\uDC00</a>'],
    ['a high surrogate at the end', '<a/>\uD800'],
  ]
  for (const [name, text] of malformed) {
    test(name, () => assert.throws(() => readXml(text), refusal('xml-not-well-formed')))
  }

  for (const text of [
    '<!DOCTYPE a><a/>',
    '<!doctype a><a/>',
    '<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://x/"><a/>',
    '<a><!-- <!DOCTYPE --></a>',
  ]) {
    test(`a document type declaration: ${text}`, () => assert.throws(() => readXml(text), refusal('xml-dtd-refused')))
  }

  for (const [name, text] of [
    ['comment', '<a><!-- --></a>'],
    ['CDATA', '<a><![CDATA[]]></a>'],
    ['instruction', '<a><?b c?></a>'],
  ] as const) {
    test(`in plain reading: ${name}`, () => {
      assert.throws(() => readXml(text, { plain: true }), refusal('xrml-malformed'))
      assert.equal(readXml(text).name, 'a')
    })
  }

  test('whatever is no XML, always with its own error', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      'a',
      ' ',
      '"',
      "'",
      '=',
      '&',
      ';',
      '#',
      '!',
      '-',
      '[',
      ']',
      '?',
      'xml',
      'CDATA',
      ':',
      '\r\n',
      '\uD800',
      '😀',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join('')),
        (text) => {
          try {
            readXml(text)
            readXmlFragments(text)
          } catch (error) {
            assert.ok(isRightsError(error), String(error))
          }
        },
      ),
      { numRuns: 3000 },
    )
  })
})

suite('limits', () => {
  const limits = { length: 200, depth: 3, attributesPerElement: 2, elements: 4, characterReferences: 2 }
  const cases: readonly (readonly [name: string, within: string, beyond: string])[] = [
    ['length', `<a>${'x'.repeat(193)}</a>`, `<a>${'x'.repeat(194)}</a>`],
    ['depth', '<a><b><c/></b></a>', '<a><b><c><d/></c></b></a>'],
    ['attributes', '<a b="" c=""/>', '<a b="" c="" d=""/>'],
    ['attributes, counted for each element', '<a b="" c=""><d e="" f=""/></a>', '<a b="" c=""><d e="" f="" g=""/></a>'],
    ['namespace declarations', '<a xmlns:b="u" xmlns:c="u"/>', '<a xmlns:b="u" xmlns:c="u" xmlns:d="u"/>'],
    ['elements', '<a><b/><b/><b/></a>', '<a><b/><b/><b/><b/></a>'],
    ['character references', '<a b="&#65;">&#x41;</a>', '<a b="&#65;">&#x41;&#65;</a>'],
  ]
  for (const [name, within, beyond] of cases) {
    test(name, () => {
      assert.equal(readXml(within, { limits }).name, 'a')
      assert.throws(() => readXml(beyond, { limits }), refusal('xml-limit-exceeded'))
    })
  }
})

suite('a sequence of elements', () => {
  test('may follow one declaration, with blanks between', () => {
    const roots = readXmlFragments('<?xml version="1.0" encoding="utf-8"?><a/>\r\n <b>x</b><c/>')
    assert.deepEqual(roots.map(rawElement), ['<a/>', '<b>x</b>', '<c/>'])
  })

  test('may be empty', () => assert.deepEqual(readXmlFragments(''), []))

  for (const text of [
    '<a/>x<b/>',
    'x<a/>',
    '<a/>x',
    '<a/>&#32;<b/>',
    '<a/><!-- --><b/>',
    '<a/><?b?>',
    '<a/>\u00A0',
    '<a/><![CDATA[]]>',
    '<?xml version="1.1"?><a/>',
    '<a/><?xml version="1.0"?><b/>',
    ' <?xml version="1.0"?><a/>',
    '<a/><b>',
  ]) {
    test(`refuses ${text}`, () => assert.throws(() => readXmlFragments(text), refusal('xml-not-well-formed')))
  }
})
