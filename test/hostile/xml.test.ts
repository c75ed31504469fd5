/** X1 to X3: entities, expansion and bombs against the one XML reader. */
import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import {
  decodeText,
  defaultXmlLimits,
  isRightsError,
  parseXrml,
  parseXrmlChain,
  readXml,
  readXmlFragments,
  utf16le,
  type ErrorCode,
} from '@sealward/xrml'
import { costOf } from './measure.ts'

function codeOf(call: () => unknown): ErrorCode | 'accepted' {
  try {
    call()
    return 'accepted'
  } catch (error) {
    if (isRightsError(error)) return error.code
    throw error
  }
}

/** In the manner of the collections that testers of web services use; each would read a file or call the server. */
function payloads(url: string): readonly string[] {
  const body = '<XrML version="1.2"><BODY>&x;</BODY></XrML>'
  const types = [
    `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>`,
    `<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///c:/boot.ini'>]>`,
    `<!DOCTYPE r [<!ENTITY x SYSTEM "${url}">]>`,
    `<!DOCTYPE r [<!ENTITY x PUBLIC "any" "${url}">]>`,
    `<!DOCTYPE r SYSTEM "${url}/r.dtd">`,
    `<!DOCTYPE r PUBLIC "-//A//B//EN" "${url}/r.dtd">`,
    `<!DOCTYPE r PUBLIC "-//A//B//EN" "${url}/r.dtd" [<!ENTITY x "y">]>`,
    `<!DOCTYPE r [<!ENTITY % p SYSTEM "${url}/p.dtd"> %p;]>`,
    `<!DOCTYPE r [<!ENTITY % f SYSTEM "file:///etc/hostname"><!ENTITY % p SYSTEM "${url}/p.dtd"> %p; %s;]>`,
    `<!DOCTYPE r [<!ENTITY % a "<!ENTITY &#37; b SYSTEM '${url}'>"> %a; %b;]>`,
    `<!DOCTYPE r [<!ENTITY % l SYSTEM "file:///usr/share/xml/x.dtd"><!ENTITY % c '<!ENTITY &#x25; e "x">'> %l;]>`,
    `<!DOCTYPE r [<!ENTITY x SYSTEM "expect://id">]>`,
    `<!DOCTYPE r [<!ENTITY x SYSTEM "php://filter/read=convert.base64-encode/resource=/etc/passwd">]>`,
    `<!DOCTYPE r [<!ENTITY x SYSTEM "jar:${url}/a.zip!/x">]>`,
    `<!DOCTYPE r [<!ENTITY x SYSTEM "netdoc:/etc/passwd">]>`,
    `<!DOCTYPE r [<!ENTITY x SYSTEM "gopher://127.0.0.1:70/x">]>`,
    `<!DOCTYPE r [<!ENTITY x SYSTEM "ftp://127.0.0.1/x">]>`,
    `<!DOCTYPE r [<!ENTITY x SYSTEM "data:text/plain,x">]>`,
    `<!DOCTYPE r [<!ENTITY x SYSTEM "\\\\127.0.0.1\\share\\x">]>`,
    `<!DOCTYPE r [<!ELEMENT r ANY><!ENTITY x SYSTEM "file:///dev/random">]>`,
    `<!DOCTYPE r [<!ATTLIST r a CDATA "y"><!ENTITY x "z">]>`,
    `<!DOCTYPE r [<!NOTATION n SYSTEM "${url}"><!ENTITY x SYSTEM "${url}" NDATA n>]>`,
    `<!DOCTYPE r [<!ENTITY x "local">]>`,
    `<!DOCTYPE r>`,
    `<!doctype r [<!ENTITY x SYSTEM "${url}">]>`,
    `<!DocType r [<!ENTITY x SYSTEM "${url}">]>`,
    `<!DOCTYPE\nr\n[<!ENTITY x SYSTEM "${url}">]>`,
    `<!-- --><!DOCTYPE r [<!ENTITY x SYSTEM "${url}">]>`,
    `<?x y?>\r\n<!DOCTYPE r [<!ENTITY x SYSTEM "${url}">]>`,
    `<!ENTITY x SYSTEM "${url}">`,
  ]
  const placed = types.flatMap((type) => [type + body, `<?xml version="1.0"?>${type}${body}`])
  const other = [
    `<XrML version="1.2"><BODY><!DOCTYPE r [<!ENTITY x SYSTEM "${url}">]>&x;</BODY></XrML>`,
    `${body}<!DOCTYPE r SYSTEM "${url}">`,
    `<r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="${url}" parse="text"/></r>`,
    `<?xml-stylesheet type="text/xsl" href="${url}"?><r/>`,
    `<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="u ${url}"/>`,
    `<r xml:base="${url}"/>`,
    `<r xmlns="${url}"/>`,
  ]
  return [...placed, ...other]
}

suite('X1: external entities', () => {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.destroy()
  })
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  after(() => new Promise<unknown>((resolve) => server.close(resolve)))

  test('declared in any way refuse, and nothing is fetched', async () => {
    const { port } = server.address() as AddressInfo
    const texts = payloads(`http://127.0.0.1:${port}`)
    assert.ok(texts.length > 60)
    for (const text of texts) {
      const encodings = [Buffer.from(text, 'utf8'), utf16le(text), Buffer.from(utf16le(text)).swap16()]
      for (const bytes of encodings) {
        const declared = /<!(?:DOCTYPE|ENTITY)/i.test(text)
        for (const read of [readXml, readXmlFragments, parseXrml, parseXrmlChain]) {
          const code = codeOf(() => read(decodeText(bytes)))
          if (declared) assert.ok(code === 'xml-dtd-refused' || code === 'xml-not-well-formed', `${code}: ${text}`)
          if (read === parseXrml || read === parseXrmlChain) assert.notEqual(code, 'accepted', text)
        }
      }
    }
    await delay(50)
    assert.equal(connections, 0)
  })

  test('that hide their declaration in an encoding refuse with the encoding', () => {
    const text = `<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE r SYSTEM +ACI-http://127.0.0.1/+ACIAPg-<r/>`
    assert.equal(
      codeOf(() => decodeText(Buffer.from(text))),
      'text-encoding-refused',
    )
  })
})

const nested = (levels: number, width: number): string => {
  const lines = Array.from({ length: levels }, (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(width)}">`)
  return `<!DOCTYPE r [<!ENTITY e0 "ha">${lines.join('')}]><r>&e${levels};</r>`
}

suite('X2: expansion', () => {
  const cases: readonly (readonly [name: string, text: string, code: ErrorCode | 'accepted'])[] = [
    ['exponential entities', nested(10, 10), 'xml-dtd-refused'],
    ['exponential parameter entities', nested(10, 10).replaceAll('<!ENTITY e', '<!ENTITY % e'), 'xml-dtd-refused'],
    [
      'one long entity, used often',
      `<!DOCTYPE r [<!ENTITY e "${'x'.repeat(100_000)}">]><r>${'&e;'.repeat(100_000)}</r>`,
      'xml-dtd-refused',
    ],
    [
      'entities that contain each other',
      '<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]><r>&a;</r>',
      'xml-dtd-refused',
    ],
    ['entities without a declaration', `<r>${'&e;'.repeat(100_000)}</r>`, 'xml-not-well-formed'],
    ['character references', `<r>${'&#65;'.repeat(500_000)}</r>`, 'xml-limit-exceeded'],
    ['character references in hexadecimal', `<r>${'&#x41;'.repeat(500_000)}</r>`, 'xml-limit-exceeded'],
    ['character references in attributes', `<r a="${'&#10;'.repeat(500_000)}"/>`, 'xml-limit-exceeded'],
    [
      'character references in many elements',
      `<r>${'<a b="&#65;">&#65;</a>'.repeat(20_000)}</r>`,
      'xml-limit-exceeded',
    ],
    ['as many character references as are allowed', `<r>${'&#65;'.repeat(10_000)}</r>`, 'accepted'],
    ['references written twice', `<r>${'&amp;#65;'.repeat(200_000)}</r>`, 'accepted'],
    ['predefined entities', `<r>${'&amp;'.repeat(500_000)}</r>`, 'accepted'],
    ['one reference of a million digits', `<r>&#${'0'.repeat(1_000_000)}65;</r>`, 'accepted'],
    ['one entity without end', `<r>&${'a'.repeat(1_000_000)}`, 'xml-not-well-formed'],
    ['a million ampersands', `<r>${'&'.repeat(1_000_000)}</r>`, 'xml-not-well-formed'],
    ['brackets that end no section', `<r>${']]'.repeat(500_000)}</r>`, 'accepted'],
    ['dashes in a comment', `<r><!--${'- '.repeat(500_000)}--></r>`, 'accepted'],
    ['line ends', `<r>${'\r\n'.repeat(500_000)}</r>`, 'accepted'],
    ['half a declaration', `<?xml version="1.0"${' '.repeat(1_000_000)}<r/>`, 'xml-not-well-formed'],
    [
      'quotes in a declaration',
      `<?xml version="1.0" encoding="${'a" encoding="'.repeat(50_000)}"?><r/>`,
      'xml-not-well-formed',
    ],
  ]
  for (const [name, text, code] of cases) {
    test(name, () => {
      const cost = costOf(() =>
        assert.equal(
          codeOf(() => readXml(text)),
          code,
        ),
      )
      codeOf(() => readXmlFragments(text))
      codeOf(() => decodeText(Buffer.from(text)))
      assert.ok(cost.milliseconds < 2000, `${cost.milliseconds} ms`)
      assert.ok(cost.mebibytes < 128, `${cost.mebibytes} MiB`)
    })
  }
})

const many = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join('')

suite('X3: bombs', () => {
  const levels = 200_000
  const cases: readonly (readonly [name: string, text: string, code: ErrorCode | 'accepted'])[] = [
    ['200,000 levels', `${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`, 'xml-limit-exceeded'],
    ['200,000 levels without an end', '<a>'.repeat(levels), 'xml-limit-exceeded'],
    ['200,000 levels of changing names', many(levels, (index) => `<a${index}>`), 'xml-limit-exceeded'],
    [
      '200,000 levels, each in its own namespace',
      many(levels, (index) => `<a xmlns="u${index}">`),
      'xml-limit-exceeded',
    ],
    ['one level too many', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`, 'xml-limit-exceeded'],
    ['as many levels as are allowed', `${'<a>'.repeat(64)}${'</a>'.repeat(64)}`, 'accepted'],
    ['200,000 attributes', `<a ${many(200_000, (index) => `b${index}="" `)}/>`, 'xml-limit-exceeded'],
    ['200,000 equal attributes', `<a ${'b="" '.repeat(200_000)}/>`, 'xml-limit-exceeded'],
    ['200,000 namespaces', `<a ${many(200_000, (index) => `xmlns:b${index}="u" `)}/>`, 'xml-limit-exceeded'],
    [
      'namespaces at every level',
      `${many(64, (level) => `<a ${many(64, (index) => `xmlns:n${level}-${index}="u" `)}>`)}<b/>${'</a>'.repeat(64)}`,
      'xml-limit-exceeded',
    ],
    ['a million elements', `<a>${'<b/>'.repeat(1_000_000)}</a>`, 'xml-limit-exceeded'],
    ['a million roots', '<b/>'.repeat(1_000_000), 'xml-not-well-formed'],
    ['a name of a megabyte', `<${'a'.repeat(1_000_000)}/>`, 'accepted'],
    ['an attribute of a megabyte', `<a b="${'c'.repeat(1_000_000)}"/>`, 'accepted'],
    ['text beyond the limit', `<a>${'x'.repeat(defaultXmlLimits.length)}</a>`, 'xml-limit-exceeded'],
    [
      'an array that is declared huge',
      '<a xmlns:s="http://schemas.xmlsoap.org/soap/encoding/" s:arrayType="x[2147483647]" s:offset="[2147483646]"><b/></a>',
      'accepted',
    ],
    ['closing tags alone', '</a>'.repeat(500_000), 'xml-not-well-formed'],
    ['opening brackets alone', '<'.repeat(1_000_000), 'xml-not-well-formed'],
    ['a tag without end', `<a${' b=""'.repeat(30)}${' '.repeat(1_000_000)}`, 'xml-not-well-formed'],
  ]
  for (const [name, text, code] of cases) {
    test(name, () => {
      const cost = costOf(() =>
        assert.equal(
          codeOf(() => readXml(text)),
          code,
        ),
      )
      assert.notEqual(
        codeOf(() => parseXrml(text)),
        'accepted',
      )
      assert.notEqual(
        codeOf(() => parseXrmlChain(text)),
        'accepted',
      )
      // Depth bombs are expected to end within a few milliseconds, a million elements within a few hundred.
      assert.ok(cost.milliseconds < 2000, `${cost.milliseconds} ms`)
      assert.ok(cost.mebibytes < 128, `${cost.mebibytes} MiB`)
    })
  }

  test('the deepest bomb costs next to nothing', () => {
    const text = '<a>'.repeat(levels)
    codeOf(() => readXml(text))
    assert.ok(costOf(() => codeOf(() => readXml(text))).milliseconds < 1000)
  })

  test('the largest document that is allowed is read within bounds', () => {
    const text = `<a>${'<b c="d">e</b>'.repeat(99_999)}</a>`
    const cost = costOf(() => assert.equal(readXml(text).children.length, 99_999))
    assert.ok(cost.milliseconds < 5000, `${cost.milliseconds} ms`)
    assert.ok(cost.mebibytes < 256, `${cost.mebibytes} MiB`)
  })

  test('sizes that licences declare are never believed', () => {
    for (const size of ['99999999999999999999', '-1', 'NaN', '1e9', '2147483647', '']) {
      const text = `<XrML version="1.2"><BODY></BODY><SIGNATURE><DIGEST><ALGORITHM>SHA1</ALGORITHM><VALUE size="${size}">AA==</VALUE></DIGEST><VALUE size="${size}">AA==</VALUE></SIGNATURE></XrML>`
      const cost = costOf(() => codeOf(() => parseXrml(text)))
      assert.ok(cost.mebibytes < 16, `${cost.mebibytes} MiB`)
    }
  })
})
