/**
 * The proof of `start --exit`: an old document and a new one, opened through the running service by people who may, and
 * refused to somebody who may not.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, listTemplates, openDocument, protectFile, type Client, type Door } from '@sealward/client'
import { writeOfficeDocument } from '@sealward/sample'
import { verifyAuditLog, type Service } from '@sealward/service'
import { isRightsError, RightsError } from '@sealward/xrml'
import type { ServiceConnection } from '../connection/connection-file.ts'
import type { Narrator } from './narrator.ts'
import { readSampleAccounts, readSampleExpectations, type SampleFiles } from './sample-files.ts'

export interface DemonstrationInput {
  readonly data: string
  readonly sample: SampleFiles
  readonly connection: ServiceConnection
  /** Fingerprint of the Mode 1 key, whose documents are the oldest. */
  readonly oldKey: string
  readonly narrator: Narrator
  readonly service: Service
  readonly signal: AbortSignal
}

const author = 'anna.berg@lakeside.example'
const reader = 'omar.haddad@lakeside.example'
const stranger = 'nina.brandt@riverbank.example'
const templateName = 'Lakeside internal'
const tokenLifetime = 60_000

/** @throws RightsError of the first step that fails; `demonstration-failed` where something opened that should not */
export async function demonstrate(input: DemonstrationInput): Promise<void> {
  // Users without anything kept from earlier: every licence comes from the running service.
  const folder = mkdtempSync(join(input.data, 'demonstration-'))
  try {
    await openOldDocument(input, folder)
    await protectAndOpen(input, folder)
    await showEvidence(input)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function openOldDocument(input: DemonstrationInput, folder: string): Promise<void> {
  const { sample, narrator, oldKey } = input
  for (const document of readSampleExpectations(sample).documents) {
    const person = document.license?.people.find(({ principal }) => principal !== document.license?.owner)?.principal
    if (document.key !== oldKey || document.outcome !== 'opens' || person === undefined) continue
    input.signal.throwIfAborted()
    narrator.step(`An old document, opened through the service: ${document.path}`)
    const opened = await openAndHash(clientOf(input, person, folder), join(sample.documents, document.path))
    require(opened.sha256 === document.contentSha256, 'the content is not the one that was protected')
    narrator.detail(`protected by ${document.license?.owner ?? ''} with RSA 1024, Cryptographic Mode 1`)
    narrator.detail(`opened by ${person} with ${opened.rights.join(', ')}`)
    narrator.detail(`${opened.size} bytes, SHA-256 ${opened.sha256.slice(0, 16)}…: exactly what was protected`)
    return
  }
  throw new RightsError('demonstration-failed', { detail: 'no old document that another person may open' })
}

async function protectAndOpen(input: DemonstrationInput, folder: string): Promise<void> {
  const { narrator } = input
  const path = join(folder, 'minutes.docx')
  const lines = ['What is said here stays here.', `Written on ${new Date().toISOString().slice(0, 10)}.`]
  const content = await writeOfficeDocument('docx', { title: 'Minutes', author: 'Anna Berg', lines })
  writeFileSync(path, content, { flag: 'wx', mode: 0o600 })

  input.signal.throwIfAborted()
  narrator.step('A new document, protected through the service: minutes.docx')
  const anna = clientOf(input, author, folder)
  const template = (await listTemplates(anna)).find(({ name }) => name === templateName)
  if (template === undefined) throw new RightsError('template-unknown', { detail: templateName })
  const written = await protectFile(anna, path, { templateId: template.id }, { original: 'replace' })
  narrator.detail(`by ${author} with the template "${template.name}", ${written.size} bytes`)
  input.signal.throwIfAborted()
  const opened = await openAndHash(clientOf(input, reader, folder), path)
  require(opened.sha256 === sha256(content), 'the content is not the one that was protected')
  narrator.detail(`opened by ${reader} with ${opened.rights.join(', ')}`)
  narrator.detail(`${opened.size} bytes, SHA-256 ${opened.sha256.slice(0, 16)}…: exactly what was protected`)
  const overRest = await openAndHash(clientOf(input, reader, folder, 'rest'), path)
  require(overRest.sha256 === opened.sha256, 'REST gives another content than SOAP')
  narrator.detail('opened over REST as well: the same bytes')
  const refusal = await openAndHash(clientOf(input, stranger, folder), path).catch((error: unknown) => error)
  require(isRightsError(refusal, 'no-rights'), 'it opened for somebody who has no rights')
  narrator.detail(`refused to ${stranger} [no-rights]`)
}

async function showEvidence({ service, narrator }: DemonstrationInput): Promise<void> {
  narrator.step('The evidence')
  const { rows, problem } = await verifyAuditLog(service.context.store)
  require(problem === undefined, 'the log is not complete')
  narrator.detail(`${rows} records of licences, granted and refused, in one unbroken chain`)
}

function clientOf(input: DemonstrationInput, address: string, folder: string, door: Door = 'soap'): Client {
  const { sample, connection, service } = input
  const account = readSampleAccounts(sample).find((candidate) => candidate.address === address)
  if (account === undefined) throw new RightsError('user-not-in-directory', { detail: address })
  return createClient({
    serviceUrl: connection.service,
    user: address,
    door,
    password: () => Buffer.from(account.password),
    token: () => service.issueToken(address, tokenLifetime),
    storeDirectory: join(folder, 'clients'),
    anchors: connection.anchors,
    redirections: connection.redirections,
  })
}

async function openAndHash(client: Client, path: string) {
  const hash = createHash('sha256')
  const { rights, size } = await openDocument(client, path, { write: (bytes) => void hash.update(bytes) })
  return { rights, size, sha256: hash.digest('hex') }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function require(holds: boolean, otherwise: string): void {
  if (!holds) throw new RightsError('demonstration-failed', { detail: otherwise })
}
