/**
 * Rights policy templates of the sample as data: two languages each, published and archived ones, one that was edited
 * after documents had been protected with it, and one that its cluster has forgotten but licences still carry.
 */
import type { Grant, LocalizedName, TimeConditions } from '@sealward/xrml'
import type { KeyName } from '../authorities/clusters.ts'

export type TemplateName =
  | 'old-staff'
  | 'old-finance'
  | 'staff'
  | 'board'
  | 'partners'
  | 'heron'
  | 'privileged'
  | 'hold'

export interface TemplateEdition {
  readonly issuedAt: Date
  readonly grants: readonly Grant[]
}

export interface TemplateDefinition {
  readonly cluster: KeyName
  /** Deleted templates are in no export. */
  readonly state: 'published' | 'archived' | 'deleted'
  readonly names: readonly LocalizedName[]
  /** What the cluster has now. */
  readonly current: TemplateEdition
  /** What documents of that time were protected with. */
  readonly earlier?: TemplateEdition
  /** Of content that is protected with it, in every edition. */
  readonly expires?: TimeConditions
  readonly referral?: string
  readonly noCaching?: boolean
}

export const english = 1033
export const german = 1031
export const french = 1036

export const read = ['VIEW', 'VIEWRIGHTSDATA'] as const
export const change = ['VIEW', 'VIEWRIGHTSDATA', 'DOCEDIT', 'EDIT'] as const
export const everyday = [...change, 'EXTRACT', 'PRINT', 'OBJMODEL', 'REPLY', 'REPLYALL', 'FORWARD'] as const

export const at = (name: string): string => `${name}@lakeside.example`

export const templateDefinitions: Readonly<Record<TemplateName, TemplateDefinition>> = {
  'old-staff': {
    cluster: 'rms-old',
    state: 'published',
    names: [
      { lcid: english, name: 'Lakeside staff', description: 'All staff may read and reply' },
      { lcid: german, name: 'Lakeside Belegschaft', description: 'Alle Mitarbeiter dürfen lesen und antworten' },
    ],
    current: {
      issuedAt: new Date('2009-03-03T10:00Z'),
      grants: [{ to: at('all-staff'), rights: [...read, 'REPLY', 'REPLYALL'] }],
    },
    referral: 'mailto:helpdesk@lakeside.example',
  },
  'old-finance': {
    cluster: 'rms-old',
    state: 'archived',
    names: [
      { lcid: english, name: 'Finance figures', description: 'Finance changes, the board reads' },
      { lcid: german, name: 'Finanzzahlen', description: 'Finanzabteilung ändert, Vorstand liest' },
    ],
    current: {
      issuedAt: new Date('2009-03-05T14:30Z'),
      grants: [
        { to: at('finance'), rights: change },
        { to: at('board'), rights: read },
      ],
    },
  },
  staff: {
    cluster: 'rms',
    state: 'published',
    names: [
      { lcid: english, name: 'Lakeside internal', description: 'For all staff and nobody else' },
      { lcid: german, name: 'Lakeside intern', description: 'Für alle Mitarbeiter, für niemanden sonst' },
    ],
    // Engineering lost the right to change, and all staff won the right to print.
    current: {
      issuedAt: new Date('2018-05-14T09:15Z'),
      grants: [{ to: at('all-staff'), rights: [...read, 'PRINT'] }],
    },
    earlier: {
      issuedAt: new Date('2013-11-06T09:00Z'),
      grants: [
        { to: at('all-staff'), rights: read },
        { to: at('engineering'), rights: everyday },
      ],
    },
    referral: 'mailto:helpdesk@lakeside.example',
  },
  board: {
    cluster: 'rms',
    state: 'published',
    names: [
      { lcid: english, name: 'Board only', description: 'The board reads, without copies on its machines' },
      { lcid: german, name: 'Nur Vorstand', description: 'Der Vorstand liest, ohne Kopien auf seinen Geräten' },
    ],
    current: { issuedAt: new Date('2013-11-08T16:20Z'), grants: [{ to: at('board'), rights: read }] },
    noCaching: true,
  },
  partners: {
    cluster: 'rms',
    state: 'archived',
    names: [
      { lcid: english, name: 'Partners may read', description: 'Everybody with an account may read' },
      { lcid: german, name: 'Partner dürfen lesen', description: 'Jeder mit einem Konto darf lesen' },
    ],
    current: { issuedAt: new Date('2014-02-20T11:40Z'), grants: [{ to: 'ANYONE', rights: ['VIEW'] }] },
  },
  heron: {
    cluster: 'rms',
    state: 'deleted',
    names: [
      { lcid: english, name: 'Project Heron', description: 'The project team' },
      { lcid: german, name: 'Projekt Reiher', description: 'Die Projektgruppe' },
    ],
    current: { issuedAt: new Date('2014-01-13T08:05Z'), grants: [{ to: at('project-heron'), rights: everyday }] },
  },
  privileged: {
    cluster: 'legal',
    state: 'published',
    names: [
      { lcid: english, name: 'Privileged', description: 'Counsel works with it, the board reads it' },
      { lcid: french, name: 'Confidentiel avocat', description: 'Les juristes y travaillent, la direction le lit' },
    ],
    current: {
      issuedAt: new Date('2015-02-10T09:30Z'),
      grants: [
        { to: at('counsel'), rights: everyday },
        { to: at('board'), rights: read },
      ],
    },
  },
  hold: {
    cluster: 'legal',
    state: 'archived',
    names: [
      { lcid: english, name: 'Litigation hold', description: 'Legal reads' },
      { lcid: french, name: 'Conservation pour litige', description: 'Le service juridique lit' },
    ],
    current: { issuedAt: new Date('2015-06-01T07:50Z'), grants: [{ to: at('legal'), rights: read }] },
  },
}
