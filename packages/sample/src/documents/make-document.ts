/** From a row of the plan to a file, with what a rehearsal must find in it. */
import { createHash } from 'node:crypto'
import { type FileFormat, pfileExtension, protectedPfileName } from '@sealward/formats'
import { canonicalGuid, type CipherMode, type ErrorCode } from '@sealward/xrml'
import { deskOf, type SampleDesk } from '../authorities/desks.ts'
import { writeLabelMetadata } from '../contents/label-metadata.ts'
import type { ProtectSpec, SampleOrganisation } from '../organisation.ts'
import { policyOf } from '../protection/policies.ts'
import type { SampleContainer } from '../protection/protect-document.ts'
import { templateOf } from '../protection/templates.ts'
import type { RandomBytes } from '../randomness.ts'
import { type CipherChoice, type ProtectedRow } from './document-plan.ts'
import {
  type ExpectedDocument,
  type ExpectedLicense,
  expiryOf,
  peopleWithRights,
  policyInForce,
  type SampleDocument,
} from './expected-document.ts'
import { alterLicense, damageFile, faultReasons, unreadableFaults } from './faults.ts'
import { makePlainFile } from './plain-file.ts'
import { defaultContentSize, writeContent } from './sample-content.ts'
import { licenseUrls } from './url-spellings.ts'

export interface MakeDocumentContext {
  readonly organisation: SampleOrganisation
  readonly random: RandomBytes
  readonly now: Date
}

const minute = 60_000
const day = 1440 * minute

/** One label of the sample, in its own tenant. */
const label = {
  id: '{7c0b5ea1-2d44-4b0e-9a5b-33b1c6f0a1d2}',
  enabled: true,
  method: 'Standard',
  siteId: '{e4b1d2f0-58a7-4c1c-8d59-0f6c2ab97e31}',
  contentBits: 8,
  removed: false,
} as const

/** @param index counts from 0; beyond the end of the plan the plan starts again in a further folder */
export async function makeDocument(index: number, context: MakeDocumentContext): Promise<SampleDocument> {
  const { plan } = context.organisation
  const row = plan[index % plan.length]
  const round = Math.floor(index / plan.length)
  if (row === undefined) throw new RangeError('the plan is empty')
  const path = round === 0 ? row.name : `archive ${String(round).padStart(4, '0')}/${row.name}`
  return row.kind === 'plain'
    ? makePlainFile({ ...row, name: path }, index, context.random)
    : makeProtectedFile({ ...row, name: path }, index, round, context)
}

async function makeProtectedFile(
  row: ProtectedRow,
  index: number,
  round: number,
  context: MakeDocumentContext,
): Promise<SampleDocument> {
  const { organisation, random } = context
  const desk = deskOf(organisation.desks, row.desk)
  // Large contents once: a sample of ten thousand documents is to fill folders, not disks.
  const size = Math.min(row.size ?? defaultContentSize, round === 0 ? Number.POSITIVE_INFINITY : 60)
  const fileName = row.name.slice(row.name.lastIndexOf('/') + 1)
  const content = await writeContent({
    kind: row.content,
    title: fileName,
    author: desk.author.name,
    size,
    seed: index,
    random,
  })
  const issuedAt = issueTime(row, index, desk)
  const made = await organisation.protectDocument({
    ...optionsOf(row, fileName),
    desk: row.desk,
    content,
    policy: row.policy,
    spelling: row.spelling,
    issuedAt,
    cipher: ciphers[row.cipher ?? 'aes-128-ecb'],
  })
  return {
    bytes: damageFile(row.fault, made.bytes, content.length),
    expected: expectedOf(row, { desk, issuedAt, content }, context),
  }
}

const ciphers: Readonly<Record<CipherChoice, { readonly mode: CipherMode; readonly keyBytes: 16 | 32 }>> = {
  'aes-128-ecb': { mode: 'ecb', keyBytes: 16 },
  'aes-256-cbc4k-nopad': { mode: 'cbc4k-nopad', keyBytes: 32 },
  'aes-128-cbc4k': { mode: 'cbc4k', keyBytes: 16 },
  'aes-256-cbc4k': { mode: 'cbc4k', keyBytes: 32 },
  'aes-256-ecb': { mode: 'ecb', keyBytes: 32 },
}

function optionsOf(row: ProtectedRow, fileName: string): Partial<ProtectSpec> {
  return {
    container: containerOf(row, fileName),
    cacheForOwner: row.cacheForOwner,
    cacheFor: row.cacheFor,
    contentName: row.shape === '3.0' ? fileName : undefined,
    labels: row.labelled === true ? [label] : undefined,
    alterLicense: alterLicense(row.fault),
    ...(row.signedBy === undefined ? {} : { signedBy: row.signedBy }),
  }
}

function containerOf({ shape }: ProtectedRow, fileName: string): SampleContainer {
  if (shape === undefined) return { kind: 'office' }
  const extension = pfileExtension(fileName)
  return shape === '2.1-metadata'
    ? { kind: 'pfile', shape, extension, metadata: writeLabelMetadata(label.id.slice(1, -1), 'Internal') }
    : { kind: 'pfile', shape, extension }
}

/** To the minute, as licences state times; spread over the year for which the desk's certificates may issue; one document claims a time after it. */
function issueTime(row: ProtectedRow, index: number, desk: SampleDesk): Date {
  if (row.fault === 'issued-outside-range') return new Date(desk.until.getTime() + 30 * day)
  return new Date(desk.since.getTime() + day + ((index * 1747) % (360 * 1440)) * minute)
}

function expectedOf(
  row: ProtectedRow,
  made: { readonly desk: SampleDesk; readonly issuedAt: Date; readonly content: Uint8Array },
  context: MakeDocumentContext,
): ExpectedDocument {
  const { desk, content } = made
  const reason = reasonOf(row, desk)
  const isReadable = !unreadableFaults.has(row.fault)
  const path = row.shape === undefined ? row.name : protectedPath(row.name)
  // A PFILE shows what it is in its first bytes; a compound file must be readable to show what is in it.
  const format: FileFormat = row.shape !== undefined ? 'pfile' : isReadable ? 'office-open-xml' : 'unknown'
  const key = isReadable ? { key: desk.cluster.publicKey.fingerprint } : {}
  if (reason !== undefined) return { path, format, outcome: 'fails', reason, ...key }
  return {
    path,
    format,
    outcome: 'opens',
    ...key,
    contentSha256: createHash('sha256').update(content).digest('hex'),
    contentSize: content.length,
    license: expectedLicense(row, made, context),
  }
}

function expectedLicense(
  row: ProtectedRow,
  { desk, issuedAt }: { readonly desk: SampleDesk; readonly issuedAt: Date },
  { organisation, now }: MakeDocumentContext,
): ExpectedLicense {
  const { templates } = organisation
  const policy = policyOf(row.policy)
  const inForce = { policy, owner: desk.author, issuedAt, now }
  const template = policy.kind === 'template' ? templateOf(templates, policy.template) : undefined
  const expiresAt = expiryOf(inForce, templates)
  return {
    kind: row.signedBy === undefined ? 'offline' : 'online',
    issuedAt,
    owner: desk.author.address,
    ...licenseUrls(desk.cluster, row.spelling),
    ...(template === undefined || template.state === 'deleted' ? {} : { template: canonicalGuid(template.id) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    mayOpen: policyInForce(inForce, templates),
    people: peopleWithRights(inForce, templates),
  }
}

function reasonOf(row: ProtectedRow, desk: SampleDesk): ErrorCode | undefined {
  if (row.fault !== undefined) return faultReasons[row.fault]
  return desk.cluster.name === 'plant' ? 'key-not-exported' : undefined
}

function protectedPath(path: string): string {
  const slash = path.lastIndexOf('/') + 1
  return path.slice(0, slash) + protectedPfileName(path.slice(slash))
}
