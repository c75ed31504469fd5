/**
 * The documents of the sample as a table: what years of use leave on a file server. A larger sample repeats the table, so
 * the proportions stay.
 */
import type { PfileShape } from '@sealward/formats'
import type { DeskName } from '../authorities/desks.ts'
import type { PolicyName, SamplePolicy } from '../protection/policies.ts'
import type { Fault } from './faults.ts'
import type { ContentKind } from './sample-content.ts'
import type { UrlSpelling } from './url-spellings.ts'

/** How the content is encrypted: what clients of the time did by themselves. */
export type CipherChoice = 'aes-128-ecb' | 'aes-256-cbc4k-nopad' | 'aes-128-cbc4k' | 'aes-256-cbc4k' | 'aes-256-ecb'

export interface ProtectedRow {
  readonly kind: 'protected'
  /** Below the folder of documents, with the extension of the unprotected file. */
  readonly name: string
  readonly content: ContentKind
  readonly desk: DeskName
  readonly policy: PolicyName | SamplePolicy
  readonly spelling: UrlSpelling
  /** PFILE of this shape; otherwise an Office document. */
  readonly shape?: PfileShape
  /** `aes-128-ecb` by default. */
  readonly cipher?: CipherChoice
  /** Lines of text, or kilobytes of data; 12 by default. */
  readonly size?: number
  readonly signedBy?: 'server' | 'server-with-chain'
  readonly cacheForOwner?: boolean
  readonly cacheFor?: DeskName
  readonly labelled?: boolean
  readonly fault?: Fault
}

export interface PlainRow {
  readonly kind: 'plain'
  readonly name: string
  readonly content: ContentKind | 'password-encrypted' | 'empty' | 'unknown'
}

export type PlannedRow = ProtectedRow | PlainRow

export type Extras = Partial<Omit<ProtectedRow, 'kind' | 'name' | 'content' | 'desk' | 'policy' | 'spelling' | 'shape'>>

/** An Office document; its kind is its extension. */
export function office(
  desk: DeskName,
  name: string,
  policy: PolicyName | SamplePolicy,
  spelling: UrlSpelling,
  extras: Extras = {},
): ProtectedRow {
  return { kind: 'protected', name, content: extensionOf(name), desk, policy, spelling, ...extras }
}

export function pfile(
  desk: DeskName,
  name: string,
  shape: PfileShape,
  policy: PolicyName | SamplePolicy,
  spelling: UrlSpelling,
  extras: Extras = {},
): ProtectedRow {
  return { kind: 'protected', name, content: extensionOf(name), desk, shape, policy, spelling, ...extras }
}

function plain(name: string, content: PlainRow['content']): PlainRow {
  return { kind: 'plain', name, content }
}

function extensionOf(name: string): ContentKind {
  return name.slice(name.lastIndexOf('.') + 1) as ContentKind
}

const recent = { cipher: 'aes-256-cbc4k-nopad' } as const
const wide = { cipher: 'aes-256-cbc4k' } as const

export const documentPlan: readonly PlannedRow[] = [
  // The first cluster, Cryptographic Mode 1
  office('anna-2009', 'finance/budget 2009.xlsx', 'finance changes', 'http, short name'),
  office('anna-2009', 'finance/closing 2008.docx', 'old finance template', 'as configured', { size: 300 }),
  office('anna-2009', 'finance/plan to the board.pptx', 'not cached', 'port 80'),
  office('anna-2009', 'finance/bank accounts.xlsx', 'owner only', 'https, short name', { cacheForOwner: true }),
  office('jonas-2011', 'engineering/turbine review.docx', 'engineering changes', 'https, full name'),
  office('jonas-2011', 'engineering/turbine tests.xlsx', 'heron team', 'upper-case scheme', { size: 800 }),
  office('jonas-2011', 'engineering/roadmap.pptx', 'old staff template', 'extranet'),
  office('jonas-2011', 'engineering/Prüfplan Größe 4.docx', 'staff by alias', 'trailing slash'),
  office('emma-2013', 'board/minutes 2013-01.docx', 'two people', 'http, full name', { cacheForOwner: true }),
  office('emma-2013', 'board/strategy.pptx', 'anyone', 'extranet first'),
  office('emma-2013', 'board/shareholders.xlsx', 'partner', 'service file'),
  office('emma-2013', 'board/letter to staff.docx', 'staff reads', 'trailing blank'),
  pfile('emma-2013', 'board/agenda.txt', '2.0', 'staff reads', 'extranet, port 443'),
  pfile('emma-2013', 'board/site photo.jpg', '2.0', 'anyone', 'https, full name', { cipher: 'aes-128-cbc4k' }),
  pfile('emma-2013', 'board/floor plan.dwg', '2.1', 'two people', 'port 443', { cipher: 'aes-128-cbc4k', size: 300 }),
  // The second cluster, Cryptographic Mode 2, at the same address
  office('anna-2014', 'finance/budget 2014.xlsx', 'finance changes', 'https, short name', { size: 600 }),
  office('anna-2014', 'finance/forecast.docx', 'staff template before its edit', 'https, full name', {
    cacheForOwner: true,
  }),
  office('anna-2014', 'finance/rolling plan.pptx', 'forgotten heron template', 'http, short name'),
  office('anna-2014', 'finance/covenants.docx', 'valid for a century', 'extranet first'),
  office('anna-2014', 'finance/offer to Riverbank.docx', 'partners template', 'extranet, port 443'),
  office('anna-2014', 'finance/bonus 2014.xlsx', 'expired', 'upper-case host'),
  pfile('anna-2014', 'finance/ledger.csv', '2.1', 'finance changes', 'upper-case scheme and port', { size: 3000 }),
  pfile('anna-2014', 'finance/rates.xml', '2.1', 'staff reads', 'mixed-case path', { cipher: 'aes-128-cbc4k' }),
  office('li-2016', 'engineering/heron wing.docx', 'heron team', 'port 443', { size: 500 }),
  office('li-2016', 'engineering/heron loads.xlsx', 'left the company', 'publishing file'),
  office('li-2016', 'engineering/heron kick-off.pptx', 'staff template before its edit', 'http, full name', {
    cacheFor: 'marta-2019',
  }),
  office('li-2016', 'engineering/tender.docx', 'expired after days', 'trailing blank'),
  pfile('li-2016', 'engineering/heron.dwg', '2.1-metadata', 'heron team', 'https, full name', { ...wide, size: 1400 }),
  pfile('li-2016', 'engineering/wing.png', '2.1-metadata', 'engineering changes', 'extranet', wide),
  pfile('li-2016', 'engineering/bench.jpg', '2.1', 'anyone', 'service file', wide),
  pfile('li-2016', 'engineering/read me.txt', '3.0', 'staff reads', 'trailing slash', wide),
  office('marta-2019', 'finance/budget 2019.xlsx', 'staff template', 'extranet', { labelled: true }),
  office('marta-2019', 'finance/audit answers.docx', 'two people', 'https, full name', { size: 900 }),
  office('marta-2019', 'finance/published online.docx', 'staff template', 'as configured', { signedBy: 'server' }),
  office('marta-2019', 'finance/published online.xlsx', 'finance changes', 'as configured', {
    signedBy: 'server-with-chain',
  }),
  pfile('marta-2019', 'finance/rates 2019.xml', '3.0', 'finance changes', 'extranet, port 443', wide),
  pfile('marta-2019', 'finance/scan.png', '3.0', 'board template', 'http, short name', { ...wide, size: 40 }),
  pfile('marta-2019', 'finance/export.csv', '3.0', 'partner', 'upper-case scheme', {
    cipher: 'aes-256-ecb',
    size: 700,
  }),
  office('emma-2024', 'board/minutes 2024-01.docx', 'board template', 'https, full name', recent),
  office('emma-2024', 'board/figures 2023.xlsx', 'two people', 'extranet', { ...recent, size: 700 }),
  office('emma-2024', 'board/outlook.pptx', 'staff template', 'as configured', { ...recent, labelled: true }),
  pfile('emma-2024', 'board/vote.txt', '3.0', 'owner only', 'https, short name', wide),
  // The licensing-only cluster
  office('ruth-2016', 'legal/opinion 2016-03.docx', 'privileged template', 'https, full name'),
  office('ruth-2016', 'legal/claims.xlsx', 'hold template', 'port 443', { cacheForOwner: true }),
  office('ruth-2016', 'legal/hearing.pptx', 'partner', 'http, short name'),
  pfile('ruth-2016', 'legal/deposition.txt', '2.1', 'privileged template', 'as configured', wide),
  office('tomas-2021', 'legal/contract draft.docx', 'licence for a month', 'upper-case scheme and port'),
  pfile('tomas-2021', 'legal/evidence.jpg', '3.0', 'hold template', 'trailing slash', wide),
  // The key of this cluster was never exported
  office('david-2015', 'plant/shift plan.xlsx', 'staff reads', 'http, full name'),
  pfile('david-2015', 'plant/valve settings.csv', '2.1', 'engineering changes', 'as configured', wide),
  // Changed, damaged and cut off
  office('anna-2014', 'finance/changed licence.docx', 'finance changes', 'https, full name', {
    fault: 'license-changed',
  }),
  pfile('li-2016', 'engineering/changed signature.txt', '2.1', 'staff reads', 'extranet', {
    ...wide,
    fault: 'signature-changed',
  }),
  office('jonas-2011', 'engineering/dated late.docx', 'engineering changes', 'http, short name', {
    fault: 'issued-outside-range',
  }),
  office('emma-2013', 'board/damaged.docx', 'staff reads', 'http, full name', { fault: 'compound-file-damaged' }),
  office('marta-2019', 'finance/overwritten.xlsx', 'staff template', 'extranet', { fault: 'content-flipped' }),
  pfile('emma-2024', 'board/half a header.txt', '3.0', 'staff reads', 'extranet', {
    ...wide,
    fault: 'header-truncated',
  }),
  pfile('tomas-2021', 'legal/cut off.csv', '3.0', 'privileged template', 'https, full name', {
    ...wide,
    fault: 'content-truncated',
  }),
  // Encrypted with a password, and not protected at all
  plain('finance/salaries.xlsx', 'password-encrypted'),
  plain('welcome.docx', 'docx'),
  plain('phone list.txt', 'txt'),
  plain('canteen.pdf', 'pdf'),
  plain('empty.dat', 'empty'),
  plain('plant/telemetry.lks', 'unknown'),
]
