/** X4: a genuine signature around, beside or inside something that nobody signed. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import {
  isRightsError,
  mode1,
  mode2,
  parseSignedXrml,
  parseXrml,
  parseXrmlChain,
  rawElement,
  verifySignature,
  type XrmlDocument,
} from '@sealward/xrml'
import { readVectorText, vectorsMissing } from '../vectors.ts'
import { signedDocuments } from './signed-documents.ts'

const printed =
  vectorsMissing === false
    ? ['spc', 'rac', 'clc', 'pl', 'ul'].map((name) => readVectorText('ms-rmpr', `${name}.compact.xml`).trimEnd())
    : []
const genuine = [...(await signedDocuments(mode1)), ...(await signedDocuments(mode2)), ...printed]

interface Parts {
  /** The document, its start tag, body and signature as they were signed. */
  readonly text: string
  readonly open: string
  readonly body: string
  readonly signature: string
  /** A body that says something else. */
  readonly evil: string
}

function partsOf(text: string): Parts {
  const { bodyText, signature } = parseXrml(text)
  assert.ok(signature !== undefined)
  const evil = bodyText.replace(/<ISSUEDTIME>\d{4}/, '<ISSUEDTIME>2049')
  assert.notEqual(evil, bodyText)
  return { text, open: text.slice(0, text.indexOf('<BODY')), body: bodyText, signature: rawElement(signature), evil }
}

/** Every place for the other body that a reader might take for the signed one. */
const wrappings: Readonly<Record<string, (parts: Parts) => string>> = {
  'other body before': ({ open, evil, body, signature }) => `${open}${evil}${body}${signature}</XrML>`,
  'other body between': ({ open, evil, body, signature }) => `${open}${body}${evil}${signature}</XrML>`,
  'other body behind': ({ open, evil, body, signature }) => `${open}${body}${signature}${evil}</XrML>`,
  'other body instead': ({ open, evil, signature }) => `${open}${evil}${signature}</XrML>`,
  'other body inside the signature': ({ open, evil, body, signature }) =>
    `${open}${body}${signature.replace('</SIGNATURE>', `${evil}</SIGNATURE>`)}</XrML>`,
  'signed body inside the signature': ({ open, evil, body, signature }) =>
    `${open}${evil}${signature.replace('</SIGNATURE>', `<OBJECT>${body}</OBJECT></SIGNATURE>`)}</XrML>`,
  'signed body inside the other body': ({ open, evil, body, signature }) =>
    `${open}${evil.replace('</BODY>', `${body}</BODY>`)}${signature}</XrML>`,
  'other body inside the signed body': ({ open, evil, body, signature }) =>
    `${open}${body.replace('</BODY>', `${evil}</BODY>`)}${signature}</XrML>`,
  'document inside the other body': ({ open, evil, text, signature }) =>
    `${open}${evil.replace('</BODY>', `<WORK>${text}</WORK></BODY>`)}${signature}</XrML>`,
  'document before the other body': ({ open, evil, text, signature }) => `${open}${text}${evil}${signature}</XrML>`,
  'document behind the other body': ({ open, evil, text }) => `${open}${evil}${text}</XrML>`,
  'document inside the signature': ({ open, evil, text, signature }) =>
    `${open}${evil}${signature.replace('<SIGNATURE>', `<SIGNATURE>${text}`)}</XrML>`,
  'document inside an unsigned document': ({ open, evil, text }) => `${open}${evil}<X>${text}</X></XrML>`,
  'two documents': ({ open, evil, text, signature }) => `${open}${evil}${signature}</XrML>${text}`,
  'two documents, the genuine one first': ({ open, evil, text, signature }) =>
    `${text}${open}${evil}${signature}</XrML>`,
  'two signatures': ({ open, evil, signature }) => `${open}${evil}${signature}${signature}</XrML>`,
  'empty signature first': ({ open, body, signature }) => `${open}${body}<SIGNATURE></SIGNATURE>${signature}</XrML>`,
  'other root': ({ open, evil, body, signature }) => `<Envelope>${open}${body}${signature}</XrML>${evil}</Envelope>`,
  'other body with a prefix': ({ open, evil, body, signature }) =>
    `${open}${evil.replace('<BODY', '<x:BODY xmlns:x="u"').replace('</BODY>', '</x:BODY>')}${body}${signature}</XrML>`,
  'other body in another case': ({ open, evil, body, signature }) =>
    `${open}${evil.replace('<BODY', '<Body').replace('</BODY>', '</Body>')}${body}${signature}</XrML>`,
  'signed body in a comment': ({ open, evil, body, signature }) => `${open}<!--${body}-->${evil}${signature}</XrML>`,
  'other body in a comment': ({ open, evil, body, signature }) => `${open}<!--${evil}-->${body}${signature}</XrML>`,
  'signed body in CDATA': ({ open, evil, body, signature }) => `${open}<![CDATA[${body}]]>${evil}${signature}</XrML>`,
  'signed body in an attribute': ({ open, evil, body, signature }) =>
    `${open}${evil.replace('<BODY', `<BODY x="${body.replaceAll('<', '&lt;').replaceAll('"', '&quot;')}"`)}${signature}</XrML>`,
  'identifiers and references': ({ open, evil, body, signature }) =>
    `${open}${evil.replace('<BODY', '<BODY Id="a"')}${body.replace('<BODY', '<BODY Id="b"')}${signature.replace('<SIGNATURE>', '<SIGNATURE URI="#b">')}</XrML>`,
  'comment in the digest': ({ open, body, signature }) =>
    `${open}${body}${signature.replace(/(<VALUE encoding="base64" size="\d+">)/, '$1<!-- -->')}</XrML>`,
  'comment in the middle of a name': ({ open, body, signature }) =>
    `${open}${body.replace(/<NAME>(.)/, '<NAME>$1<!-- -->')}${signature}</XrML>`,
  'CDATA in the digest': ({ open, body, signature }) =>
    `${open}${body}${signature.replace(/size="(160|256)">([^<]*)</, 'size="$1"><![CDATA[$2]]><')}</XrML>`,
  'instruction in the signature value': ({ open, body, signature }) =>
    `${open}${body}${signature.replace(/<\/VALUE><\/SIGNATURE>/, '<?x y?></VALUE></SIGNATURE>')}</XrML>`,
  'CDATA in the key': ({ open, body, signature }) =>
    `${open}${body.replace(/>65537</, '><![CDATA[65537]]><')}${signature}</XrML>`,
  'comment in the key': ({ open, body, signature }) =>
    `${open}${body.replace(/>65537</, '>65537<!-- --><')}${signature}</XrML>`,
  'second issuer': ({ open, body, signature }) =>
    `${open}${body.replace(/<ISSUER>.*?<\/ISSUER>/, '<ISSUER></ISSUER>$&')}${signature}</XrML>`,
  'second principal': ({ open, body, signature }) =>
    `${open}${body.replace(/<ISSUEDPRINCIPALS>|<WORK>/, '<ISSUEDPRINCIPALS></ISSUEDPRINCIPALS>$&')}${signature}</XrML>`,
}

/** The document if some way of reading takes it and its signature verifies. */
function accepted(text: string): readonly XrmlDocument[] {
  return [() => [parseXrml(text)], () => [parseSignedXrml(text)], () => parseXrmlChain(text)].flatMap((read) => {
    try {
      return read().filter((document) => {
        try {
          verifySignature(document)
          return true
        } catch (error) {
          if (isRightsError(error)) return false
          throw error
        }
      })
    } catch (error) {
      if (isRightsError(error)) return []
      throw error
    }
  })
}

test('X4: the genuine documents are accepted, so the refusals mean something', () => {
  assert.ok(genuine.length >= 8)
  for (const text of genuine) assert.equal(accepted(text).length, 3)
})

suite('X4: accepted as nothing but the genuine document itself:', () => {
  for (const [name, wrap] of Object.entries(wrappings)) {
    test(name, () => {
      for (const text of genuine) {
        const wrapped = wrap(partsOf(text))
        if (wrapped === text) continue
        for (const document of accepted(wrapped)) {
          // A second document beside a genuine one does not make the genuine one worse; it must only stay what it is.
          assert.equal(document.text, text)
          assert.ok(name.startsWith('two documents'), name)
        }
        assert.throws(() => verifySignature(parseXrml(wrapped)), isRightsError)
      }
    })
  }
})

test('X4: no arrangement of pieces of genuine documents is accepted as something new', () => {
  const all = genuine.slice(0, 4).map(partsOf)
  const known = new Set(genuine)
  const pieces = all.flatMap(({ open, body, evil, signature, text }) => [
    open,
    body,
    evil,
    signature,
    text,
    '</XrML>',
    '<BODY type="LICENSE">',
    '</BODY>',
    '<SIGNATURE>',
    '</SIGNATURE>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    ' ',
    '\r\n',
    '<X>',
    '</X>',
  ])
  let count = 0
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 2, maxLength: 7 }), (chosen) => {
      for (const document of accepted(chosen.join(''))) {
        count++
        assert.ok(known.has(document.text))
        assert.equal(rawElement(document.body), document.bodyText)
      }
    }),
    { numRuns: 3000 },
  )
  assert.ok(count > 0)
})

const offset = (list: readonly number[], index: number): number => list[index % list.length] ?? 0

test('X4: no piece of one genuine document put into another is accepted', () => {
  const tags = genuine.slice(0, 8).map((text) => [...text.matchAll(/<[A-Z/][^>]*>/g)].map((match) => match.index))
  const place = fc.record({
    into: fc.nat(7),
    from: fc.nat(7),
    at: fc.nat(10_000),
    start: fc.nat(10_000),
    length: fc.nat(12),
    cut: fc.nat(3),
  })
  fc.assert(
    fc.property(place, ({ into, from, at, start, length, cut }) => {
      const [target = '', source = ''] = [genuine[into], genuine[from]]
      const [targetTags = [], sourceTags = []] = [tags[into], tags[from]]
      const first = start % sourceTags.length
      const piece = source.slice(sourceTags[first], sourceTags[Math.min(first + length, sourceTags.length - 1)])
      const position = offset(targetTags, at)
      const spliced =
        target.slice(0, position) +
        piece +
        target.slice(offset(targetTags, Math.min((at % targetTags.length) + cut, targetTags.length - 1)))
      for (const document of accepted(spliced)) assert.ok(genuine.includes(document.text))
    }),
    { numRuns: 3000 },
  )
})
