/** Progress of long work: one line on a terminal's standard error, nothing elsewhere. */
import { printable } from './printable.ts'

export interface Progress {
  /** @param total 0 where it is not known yet */
  update(done: number, total: number, what?: string): void
  end(): void
}

const redrawMilliseconds = 100
/** Where a terminal does not tell its width, as some without a window do. */
const usualColumns = 80

export function createProgress(title: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { update: () => undefined, end: () => undefined }
  const startedAt = performance.now()
  let drawnAt = startedAt
  let drawn = false
  return {
    update: (done, total, what = '') => {
      const now = performance.now()
      if (now - drawnAt < redrawMilliseconds) return
      drawnAt = now
      drawn = true
      stream.write(
        `\r\u001b[2K${line(title, done, total, (now - startedAt) / 1000, printable(what))}`.slice(
          0,
          (stream.columns > 0 ? stream.columns : usualColumns) + 5,
        ),
      )
    },
    end: () => {
      if (drawn) stream.write('\r\u001b[2K')
    },
  }
}

function line(title: string, done: number, total: number, seconds: number, what: string): string {
  const rate = seconds > 0 ? done / seconds : 0
  if (total === 0) return `${title}: ${done} (${rate.toFixed(0)}/s) ${what}`
  const percent = Math.floor((done / total) * 100)
  const left = rate > 0 ? `, ${Math.ceil((total - done) / rate)} s left` : ''
  const filled = Math.floor((done / total) * 20)
  return `${title}: ${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${percent} %  ${done} of ${total}${left} ${what}`
}
