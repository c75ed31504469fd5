/** The picture of the outcome: one bar of what opens, fails and is unprotected, drawn at its real size. */
import type { RehearsalReport } from './report.ts'

const width = 720
const height = 40

export function outcomeBar(summary: RehearsalReport['summary']): string {
  const parts = [
    { name: 'opens', count: summary.opens, fill: 'var(--ok)', pattern: '' },
    { name: 'fails', count: summary.fails, fill: 'var(--bad)', pattern: 'url(#hatch)' },
    { name: 'unprotected', count: summary.unprotected, fill: 'var(--muted)', pattern: '' },
  ].filter((part) => part.count > 0)
  const total = Math.max(1, summary.documents)
  let x = 0
  const bars = parts.map((part) => {
    const size = (part.count / total) * width
    const at = x
    x += size
    const box = `x="${at.toFixed(1)}" width="${size.toFixed(1)}" height="${height}"`
    return `<rect ${box} fill="${part.fill}"/>${part.pattern === '' ? '' : `<rect ${box} fill="${part.pattern}"/>`}`
  })
  const legend = parts.map(
    (part) =>
      `<li><span class="swatch" style="background:${part.fill}"></span>${part.name} <b>${part.count}</b> (${percent(part.count, total)})</li>`,
  )
  const sentence = `${summary.opens} open, ${summary.fails} fail, ${summary.unprotected} are unprotected`
  return `<figure><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${sentence}">
<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="8" fill="var(--bg)" opacity=".45"/></pattern></defs>
${bars.join('')}</svg><figcaption>${sentence}.</figcaption><ul class="legend">${legend.join('')}</ul></figure>`
}

function percent(count: number, total: number): string {
  return `${((count / total) * 100).toFixed(1)} %`
}

/** A small bar in a table cell: the part of a count in a total. */
export function share(count: number, total: number): string {
  const size = Math.max(2, Math.round((count / Math.max(1, total)) * 120))
  return ` <svg width="120" height="8" aria-hidden="true"><rect width="${size}" height="8" fill="var(--bad)"/></svg>`
}
