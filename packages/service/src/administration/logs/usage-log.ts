/**
 * The usage log of a tenant for one day: W3C extended log file format, tab-separated, with the fields of version 1.1 of
 * the service's format. Text that clients chose is freed of characters that would begin another field or line.
 */
import { operations } from '../../core/operations.ts'
import type { RequestRecord } from '../../core/request-record.ts'
import type { AdministrationContext } from '../change.ts'

const fields = [
  'date',
  'time',
  'row-id',
  'request-type',
  'user-id',
  'result',
  'correlation-id',
  'content-id',
  'owner-email',
  'issuer',
  'template-id',
  'file-name',
  'date-published',
  'c-info',
  'c-ip',
  'admin-action',
  'acting-as-user',
] as const

const day = 86_400_000
const pageRows = 1_000

/** How the format writes that nobody in particular asked. */
const nobody = '"'

/** @param date `YYYY-MM-DD`, a day in UTC; the present one is given as far as it goes, and marked */
export async function* usageLog(
  { store, clock }: AdministrationContext,
  { date }: { readonly date: string },
): AsyncGenerator<string> {
  const from = new Date(`${date}T00:00:00Z`)
  const until = new Date(from.getTime() + day)
  yield `#Software: RMS\n#Version: 1.1\n#Fields: ${fields.join(' ')}\n`
  if (until > clock.now()) yield '#Remark: incomplete, this day is not over\n'
  for (let after = 0; ; ) {
    const rows = await store.requests.during(from, until, after, pageRows)
    yield rows.map(({ record }) => `${usageLine(record)}\n`).join('')
    if (rows.length < pageRows) return
    after = rows[rows.length - 1]?.sequence ?? after
  }
}

function usageLine(record: RequestRecord): string {
  const { address, contentId, template, application } = record
  const values: Readonly<Record<(typeof fields)[number], string>> = {
    date: record.at.slice(0, 10),
    time: record.at.slice(11, 19),
    'row-id': record.id,
    'request-type': operations[record.operation].tenant,
    'user-id': address === undefined ? nobody : quoted(address),
    result: quoted(record.result),
    'correlation-id': record.correlationId.replace(/^\{|\}$/g, ''),
    'content-id': contentId === undefined ? '' : `{${contentId}}`,
    'owner-email': record.owner ?? '',
    issuer: record.issuer ?? '',
    'template-id': template === undefined ? '' : `{${template}}`,
    'file-name': '',
    'date-published': record.publishedAt?.slice(0, 19) ?? '',
    'c-info': application === undefined ? '' : quoted(application),
    'c-ip': record.remoteAddress,
    'admin-action': '',
    'acting-as-user': '',
  }
  return fields.map((field) => values[field].replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')).join('\t')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", ' ')}'`
}
