/** A step as people name it: by its number in one of the two published procedures, by identifier, or by title. */
import type { Command } from 'commander'
import type { ProjectStatus } from '@sealward/migration'
import { RightsError } from '@sealward/xrml'

type Step = ProjectStatus['steps'][number]

export interface StepOption {
  readonly step?: string
  readonly numbering?: string
}

export function stepOption(command: Command): Command {
  return command
    .option('--step <step>', 'number, identifier or title')
    .option('--numbering <procedure>', '2016 (nine steps) or newer (twelve): whose number it is', '2016')
}

/** @throws RightsError `step-unknown`, `option-invalid` */
export function findStep({ steps }: ProjectStatus, wanted: string, numbering = '2016'): Step {
  if (numbering !== '2016' && numbering !== 'newer') {
    throw new RightsError('option-invalid', { detail: '--numbering takes 2016 or newer' })
  }
  const word = wanted.trim().toLowerCase()
  const number = (step: Step): string => (numbering === '2016' ? step.number2016 : step.numberNewer) ?? ''
  const ways: readonly ((step: Step) => boolean)[] = [
    // Identifiers follow the procedure of 2016.
    (step) => numbering === 'newer' && number(step) === word,
    (step) => numbering === 'newer' && number(step).split(', ').includes(word),
    (step) => step.id === word,
    (step) => step.title.toLowerCase() === word,
    (step) => word.length >= 3 && step.title.toLowerCase().includes(word),
  ]
  for (const fits of ways) {
    const found = steps.filter(fits)
    const [step] = found
    if (step !== undefined && found.length === 1) return step
    if (found.length > 1) {
      const ids = found.map(({ id, title }) => `${id} (${title})`).join(', ')
      throw new RightsError('step-unknown', { detail: `${wanted} could be ${ids}` })
    }
  }
  throw new RightsError('step-unknown', { detail: wanted })
}
