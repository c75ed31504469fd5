/** The plan of a sample with more keys and templates: the table of every sample, then documents of each key and template. */
import type { KeyName } from '../authorities/clusters.ts'
import type { DeskName, SampleDesks } from '../authorities/desks.ts'
import type { TemplatePolicy } from '../protection/policies.ts'
import type { SampleTemplate } from '../protection/templates.ts'
import { documentPlan, office, pfile, type PlannedRow, type ProtectedRow } from './document-plan.ts'

const wide = { cipher: 'aes-256-cbc4k' } as const

const archivedKeyRows: readonly ProtectedRow[] = [
  office('ines-2015', 'ferries/timetable.xlsx', 'staff reads', 'as configured', { cacheForOwner: true }),
  office('ines-2015', 'ferries/hull survey.docx', 'engineering changes', 'https, short name', { size: 300 }),
  pfile('ines-2015', 'ferries/berth plan.dwg', '2.1', 'two people', 'port 443', wide),
  office('ruth-2011', 'legal/opinion 2011-04.docx', 'partner', 'as configured'),
  office('ruth-2011', 'legal/settlement.xlsx', 'two people', 'http, short name', { cacheForOwner: true }),
  pfile('ruth-2011', 'legal/statement.txt', '2.0', 'owner only', 'https, full name'),
]

/** Who protects with the templates of each key. */
const templateDesks: Readonly<Partial<Record<KeyName, DeskName>>> = {
  'rms-old': 'jonas-2011',
  rms: 'marta-2019',
  legal: 'tomas-2021',
  ferries: 'ines-2015',
  'legal-old': 'ruth-2011',
}

/** @param numbered templates that are not in the table */
export function planFor(desks: SampleDesks, numbered: readonly SampleTemplate[]): readonly PlannedRow[] {
  return [
    ...documentPlan,
    ...archivedKeyRows.filter(({ desk }) => desks[desk] !== undefined),
    ...numbered.flatMap((template, index) => templateRow(template, index)),
  ]
}

function templateRow({ key, cluster, names }: SampleTemplate, index: number): readonly ProtectedRow[] {
  const desk = templateDesks[cluster]
  if (desk === undefined) return []
  const policy: TemplatePolicy = { kind: 'template', template: key, edition: 'earlier' }
  const name = `departments/${names[0]?.name ?? key}`
  switch (index % 4) {
    case 0:
      return [office(desk, `${name}.docx`, policy, 'https, full name')]
    case 1:
      return [office(desk, `${name}.xlsx`, policy, 'as configured', { cacheForOwner: true })]
    case 2:
      return [pfile(desk, `${name}.txt`, '2.1', policy, 'port 443')]
    default:
      return [pfile(desk, `${name}.csv`, '3.0', policy, 'https, short name', wide)]
  }
}
