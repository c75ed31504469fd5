/**
 * The watch as pictures for reports: one bar of 100 per cent with a hue and a pattern for each verdict, so that it reads
 * without colours, and a line per day of those who still ask the cluster. Colours are those of the report's style.
 */
import { escapeAttribute } from '@sealward/xrml'
import { verdictNames, type Verdict, type Verdicts } from './verdict.ts'

const width = 720
const barHeight = 40
const lineHeight = 96

const looks: Readonly<Record<Verdict, { readonly fill: string; readonly pattern: string }>> = {
  'cluster-only': { fill: 'var(--bad)', pattern: '<rect width="2" height="8"/>' },
  both: { fill: 'var(--warn)', pattern: '<circle cx="4" cy="4" r="1.5"/>' },
  'tenant-only': { fill: 'var(--ok)', pattern: '' },
  silent: { fill: 'var(--hold)', pattern: '<rect width="8" height="1.5"/><rect width="1.5" height="8"/>' },
}

/** A bar of all users by verdict. */
export function verdictBar(counts: Readonly<Record<Verdict, number>>): string {
  const total = verdictNames.reduce((sum, name) => sum + counts[name], 0)
  const sentence = verdictNames.map((name) => `${counts[name]} ${name}`).join(', ')
  let x = 0
  const parts = verdictNames
    .filter((name) => counts[name] > 0)
    .map((name) => {
      const size = (counts[name] / total) * width
      const box = `x="${x.toFixed(1)}" width="${size.toFixed(1)}" height="${barHeight}"`
      x += size
      const { fill, pattern } = looks[name]
      return `<rect ${box} fill="${fill}"/>${pattern === '' ? '' : `<rect ${box} fill="url(#watch-${name})"/>`}`
    })
  const legend = verdictNames.map(
    (name) =>
      `<li><svg class="swatch" width="12" height="12" aria-hidden="true"><rect width="12" height="12" fill="${looks[name].fill}"/>${
        looks[name].pattern === '' ? '' : `<rect width="12" height="12" fill="url(#watch-${name})"/>`
      }</svg>${name} <b>${counts[name]}</b> (${percent(counts[name], total)})</li>`,
  )
  return `<figure><svg viewBox="0 0 ${width} ${barHeight}" width="${width}" height="${barHeight}" role="img" aria-label="${escapeAttribute(sentence)}">
<defs>${patterns()}</defs>
${parts.join('')}</svg><figcaption>Users by where they were seen: ${sentence}.</figcaption><ul class="legend">${legend.join('')}</ul></figure>`
}

/** A line per day of the users who still asked the cluster. */
export function dailyLine({ days }: Pick<Verdicts, 'days'>): string {
  const counts = days.map(({ users }) => users['cluster-only'] + users.both)
  const [firstDay, lastDay] = [days[0]?.day, days.at(-1)?.day]
  if (firstDay === undefined || lastDay === undefined) return ''
  const most = Math.max(1, ...counts)
  const start = Date.parse(firstDay)
  const span = Math.max(1, Date.parse(lastDay) - start)
  const points = days.map(({ day }, index) => {
    const x = 2 + ((Date.parse(day) - start) / span) * (width - 4)
    const y = lineHeight - 2 - ((counts[index] ?? 0) / most) * (lineHeight - 4)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  const sentence = `Users who asked the cluster: ${counts[0]} on ${firstDay}, ${counts.at(-1)} on ${lastDay}, at most ${most}`
  return `<figure><svg viewBox="0 0 ${width} ${lineHeight}" width="${width}" height="${lineHeight}" role="img" aria-label="${escapeAttribute(sentence)}">
<line x1="0" x2="${width}" y1="${lineHeight - 2}" y2="${lineHeight - 2}" stroke="var(--line)"/>
<polyline points="${points.join(' ')}" fill="none" stroke="var(--accent)" stroke-width="2"/></svg><figcaption>${sentence}.</figcaption></figure>`
}

function patterns(): string {
  return verdictNames
    .filter((name) => looks[name].pattern !== '')
    .map(
      (name) =>
        `<pattern id="watch-${name}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><g fill="var(--bg)" opacity=".45">${looks[name].pattern}</g></pattern>`,
    )
    .join('')
}

function percent(count: number, total: number): string {
  return `${((count / Math.max(1, total)) * 100).toFixed(1)} %`
}
