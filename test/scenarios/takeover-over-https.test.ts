/**
 * The old cluster is gone, and its names lead to the service: clients whose configuration nobody changed ask the https
 * addresses in their documents, with the port and without, in the spelling of the licence, and get their licences. The
 * client here is curl, which knows nothing of redirections.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { openFileSource } from '@sealward/client'
import { openProtected } from '@sealward/formats'
import { readSoapAnswer, writeSoapCall } from '@sealward/protocol'
import { samplePeople, type ExpectedDocument } from '@sealward/sample'
import { operate } from '@sealward/service'
import {
  distributionUrl,
  openUseLicense,
  orderChain,
  parsePublishingLicense,
  parseUseLicense,
  parseXrml,
  parseXrmlChain,
} from '@sealward/xrml'
import { createServerCertificate, type ServerCertificate } from '../peers/certificates.ts'
import { skipWithout } from '../peers/programs.ts'
import { openLakeside, type Lakeside } from './lakeside.ts'

const skip = skipWithout(['curl', 'openssl'])
const oldNames = ['rms.lakeside.example', 'rights.lakeside.example', 'legalrms.lakeside.example', 'rms', 'legalrms']

let lakeside: Lakeside
let certificate: ServerCertificate
let port = ''

before(async () => {
  if (skip !== false) return
  lakeside = await openLakeside()
  port = new URL(lakeside.url).port
  const service = lakeside.service()
  const administration = service.administration('ines')
  await operate({ administration, core: service.context }, 'setHostNames', { body: { hostNames: oldNames } })
})
after(async () => {
  if (skip === false) await lakeside.close()
})

/** Everybody who may open one, with the address that its licence names. */
function documentsOverHttps(): readonly {
  readonly document: ExpectedDocument
  readonly url: string
  readonly chain: readonly string[]
}[] {
  return lakeside.expected.flatMap((document) => {
    if (document.outcome !== 'opens') return []
    const source = openFileSource(join(lakeside.folder, 'documents', document.path))
    const { licenseText } = openProtected(source)
    source.close()
    const ordered = orderChain(parseXrmlChain(licenseText))
    const [license, signer] = ordered
    if (license === undefined) return []
    const published = parsePublishingLicense(license)
    const url = distributionUrl(published.distributionPoints, 'License-Acquisition-URL') ?? ''
    if (!/^https:/i.test(url)) return []
    const chain = signer?.type === 'client-licensor-certificate' ? [license.text, signer.text] : [license.text]
    return [{ document, url, chain }]
  })
}

/** Somebody of the organisation who may open it. */
function readerOf({ license }: ExpectedDocument): string | undefined {
  return license?.people
    .map(({ principal }) => principal)
    .find((name) => samplePeople.some(({ address, disabled }) => address === name && !disabled))
}

/** Where a client posts for a licence that names this address: the file below it, unless it names the file. */
function fileOf(url: string): string {
  const trimmed = url
    .trim()
    .replace(/\/+$/, '')
    .replace(/\/[a-z]+\.asmx$/i, '')
  return `${trimmed}/license.asmx`
}

test('old https addresses give licences for the documents that name them, character by character', {
  skip,
}, async () => {
  const asked = documentsOverHttps()
  const spellings = new Set(asked.map(({ url }) => url))
  assert.ok(spellings.size >= 5, [...spellings].join(' '))
  assert.ok([...spellings].some((url) => url.includes(':443')))
  const people = new Map<string, Awaited<ReturnType<ReturnType<Lakeside['client']>['identity']>>>()
  for (const { document } of asked) {
    const reader = readerOf(document)
    if (reader !== undefined && !people.has(reader)) people.set(reader, await lakeside.client(reader).identity())
  }
  certificate = createServerCertificate(
    lakeside.newFolder(),
    oldNames.map((name) => `DNS:${name}`),
  )
  const { certificateFile, keyFile } = certificate
  await lakeside.restart({ listener: { port: Number(port), certificateFile, keyFile } })
  for (const { document, url, chain } of asked) {
    const identity = people.get(readerOf(document) ?? '')
    assert.ok(identity !== undefined, document.path)
    const answer = readSoapAnswer('AcquireLicense', Buffer.from(await post(fileOf(url), identity.accountChain, chain)))
    assert.ok(answer.kind === 'response', `${document.path}: ${answer.kind === 'fault' ? answer.fault.full : ''}`)
    const [outcome] = answer.response.responses
    assert.ok(outcome?.outcome === 'licensed', document.path)
    const license = parseUseLicense(parseXrml(outcome.certificateChain[0] ?? ''))
    assert.ok((await openUseLicense(license, identity.accountKey)).key.length > 0)
  }
})

test('a name that was never taken over gets nothing, whatever its certificate', { skip }, async () => {
  const status = await curl(
    [
      '--output',
      '/dev/null',
      '--write-out',
      '%{http_code}',
      '--insecure',
      'https://other.example/_wmcs/licensing/license.asmx',
    ],
    'other.example',
  )
  assert.equal(status, '404')
})

function post(
  url: string,
  licenseeCertificates: readonly string[],
  issuanceLicense: readonly string[],
): Promise<string> {
  const { headers, body } = writeSoapCall('AcquireLicense', { requests: [{ licenseeCertificates, issuanceLicense }] })
  const file = join(lakeside.newFolder(), 'call.xml')
  writeFileSync(file, body)
  const sent = [
    '--header',
    `Content-Type: ${headers.contentType}`,
    '--header',
    `SOAPAction: ${headers.soapAction ?? ''}`,
  ]
  return curl([...sent, '--data-binary', `@${file}`, url], new URL(url).hostname)
}

/** Names lead to this machine, as the address record of the old cluster would after the move. */
async function curl(args: readonly string[], host: string): Promise<string> {
  const to = ['--connect-to', `${host}:443:127.0.0.1:${port}`, '--cacert', certificate.authorityFile]
  const { stdout } = await promisify(execFile)('curl', [
    '--silent',
    '--show-error',
    '--max-time',
    '20',
    '--proto',
    '=https',
    ...to,
    ...args,
  ])
  return stdout
}
