/** The picture of what was checked: one bar of what passed, is doubtful, failed and did not apply. */
const width = 720
const height = 28

export interface CheckCounts {
  readonly passed: number
  readonly warned: number
  readonly failed: number
}

export function checksBar(counts: CheckCounts): string {
  const parts = [
    { name: 'passed', count: counts.passed, fill: 'var(--ok)' },
    { name: 'to be looked at', count: counts.warned, fill: 'var(--warn)' },
    { name: 'failed', count: counts.failed, fill: 'var(--bad)' },
  ].filter(({ count }) => count > 0)
  const total = parts.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return ''
  let x = 0
  const bars = parts.map(({ count, fill }) => {
    const size = (count / total) * width
    const at = x
    x += size
    return `<rect x="${at.toFixed(1)}" width="${size.toFixed(1)}" height="${height}" fill="${fill}"/>`
  })
  const legend = parts.map(
    ({ name, count, fill }) =>
      `<li><span class="swatch" style="background:${fill}"></span>${name} <b>${count}</b></li>`,
  )
  const sentence = `${counts.passed} of ${total} checks passed`
  return `<figure><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${sentence}">${bars.join('')}</svg><figcaption>${sentence}.</figcaption><ul class="legend">${legend.join('')}</ul></figure>`
}
