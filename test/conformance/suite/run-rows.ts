/** Asks every row, state by state, and judges the answers. What cannot be asked is said to be so, with the reason. */
import { clusterUrl } from '@sealward/protocol'
import { versionDataOf } from './call-markup.ts'
import { isSpoken } from './endpoints.ts'
import { faultCodeIn, faultNameIn } from './fault-string.ts'
import { fullNames, lastSegment } from './full-names.ts'
import { holdingsOf, type Holdings } from './holdings.ts'
import { parametersOf } from './parameters.ts'
import type { Row } from './row.ts'
import type { ServerInState, Servers } from './servers.ts'
import { callByHand, generatedClient, type Answer, type Caller, type SoapVersion } from './soap-client.ts'
import { held, NotApplicable, type Account, type Tester } from './tester.ts'

export interface RowResult {
  readonly id: string
  readonly what: string
  readonly soap: SoapVersion
  readonly outcome: 'passed' | 'failed' | 'not applicable'
  /** What was expected and what came, or why the row could not be asked. */
  readonly detail: string
}

export interface RunInput {
  readonly rows: readonly Row[]
  readonly servers: Servers
  /** Folder of the printed service descriptions; absent: those of the server. */
  readonly descriptions?: string | undefined
  readonly soap: readonly SoapVersion[]
  /** What calls the server; the first client unless told otherwise. */
  readonly client?: (url: string, descriptions?: string) => Caller
}

interface Known {
  readonly anyNamespace: boolean
  readonly call: Caller
  readonly holdings: Holdings
}

export async function runRows(input: RunInput): Promise<readonly RowResult[]> {
  const { rows, servers, soap } = input
  const known = new Map<string, Known>()
  const results = new Map<string, RowResult>()
  const inOrder = rows.toSorted((a, b) => statesOf(a).localeCompare(statesOf(b)))
  for (const row of inOrder) {
    for (const version of versionsOf(row, soap)) {
      const result = await judge(row, version, async () => {
        const server = await servers.inState(row.sent.states ?? [])
        const { identity, tester } = server
        const found = known.get(identity) ?? newlyKnown(server, input)
        known.set(identity, found)
        // What is known of the server may differ from state to state; what the tester got from it stays.
        return { ...found, holdings: { ...found.holdings, tester } }
      })
      results.set(`${row.id} ${version}`, result)
    }
  }
  return rows.flatMap((row) => versionsOf(row, soap).flatMap((version) => results.get(`${row.id} ${version}`) ?? []))
}

/** In which of these versions a row is asked. */
export function versionsOf(row: Row, soap: readonly SoapVersion[]): readonly SoapVersion[] {
  return soap.filter((version) => (row.soap === undefined ? isSpoken(row.operation, version) : row.soap === version))
}

function newlyKnown(server: ServerInState, { client = generatedClient, descriptions }: RunInput): Known {
  const { url, tester, anyNamespace = false } = server
  const call = client(url, descriptions)
  return { anyNamespace, call, holdings: holdingsOf(url, tester, call) }
}

/** Servers in operation first: there the tester gets its certificates. */
function statesOf(row: Row): string {
  return (row.sent.states ?? []).toSorted().join(' ')
}

async function judge(row: Row, soap: SoapVersion, server: () => Promise<Known>): Promise<RowResult> {
  const result = { id: row.id, what: row.what, soap }
  try {
    const { anyNamespace, call, holdings } = await server()
    const { operation, sent } = row
    const caller = callerOf(holdings.tester, sent.caller)
    const answer =
      sent.raw === undefined
        ? await call({
            operation,
            parameters: await parametersOf(operation, holdings, sent),
            versionData: versionDataOf(operation, sent),
            caller,
            soap,
          })
        : await callByHand(`${clusterUrl(holdings.url)}/${sent.raw.path}`, { body: sent.raw.body, soap, caller })
    const complaint = complaintAbout(row, answer, { soap, anyNamespace, tester: holdings.tester })
    return complaint === undefined
      ? { ...result, outcome: 'passed', detail: '' }
      : { ...result, outcome: 'failed', detail: complaint }
  } catch (error) {
    if (error instanceof NotApplicable) return { ...result, outcome: 'not applicable', detail: error.message }
    return { ...result, outcome: 'failed', detail: error instanceof Error ? error.message : String(error) }
  }
}

function callerOf(tester: Tester, caller: Row['sent']['caller'] = 'user'): Account | undefined {
  switch (caller) {
    case 'user':
      return tester.user
    case 'admitted':
      return held(tester.admitted, 'no account that is named for the closed endpoints')
    case 'nobody':
      return undefined
  }
}

/** What is wrong with the answer; undefined if nothing is. @throws NotApplicable if nobody knows what it must be */
function complaintAbout(
  row: Row,
  answer: Answer,
  {
    soap,
    anyNamespace,
    tester,
  }: { readonly soap: SoapVersion; readonly anyNamespace: boolean; readonly tester: Tester },
): string | undefined {
  const name = faultNameIn(answer.text)
  if (!('fault' in row.expected)) {
    if (name !== undefined) return `fault ${name === '' ? 'without name' : name}`
    if (answer.status !== 200) return `status ${answer.status}`
    if ('complaint' in row.expected) return row.expected.complaint(answer.text, tester)
    const absent = row.expected.holds.find((pattern) => !pattern.test(answer.text))
    return absent === undefined ? undefined : `the answer lacks ${absent.source}`
  }
  const { fault } = row.expected
  if (fault === 'UnauthorizedAccessException' && row.sent.caller === 'nobody' && answer.status === 401) return undefined
  if (name === undefined) return `expected ${fault}, status ${answer.status} and no fault came`
  const named = anyNamespace ? lastSegment(name) === fault : name === fullNames.get(fault)
  if (fault !== 'any' && !named) return `expected ${fault}, ${name === '' ? 'a fault without name' : name} came`
  return faultFormComplaint(answer, soap)
}

/** Status 500, the code of the SOAP version, and its content type (fact sheet 1, 1.2). */
function faultFormComplaint({ status, text, contentType }: Answer, soap: SoapVersion): string | undefined {
  if (status !== 500) return `the fault has status ${status}`
  const code = soap === '1.1' ? 'Server' : 'Receiver'
  if (faultCodeIn(text) !== code) return `the fault code is ${faultCodeIn(text) ?? 'absent'}`
  const media = soap === '1.1' ? 'text/xml' : 'application/soap+xml'
  return contentType.startsWith(media) ? undefined : `the content type is ${contentType}`
}
