/**
 * The second client: zeep, in Python, from Debian. It reads the service descriptions, writes the calls and reads the answers
 * with nothing of ours and nothing of the first client; it runs as a child that is told by lines of JSON what to call.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { clusterUrl } from '@sealward/protocol'
import { createInterface } from 'node:readline'
import { endpointOf } from '../suite/endpoints.ts'
import { faultNameIn } from '../suite/fault-string.ts'
import { authorizationOf, type Answer, type Caller } from '../suite/soap-client.ts'
import { NotApplicable } from '../suite/tester.ts'

/** An own python3 earlier on the PATH does not see the modules of Debian's. */
const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

/** For `skip`: false where zeep is there. Where CI is `true` nothing is skipped. */
export const zeepMissing: false | string =
  process.env['CI'] !== 'true' &&
  spawnSync(python, ['-c', 'import zeep'], { stdio: 'ignore' }).status !== 0 &&
  'not installed: python3-zeep'

/** What the program says about a call. */
interface Told extends Answer {
  readonly parsed?: true
  readonly fault?: string
  readonly inexpressible?: string
  readonly error?: string
}

export interface ZeepProgram {
  /** As `generatedClient` of the first client. */
  readonly client: (url: string, descriptions?: string) => Caller
  readonly close: () => Promise<void>
}

export function zeepProgram(): ZeepProgram {
  const child = spawn(python, [join(import.meta.dirname, 'zeep_client.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 280_000,
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const tell = async (call: object): Promise<Told> => {
    child.stdin.write(`${JSON.stringify(call)}\n`)
    const { value, done } = await lines.next()
    if (done === true) throw new Error('the zeep program ended')
    return JSON.parse(value) as Told
  }
  const client = (url: string, descriptions?: string): Caller => {
    const base = clusterUrl(url)
    return async ({ operation, parameters, versionData, caller, soap }) => {
      const { path, printed } = endpointOf(operation)
      const told = await tell({
        description: descriptions === undefined ? `${base}/${path}?wsdl` : join(descriptions, printed),
        address: `${base}/${path}`,
        operation,
        parameters,
        soap,
        versionData,
        authorization: authorizationOf(caller)['authorization'],
      })
      return understood(told)
    }
  }
  return {
    client,
    close: async () => {
      child.stdin.end()
      await ended
    },
  }
}

/** @throws NotApplicable for a call that the description forbids; Error for an answer that zeep cannot read */
function understood(told: Told): Answer {
  const { status, contentType, text, fault } = told
  if (told.inexpressible !== undefined) throw new NotApplicable(`zeep cannot send it: ${told.inexpressible}`)
  if (told.error !== undefined) throw new Error(`zeep: ${told.error}`)
  if (fault !== undefined && faultNameIn(`<Fault ><faultstring>${fault}</faultstring>`) !== faultNameIn(text)) {
    throw new Error(`zeep read another fault: ${fault}`)
  }
  return { status, contentType, text }
}
