/**
 * Templates by number, for samples of organisations that let every department have its own: spread over all exported keys,
 * with what templates differ in: languages, readers, rights, edits, expiry, everybody.
 */
import type { Grant, LocalizedName, TimeConditions } from '@sealward/xrml'
import { clusterFacts, type KeyName } from '../authorities/clusters.ts'
import { at, change, english, everyday, french, german, read, type TemplateDefinition } from './template-definitions.ts'

const day = 86_400_000

const subjects = [
  ['Tenders', 'Ausschreibungen', 'Appels d’offres'],
  ['Supplier prices', 'Einkaufspreise', 'Prix d’achat'],
  ['Test results', 'Prüfergebnisse', 'Résultats d’essais'],
  ['Contracts', 'Verträge', 'Contrats'],
  ['Site plans', 'Lagepläne', 'Plans de site'],
  ['Complaints', 'Beschwerden', 'Réclamations'],
  ['Patents', 'Patente', 'Brevets'],
] as const

const readers = [
  'finance',
  'engineering',
  'counsel',
  'board',
  'project-heron',
  'all-staff',
  'everyone',
  'li.chen',
  'anna',
]
const rights = [read, change, everyday, [...read, 'PRINT'], [...read, 'REPLY', 'REPLYALL', 'FORWARD']]

/** @param number counts from 1 and stands in the names */
function numberedTemplate(number: number, cluster: KeyName): TemplateDefinition {
  const issuedAt = new Date(clusterFacts[cluster].installedAt.getTime() + (1 + (number % 150)) * day)
  const edited = { issuedAt: new Date(issuedAt.getTime() + 2500 * day), grants: grantsOf(number + 1) }
  const first = { issuedAt, grants: grantsOf(number) }
  const expires = expiryOf(number)
  return {
    cluster,
    state: number % 6 === 0 ? 'archived' : 'published',
    names: namesOf(number),
    ...(number % 10 === 3 ? { current: edited, earlier: first } : { current: first }),
    ...(expires === undefined ? {} : { expires }),
    ...(number % 4 === 1 ? { referral: 'mailto:helpdesk@lakeside.example' } : {}),
    ...(number % 9 === 2 ? { noCaching: true } : {}),
  }
}

/** English always; German in two of three, French in one of three. */
function namesOf(number: number): readonly LocalizedName[] {
  const [first, second, third] = subjects[number % subjects.length] ?? subjects[0]
  const names = [
    { lcid: english, name: `${first} ${number}`, description: `Rules of department ${number}` },
    { lcid: german, name: `${second} ${number}`, description: `Regeln der Abteilung ${number}` },
    { lcid: french, name: `${third} ${number}`, description: `Règles du service ${number}` },
  ]
  return names.slice(0, 1 + (number % 3))
}

function grantsOf(number: number): readonly Grant[] {
  const everybody = number % 20 === 7 ? [{ to: 'ANYONE', rights: ['VIEW'] }] : []
  return [grant(number), ...(number % 2 === 0 ? [grant(number + 4)] : []), ...everybody]
}

function grant(number: number): Grant {
  const reader = readers[number % readers.length] ?? 'all-staff'
  return { to: at(reader), rights: rights[number % rights.length] ?? read }
}

/** A date that has passed, days after publishing that have passed, and days that have not. */
function expiryOf(number: number): TimeConditions | undefined {
  switch (number % 16) {
    case 4:
      return { ranges: [{ from: new Date('2009-01-01T00:00Z'), until: new Date('2022-01-01T00:00Z') }], intervals: [] }
    case 9:
      return { ranges: [], intervals: [90 * day] }
    case 14:
      return { ranges: [], intervals: [36_500 * day] }
    default:
      return undefined
  }
}

/** @param keys over which they are spread, in turn */
export function numberedTemplates(
  count: number,
  keys: readonly KeyName[],
): Readonly<Record<string, TemplateDefinition>> {
  const definitions: Record<string, TemplateDefinition> = {}
  for (let number = 1; number <= count; number++) {
    for (const key of keys.slice(number % keys.length).slice(0, 1)) {
      definitions[`number-${number}`] = numberedTemplate(number, key)
    }
  }
  return definitions
}
