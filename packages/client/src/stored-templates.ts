/**
 * The templates that this machine keeps of a service, by the key of the server that signed for the list: another key is
 * another service, of which nothing is known yet (MS-RMPR 3.6.4.1).
 */
import type { ClientStore } from './client-store.ts'
import { refused } from './private-files.ts'

export interface StoredTemplate {
  /** As the service spells it. */
  readonly guid: string
  /** What the service calls this version of it. */
  readonly hash: string
  /** The signed XrML. */
  readonly text: string
}

export interface StoredTemplates {
  /** As the service sends it, base64. */
  readonly serverPublicKey: string
  readonly comparedAt: Date
  readonly templates: readonly StoredTemplate[]
}

/** @returns undefined before the first list. @throws RightsError `client-store-refused` */
export function readStoredTemplates(store: Pick<ClientStore, 'readTemplates'>): StoredTemplates | undefined {
  const text = store.readTemplates()
  if (text === undefined) return undefined
  const { serverPublicKey, comparedAt, templates } = parse(text)
  const time = new Date(typeof comparedAt === 'string' ? comparedAt : Number.NaN)
  if (typeof serverPublicKey !== 'string' || Number.isNaN(time.getTime()) || !Array.isArray(templates)) throw damaged()
  return { serverPublicKey, comparedAt: time, templates: templates.map(readEntry) }
}

export function writeStoredTemplates(store: Pick<ClientStore, 'writeTemplates'>, stored: StoredTemplates): void {
  store.writeTemplates(`${JSON.stringify(stored, null, 2)}\n`)
}

function readEntry(entry: unknown): StoredTemplate {
  const { guid, hash, text } = fieldsOf(entry)
  if (typeof guid !== 'string' || typeof hash !== 'string' || typeof text !== 'string') throw damaged()
  return { guid, hash, text }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(text))
  } catch (cause) {
    throw damaged(cause)
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw damaged()
  return value as Readonly<Record<string, unknown>>
}

function damaged(cause?: unknown): Error {
  return refused('templates.json', 'damaged', cause)
}
