/** Writes the report and signs it: a page for people, JSON for programs, and one signature over both. */
import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { RightsError } from '@sealward/xrml'
import { canonicalJson, sha256 } from '../project/canonical-json.ts'
import { readWhole, writeWhole } from '../project/project-folder.ts'
import { workOn, type Project, type WorkOptions } from '../project/project.ts'
import { anyText, oneOf, openRecord, readJson, record } from '../project/shape.ts'
import { publicKeyText, readSigningKey } from '../project/signing-key.ts'
import { boardHtml } from './board-html.ts'
import { boardReport, type BoardReport } from './board-report.ts'

const files = { json: 'report.json', html: 'report.html', signature: 'report.signature.json' } as const

export interface WrittenReport {
  readonly report: BoardReport
  /** Absolute paths. */
  readonly json: string
  readonly html: string
  readonly signature: string
}

/** @throws RightsError `plan-missing`, `project-damaged`, `project-locked` */
export async function writeReport(project: Project, options: WorkOptions): Promise<WrittenReport> {
  return workOn(project, 'report', options, () => {
    const report = boardReport(project)
    const json = `${canonicalJson(report)}\n`
    const html = boardHtml(report)
    const key = readSigningKey(project.folder)
    const hashes = { json: sha256(json), html: sha256(html) }
    const signature = sign(null, signedText(hashes), key).toString('base64')
    const path = (name: string): string => join(project.folder.report, name)
    writeWhole(path(files.json), json)
    writeWhole(path(files.html), html)
    const signed = { algorithm: 'Ed25519', publicKey: publicKeyText(key), ...hashes, signature }
    writeWhole(path(files.signature), `${canonicalJson(signed)}\n`)
    return Promise.resolve({
      report,
      json: path(files.json),
      html: path(files.html),
      signature: path(files.signature),
    })
  })
}

const signatureShape = record({
  algorithm: oneOf('Ed25519'),
  publicKey: anyText,
  json: anyText,
  html: anyText,
  signature: anyText,
})
const stateShape = openRecord({ organisation: anyText, state: anyText, publicKey: anyText })

export interface VerifiedReport {
  readonly organisation: string
  readonly state: string
  readonly publicKey: string
}

/**
 * @param folder with the three files of a report
 * @param publicKey base64, as it was printed when the plan was made; without it the report only agrees with itself
 * @throws RightsError `report-not-genuine`, `file-unreadable`
 */
export function verifyReport(folder: string, publicKey?: string): VerifiedReport {
  const read = (name: string): Buffer => readWhole(join(folder, name))
  const json = read(files.json)
  const signed = readJson(signatureShape, read(files.signature).toString('utf8'), 'report-not-genuine')
  if (publicKey !== undefined && signed.publicKey !== publicKey) throw refused('signed by another key')
  const hashes = { json: sha256(json), html: sha256(read(files.html)) }
  if (hashes.json !== signed.json || hashes.html !== signed.html) throw refused('a file was changed')
  const signature = Buffer.from(signed.signature, 'base64')
  if (!verify(null, signedText(hashes), keyOf(signed.publicKey), signature)) throw refused('the signature does not fit')
  const { organisation, state, publicKey: named } = readJson(stateShape, json.toString('utf8'), 'report-not-genuine')
  if (named !== signed.publicKey) throw refused('it names another key than the one that signed it')
  return { organisation, state, publicKey: named }
}

function signedText({ json, html }: { readonly json: string; readonly html: string }): Buffer {
  return Buffer.from(`sealward-migration-report-1\n${json}\n${html}\n`, 'utf8')
}

function keyOf(publicKey: string): KeyObject {
  try {
    const x = Buffer.from(publicKey, 'base64').toString('base64url')
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  } catch (cause) {
    throw new RightsError('report-not-genuine', { detail: 'the public key cannot be read', cause })
  }
}

function refused(detail: string): RightsError {
  return new RightsError('report-not-genuine', { detail })
}
