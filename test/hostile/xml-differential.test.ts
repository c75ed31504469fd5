/** X5: a second XML reader (expat, through Python's standard library) as an oracle for the one in the product. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { decodeText, isRightsError, mode1, readXml, utf16le, type XmlElement } from '@sealward/xrml'
import { signedDocuments } from './signed-documents.ts'

const python = spawnSync('python3', ['-c', 'import xml.etree.ElementTree'])
const skip = python.status === 0 ? false : 'no python3 with its standard library'
if (skip !== false && process.env['CI'] === 'true') throw new Error(skip)

/** Reads base64 lines; answers for each with a tree of [namespace, name, attributes, text, children], or null. */
const oracle = `
import sys, json, base64
import xml.etree.ElementTree as E
def split(name):
    return name[1:].split('}', 1) if name.startswith('{') else ['', name]
def tree(e):
    text = (e.text or '') + ''.join(c.tail or '' for c in e)
    attributes = sorted([split(k)[1], v] for k, v in e.attrib.items())
    return split(e.tag) + [attributes, text, [tree(c) for c in e]]
for line in sys.stdin:
    try:
        print(json.dumps(tree(E.fromstring(base64.b64decode(line)))))
    except (E.ParseError, ValueError, LookupError):
        print('null')
`

type Tree = readonly [
  namespace: string,
  name: string,
  attributes: readonly (readonly [string, string])[],
  text: string,
  children: readonly Tree[],
]

function treeOf(element: XmlElement): Tree {
  const attributes = [...element.attributes]
    .filter(([name]) => name !== 'xmlns' && !name.startsWith('xmlns:'))
    .map(([name, value]) => [name.slice(name.indexOf(':') + 1), value] as const)
    .sort(([a, x], [b, y]) => (a + x < b + y ? -1 : 1))
  return [element.namespace, element.local, attributes, element.text, element.children.map(treeOf)]
}

function ours(bytes: Uint8Array): Tree | null {
  try {
    return treeOf(readXml(decodeText(bytes)))
  } catch (error) {
    if (isRightsError(error)) return null
    throw error
  }
}

function theirs(inputs: readonly Uint8Array[]): readonly (Tree | null)[] {
  const input = inputs.map((bytes) => Buffer.from(bytes).toString('base64')).join('\n')
  const { stdout, status } = spawnSync('python3', ['-c', oracle], {
    input: `${input}\n`,
    maxBuffer: 1 << 28,
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  })
  assert.equal(status, 0)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Tree | null)
}

const genuine = await signedDocuments(mode1)

/** Pieces that meet each other in every way: most texts are broken, many are not. */
const piece = fc.constantFrom(
  '<a>',
  '</a>',
  '<b>',
  '</b>',
  '<a/>',
  '<b />',
  '<a b="1">',
  '<a b=\'2\' c="3">',
  '<a b = "1" >',
  '<p:a xmlns:p="u">',
  '</p:a>',
  '<a xmlns="u">',
  '<a xmlns="">',
  '<p:b/>',
  '<a p:b="1"/>',
  '<a xmlns:p="u" p:b="1"/>',
  '<a b="1" b="2"/>',
  '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>',
  '<a b="x&#10;y\nz\tw"/>',
  '<a b="<"/>',
  '<a b="&lt;&quot;&apos;"/>',
  "<a b='\"'/>",
  '<a b=1/>',
  '<a b/>',
  '<a b="1"c="2"/>',
  '< a/>',
  '<a',
  '>',
  '<',
  '/>',
  'text',
  ' ',
  '\n',
  '\r\n',
  '\r',
  '\t',
  '&amp;',
  '&lt;',
  '&#65;',
  '&#x1F600;',
  '&#0;',
  '&#xD800;',
  '&#xFFFE;',
  '&#x110000;',
  '&#13;',
  '&nbsp;',
  '&',
  '&#;',
  '&#x;',
  '&amp',
  'é',
  '😀',
  '\u0085',
  '\u2028',
  '\u00A0',
  '\u0001',
  '\u007F',
  '\uFFFD',
  '\uFEFF',
  ']]>',
  ']]',
  '<![CDATA[x<&]]>',
  '<![CDATA[]]>',
  '<![CDATA[',
  '<!-- c -->',
  '<!---->',
  '<!-- -- -->',
  '<!--->',
  '<!--',
  '<?p q?>',
  '<?p?>',
  '<?xml version="1.0"?>',
  '<?xml?>',
  '<?XML x?>',
  '<?p',
  '<a xml:lang="en"/>',
  '<a xml:space="x"/>',
  '<a xmlns:p=""/>',
  '<xml:a/>',
  '<a:b:c/>',
  '<:a/>',
  '<a:/>',
  '<é/>',
  '<a.b-c_d1/>',
  '<1a/>',
  '<-a/>',
  '<a xmlns:xml="http://www.w3.org/XML/1998/namespace"/>',
  '<a xmlns:xmlns="u"/>',
  '<a xmlns:x="http://www.w3.org/2000/xmlns/"/>',
  '<a xmlns="http://www.w3.org/XML/1998/namespace"/>',
)
const inside = fc.array(piece, { maxLength: 5 }).map((pieces) => `<r>${pieces.join('')}</r>`)
const anywhere = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
const declared = fc
  .tuple(
    fc.constantFrom(
      '<?xml version="1.0"?>',
      "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>",
      '<?xml version="1.0"\n?>',
      '\uFEFF',
      '\uFEFF<?xml version="1.0"?>',
      '<?xml encoding="UTF-8"?>',
      '<?xml version="1.0" standalone="maybe"?>',
      '<?xml version="1.1"?>',
      '<?xml version="2.0"?>',
      ' <?xml version="1.0"?>',
      '<?xml version="1.0" version="1.0"?>',
      '<?xml version="1.0"encoding="UTF-8"?>',
    ),
    inside,
  )
  .map(([declaration, body]) => declaration + body)
const edited = fc
  .record({
    document: fc.nat(genuine.length - 1),
    at: fc.nat(6000),
    cut: fc.nat(2),
    insert: fc.oneof(piece, fc.constant('')),
  })
  .map(({ document, at, cut, insert }) => {
    const text = genuine[document] ?? ''
    const position = at % text.length
    return text.slice(0, position) + insert + text.slice(position + cut)
  })
const text = fc.oneof(inside, anywhere, declared, edited).map((value) => value.toWellFormed())
const bytes = fc.tuple(text, fc.constantFrom('utf8', 'utf8', 'utf16le')).map(([value, encoding]) =>
  // The oracle knows UTF-16 by its mark only.
  encoding === 'utf8'
    ? Buffer.from(value, 'utf8')
    : Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le(value.replace(/^\uFEFF/, ''))]),
)

/** XML 1.0 of 2008 allows these in names, the editions before, which the oracle knows, do not. */
const newNameCharacter = /[\uFEFF\uFFFD\u2028😀]/u

/** Differences that are meant. */
function isExplained(value: string, mine: Tree | null): boolean {
  const otherVersion = /^\uFEFF?<\?xml version="(?:1\.1|2\.0)"/.test(value)
  return mine === null ? otherVersion : newNameCharacter.test(names(mine).join(''))
}

function names([, name, attributes, , children]: Tree): readonly string[] {
  return [name, ...attributes.map(([attribute]) => attribute), ...children.flatMap(names)]
}

test('X5: both readers accept the same texts and see the same trees', { skip }, () => {
  const seed = Number(process.env['SEALWARD_SEED'] ?? Date.now() % 2 ** 31)
  const inputs = fc.sample(bytes, { numRuns: 6000, seed })
  const answers = theirs(inputs)
  assert.equal(answers.length, inputs.length)
  let acceptedByBoth = 0
  const differences: string[] = []
  for (const [index, input] of inputs.entries()) {
    const mine = ours(input)
    const other = answers[index] ?? null
    if (mine !== null && other !== null) acceptedByBoth++
    if (JSON.stringify(mine) === JSON.stringify(other)) continue
    const shown = input[0] === 0xff ? Buffer.from(input).toString('utf16le') : Buffer.from(input).toString('utf8')
    if (!isExplained(shown, mine))
      differences.push(
        `${JSON.stringify(shown)}: ${mine === null ? 'refused' : JSON.stringify(mine)}, oracle ${other === null ? 'refused' : JSON.stringify(other)}`,
      )
  }
  assert.ok(acceptedByBoth > 500, `only ${acceptedByBoth} accepted by both`)
  assert.deepEqual(differences.slice(0, 10), [], `${differences.length} differences with SEALWARD_SEED=${seed}`)
})
