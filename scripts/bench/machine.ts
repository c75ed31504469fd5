/** On what machine, and how undisturbed, a table was measured: figures without that mean nothing. */
import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

interface CpuTimes {
  readonly all: number
  readonly stolen: number
}

/** Since the machine was started, in ticks. Only Linux says it. */
function cpuTimes(): CpuTimes | undefined {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
    // user nice system idle iowait irq softirq steal; guest time behind them is part of user time.
    const times = line.split(/\s+/).slice(1, 9).map(Number)
    return { all: times.reduce((sum, time) => sum + time, 0), stolen: times[7] ?? 0 }
  } catch {
    return undefined
  }
}

let before = cpuTimes()

/** One line; the steal time is that since the line before. */
export function machineLine(): string {
  const processors = cpus()
  const now = cpuTimes()
  const steal =
    before === undefined || now === undefined
      ? 'unknown'
      : `${((100 * (now.stolen - before.stolen)) / Math.max(1, now.all - before.all)).toFixed(1)} %`
  before = now
  return [
    `${processors[0]?.model.trim() ?? 'unknown CPU'}, ${processors.length} cores`,
    `Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`,
    `load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
    `steal ${steal}`,
  ].join('; ')
}
