/** curl as a server of the organisation that shows its certificate. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  readSoapAnswer,
  writeSoapCall,
  type SoapAnswer,
  type SoapOperationName,
  type SoapRequestOf,
  type SoapResponseOf,
} from '@sealward/protocol'
import type { Issued } from '../peers/authority.ts'

export interface Showing {
  /** Of the service's own certificate. */
  readonly authorityFile: string
  readonly shown: Issued | undefined
}

/** @returns the status */
export async function runCurl({ authorityFile, shown }: Showing, args: readonly string[]): Promise<string> {
  const certificate = shown === undefined ? [] : ['--cert', shown.chainFile, '--key', shown.keyFile]
  const how = ['--silent', '--show-error', '--max-time', '30', '--cacert', authorityFile, '--write-out', '%{http_code}']
  const { stdout } = await promisify(execFile)('curl', [...how, ...certificate, ...args])
  return stdout
}

/** @param service.folder for what is sent and answered */
export async function callLicensing<Name extends SoapOperationName>(
  { folder, url, ...showing }: Showing & { readonly folder: string; readonly url: string },
  name: Name,
  request: SoapRequestOf<Name>,
): Promise<SoapAnswer<SoapResponseOf<Name>>> {
  const { headers, body } = writeSoapCall(name, request)
  const [sent, answer] = [join(folder, 'call.xml'), join(folder, 'answer.xml')]
  writeFileSync(sent, body)
  const said = [`Content-Type: ${headers.contentType}`, `SOAPAction: ${headers.soapAction ?? ''}`]
  const named = said.flatMap((header) => ['--header', header])
  const files = ['--data-binary', `@${sent}`, '--output', answer]
  await runCurl(showing, [...named, ...files, `${url}/_wmcs/licensing/license.asmx`])
  return readSoapAnswer(name, readFileSync(answer))
}
