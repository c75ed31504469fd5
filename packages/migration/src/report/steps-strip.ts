/** The picture of the way: one box per step, filled as far as it is done. */
import type { ProjectStatus, StepStatus } from '../project/project-status.ts'
import { text } from '../rehearse/report-markup.ts'

const width = 720
const height = 44
const gap = 3

const fills: Readonly<Record<StepStatus, string>> = {
  done: 'var(--ok)',
  running: 'var(--warn)',
  undoing: 'var(--warn)',
  due: 'var(--accent)',
  later: 'var(--line)',
  past: 'var(--line)',
  'not-needed': 'var(--sub)',
}

/** Colours are never alone: each box has a sign, and the legend below says it in words. */
const signs: Readonly<Record<StepStatus, string>> = {
  done: '✓',
  running: '…',
  undoing: '↶',
  due: '▸',
  later: '',
  past: '–',
  'not-needed': '–',
}

const words: Readonly<Record<StepStatus, string>> = {
  done: 'done',
  running: 'begun',
  undoing: 'being taken back',
  due: 'next',
  later: 'later',
  past: 'no longer possible',
  'not-needed': 'not needed',
}

/** The exit is the way out of the tenant and no part of the move. */
const isPartOfMove = ({ id }: ProjectStatus['steps'][number]): boolean => id !== 'x'

export function stepsStrip(all: ProjectStatus['steps']): string {
  return strip(all.filter(isPartOfMove))
}

function strip(steps: ProjectStatus['steps']): string {
  const size = (width - gap * (steps.length - 1)) / Math.max(1, steps.length)
  const boxes = steps.map(({ id, status }, index) => {
    const x = index * (size + gap)
    const dark = status === 'done' || status === 'running' || status === 'undoing' || status === 'due'
    const colour = dark ? 'var(--bg)' : 'var(--muted)'
    const middle = (x + size / 2).toFixed(1)
    return (
      `<rect x="${x.toFixed(1)}" width="${size.toFixed(1)}" height="${height}" rx="3" fill="${fills[status]}"/>` +
      `<text x="${middle}" y="19" text-anchor="middle" font-size="13" font-weight="600" fill="${colour}">${text(id)}</text>` +
      `<text x="${middle}" y="36" text-anchor="middle" font-size="12" fill="${colour}" aria-hidden="true">${signs[status]}</text>`
    )
  })
  const done = steps.filter(({ status }) => status === 'done').length
  const needed = steps.filter(({ status }) => status !== 'not-needed').length
  const sentence = `${done} of ${needed} steps are done`
  const statuses = [...new Set(steps.map(({ status }) => status))]
  const legend = statuses.map(
    (status) =>
      `<li><span class="swatch" style="background:${fills[status]}"></span><span aria-hidden="true">${signs[status]}</span> ${words[status]}</li>`,
  )
  return `<figure><svg class="strip" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${sentence}">${boxes.join('')}</svg><figcaption>${sentence}.</figcaption><ul class="legend">${legend.join('')}</ul></figure>`
}
