/**
 * How figures are taken: parties take turns in one run, and what is reported is the median of the ratios of one round,
 * because the machine's speed changes from minute to minute. The unit is work per CPU-second of the process that works.
 */
import { readFileSync } from 'node:fs'
import { machineLine } from './machine.ts'

export interface Spread {
  readonly median: number
  readonly minimum: number
  readonly maximum: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
  return { median, minimum: sorted[0] ?? Number.NaN, maximum: sorted[sorted.length - 1] ?? Number.NaN }
}

/** A party of a comparison; it works for a while and says how much was done in how many CPU-seconds. */
export interface Party {
  readonly name: string
  work(): Promise<Work> | Work
}

export interface Work {
  readonly amount: number
  readonly cpuSeconds: number
}

export interface PartyResult {
  readonly name: string
  readonly rate: Spread
  /** To the first party, of the same round. */
  readonly ratio: Spread
}

/** Rounds of A, B, C, A, B, C …; the first party is what the others are compared with. One round warms up and is dropped. */
export async function compare(parties: readonly Party[], rounds = 5): Promise<readonly PartyResult[]> {
  const rates = parties.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, party] of parties.entries()) {
      const work = await party.work()
      if (round > 0) rates[index]?.push(work.amount / work.cpuSeconds)
    }
  }
  const reference = rates[0] ?? []
  return parties.map((party, index) => {
    const own = rates[index] ?? []
    return {
      name: party.name,
      rate: spreadOf(own),
      ratio: spreadOf(own.map((rate, round) => rate / (reference[round] ?? Number.NaN))),
    }
  })
}

/** CPU-seconds that this process spends on `work`, user and system. */
export function ownCpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1e6
}

const ticksPerSecond = 100

/** CPU-seconds that another process has used so far (Linux). */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

export function show(title: string, unit: string, results: readonly PartyResult[]): void {
  console.log(`\n${title} (${unit} per CPU-second; ratio to the first line, of the same round)`)
  for (const { name, rate, ratio } of results) {
    console.log(`  ${name.padEnd(52)} ${spreadText(rate).padStart(26)}   ${spreadText(ratio)}`)
  }
  console.log(`  ${machineLine()}`)
}

/** `median [minimum..maximum]` */
export function spreadText(spread: Spread): string {
  return `${short(spread.median)} [${short(spread.minimum)}..${short(spread.maximum)}]`
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}
