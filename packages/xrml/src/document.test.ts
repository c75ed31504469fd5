import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { chainLengthMost, parseXrml, parseXrmlChain } from './document.ts'
import { hierarchy } from './hierarchy.fixture.ts'
import { refusal } from './refusal.fixture.ts'

const body = '<BODY type="LICENSE" version="3.0"><ISSUEDTIME>2020-01-01T00:00</ISSUEDTIME></BODY>'
const signature = '<SIGNATURE><X /></SIGNATURE>'
const documentOf = (content: string): string => `<XrML xmlns="" version="1.2">${content}</XrML>`

test('keeps the characters of the document and of the signed part', () => {
  const text = documentOf(body + signature)
  const document = parseXrml(text)
  assert.equal(document.text, text)
  assert.equal(document.bodyText, body)
  assert.equal(document.signature?.name, 'SIGNATURE')
  assert.equal(parseXrml(documentOf(body)).signature, undefined)
})

test('tells what a document is by its body and descriptor', async () => {
  const { documents } = await hierarchy()
  const types = Object.fromEntries(Object.entries(documents).map(([name, document]) => [name, document.type]))
  assert.deepEqual(types, {
    authority: 'ca-certificate',
    service: 'server-licensor-certificate',
    server: 'server-licensor-certificate',
    processor: 'server-licensor-certificate',
    machine: 'machine-certificate',
    account: 'account-certificate',
    client: 'client-licensor-certificate',
    template: 'rights-template',
    online: 'publishing-license',
    offline: 'publishing-license',
    use: 'use-license',
    ownerUse: 'use-license',
  })
})

test('a descriptor type that is no certificate makes the document unknown, property names included', () => {
  for (const type of ['constructor', '__proto__', 'toString', 'machine-certificate', '']) {
    const descriptor = `<DESCRIPTOR><OBJECT type="${type}"><ID type="MS-GUID">x</ID></OBJECT></DESCRIPTOR>`
    const text = documentOf(`<BODY type="LICENSE" version="3.0">${descriptor}</BODY>`)
    assert.equal(parseXrml(text).type, 'unknown', type)
  }
  assert.equal(parseXrml(documentOf('<BODY type="constructor" />'.replace(' />', '></BODY>'))).type, 'unknown')
})

suite('accepts the opening tags that real writers use', () => {
  for (const attributes of [
    'xmlns="" version="1.2"',
    'version="1.2" xmlns=""',
    'xmlns="" version="1.2" purpose="Content-License"',
    'version="1.2"',
  ]) {
    test(attributes, () => assert.equal(parseXrml(`<XrML ${attributes}>${body}</XrML>`).bodyText, body))
  }
})

suite('X4: refuses', () => {
  const cases: readonly (readonly [name: string, text: string])[] = [
    ['a second BODY', documentOf(body + body + signature)],
    ['a second BODY behind the signature', documentOf(body + signature + body)],
    ['a second SIGNATURE', documentOf(body + signature + signature)],
    ['a SIGNATURE before the BODY', documentOf(signature + body)],
    ['a SIGNATURE alone', documentOf(signature)],
    ['nothing inside', documentOf('')],
    ['another element', documentOf(`${body}<X />${signature}`)],
    ['an element behind', documentOf(`${body}${signature}<X />`)],
    ['text before BODY', documentOf(`x${body}${signature}`)],
    ['a blank between BODY and SIGNATURE', documentOf(`${body} ${signature}`)],
    ['a line end before the end', documentOf(`${body}${signature}\n`)],
    [
      'a document inside a document',
      documentOf(`<BODY type="LICENSE">${documentOf(body + signature)}</BODY>${signature}`),
    ],
    ['a BODY inside a BODY', documentOf(`<BODY type="LICENSE"><WORK>${body}</WORK></BODY>${signature}`)],
    ['a document around a document', `<X>${documentOf(body)}</X>`],
    ['a comment', documentOf(`<!-- -->${body}${signature}`)],
    ['a comment inside the BODY', documentOf('<BODY type="LICENSE"><!-- --></BODY>')],
    ['a CDATA section', documentOf('<BODY type="LICENSE"><X><![CDATA[x]]></X></BODY>')],
    ['an instruction', documentOf(`<BODY type="LICENSE"><?x y?></BODY>`)],
    ['another version', `<XrML version="1.3" xmlns="">${body}</XrML>`],
    ['no version', `<XrML xmlns="">${body}</XrML>`],
    ['an unknown attribute', `<XrML version="1.2" id="a">${body}</XrML>`],
    ['a namespace', `<XrML version="1.2" xmlns="urn:x">${body}</XrML>`],
    ['a prefix', `<x:XrML xmlns:x="urn:x" version="1.2">${body}</x:XrML>`],
    ['an element in a namespace', documentOf('<BODY type="LICENSE"><ISSUER xmlns="urn:x" /></BODY>')],
    ['an element with a prefix', documentOf('<BODY type="LICENSE"><x:ISSUER xmlns:x="urn:x" /></BODY>')],
    ['a blank in the end tag', `<XrML version="1.2">${body}</XrML >`],
    ['another quote', `<XrML version='1.2'>${body}</XrML>`],
    ['another root', `<XrMl version="1.2">${body}</XrMl>`],
    ['a blank before', ` ${documentOf(body)}`],
    ['a line end behind', `${documentOf(body)}\n`],
    ['an XML declaration', `<?xml version="1.0"?>${documentOf(body)}`],
    ['a second document', documentOf(body) + documentOf(body)],
    ['no document', ''],
    ['a repeated DESCRIPTOR', documentOf('<BODY type="LICENSE"><DESCRIPTOR /><DESCRIPTOR /></BODY>')],
  ]
  for (const [name, text] of cases) {
    test(name, () => assert.throws(() => parseXrml(text), refusal('xrml-malformed')))
  }
})

suite('a sequence of documents', () => {
  test('follows an optional declaration', () => {
    const texts = [documentOf(body), `<XrML version="1.2">${body}${signature}</XrML>`]
    for (const prefix of ['', '<?xml version="1.0"?>']) {
      assert.deepEqual(
        parseXrmlChain(prefix + texts.join('\r\n')).map((document) => document.text),
        texts,
      )
    }
  })

  test('is refused when it is longer than any chain, or empty', () => {
    assert.equal(parseXrmlChain(documentOf(body).repeat(chainLengthMost)).length, chainLengthMost)
    assert.throws(() => parseXrmlChain(documentOf(body).repeat(chainLengthMost + 1)), refusal('chain-too-long'))
    assert.throws(() => parseXrmlChain(''), refusal('xrml-malformed'))
    assert.throws(() => parseXrmlChain(`${documentOf(body)}x${documentOf(body)}`), refusal('xml-not-well-formed'))
  })
})
