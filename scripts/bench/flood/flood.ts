/**
 * Ten times as many requests as the service can answer (threat N4): how much of its capacity is left, whether everything
 * else is sent away properly, whether health stays up, and what memory it takes.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSampleOrganisation } from '@sealward/sample'
import type { Effort } from '../effort.ts'
import { createAccounts, createPeople } from '../licenses/accounts.ts'
import { writeRequests } from '../licenses/load-generator.ts'
import { policySizes, publish } from '../licenses/publications.ts'
import { httpText, soapRequest } from '../licenses/requests.ts'
import { startService, type MeasuredService } from '../licenses/service.ts'
import { machineLine } from '../machine.ts'
import { cpuSecondsOf } from '../measure.ts'
import { start } from '../processes.ts'
import type { FloodCount, FloodOrder } from './generator.ts'

const factor = 10
const goal = 0.8
/** Enough to keep the service busy, few enough to be served all. */
const capacityConnections = 16
const floodConnections = 1_024
const healthEveryMilliseconds = 250

export async function benchFlood({ licenses, floodSeconds }: Effort): Promise<void> {
  const organisation = await createSampleOrganisation({ random: randomBytes })
  const people = createPeople(licenses + 1)
  const [author, ...readers] = await createAccounts(organisation.clusters.rms, people)
  if (author === undefined) throw new RangeError('a load needs people')
  const service = await startService(organisation, 'rms', people)
  const texts: string[] = []
  for (const [index, reader] of readers.entries()) {
    const policySize = policySizes[index % policySizes.length] ?? policySizes[0]
    texts.push(httpText(soapRequest(reader, await publish({ author, reader: reader.person.address, policySize }))))
  }
  const file = join(service.folder, 'flood.requests')
  writeRequests(file, texts)
  const send = async (order: Omit<FloodOrder, 'port' | 'file'>): Promise<MeasuredFlood> => {
    const before = cpuSecondsOf(service.pid)
    const count = await generate({ port: Number(new URL(service.url).port), file, ...order })
    return { ...count, cpuSeconds: cpuSecondsOf(service.pid) - before }
  }

  const closed = { connections: capacityConnections }
  await send({ ...closed, seconds: Math.min(5, floodSeconds) })
  const quiet = await send({ ...closed, seconds: Math.min(10, floodSeconds) })
  const capacity = quiet.served / quiet.seconds
  if (quiet.shed + quiet.wrong > 0) throw new Error(`the capacity was measured with refusals: ${JSON.stringify(quiet)}`)
  const health = watchHealth(service)
  const rate = Math.round(factor * capacity)
  const flood = await send({ connections: floodConnections, rate, seconds: floodSeconds })
  const answers = await health.end()
  const memory = mostMemory(service)
  const after = await send({ ...closed, seconds: Math.min(10, floodSeconds) })
  await service.close()

  const goodput = flood.served / flood.seconds
  const [quietEffort, floodEffort] = [quiet.cpuSeconds / quiet.served, flood.cpuSeconds / flood.served]
  const refusalEffort = (flood.cpuSeconds - flood.served * quietEffort) / flood.shed
  console.log(
    `\nFlood (${floodSeconds} s, ${factor} times the capacity, Mode 2 over SOAP, answers per second by the clock)`,
  )
  console.log(
    `  capacity ${capacity.toFixed(0)}, afterwards ${(after.served / after.seconds).toFixed(0)}; offered ${(flood.sent / flood.seconds).toFixed(0)} of ${rate}`,
  )
  console.log(`  served ${goodput.toFixed(0)}: ratio to the capacity ${(goodput / capacity).toFixed(2)} (goal ${goal})`)
  console.log(`  the same per CPU-second of the service: ${(quietEffort / floodEffort).toFixed(2)}`)
  console.log(
    `  CPU time of a licence ${milliseconds(quietEffort)}, of sending a request away ${milliseconds(refusalEffort)}`,
  )
  console.log(`  sent away with Retry-After ${(flood.shed / flood.seconds).toFixed(0)}; wrong answers ${flood.wrong}`)
  console.log(
    `  health: ${answers.good} of ${answers.asked} answers, the slowest after ${answers.slowest.toFixed(0)} ms`,
  )
  console.log(`  memory at most ${(memory / 1024 / 1024).toFixed(0)} MiB`)
  console.log(`  ${machineLine()}`)
  if (flood.wrong > 0 || answers.good < answers.asked) process.exitCode = 1
}

interface MeasuredFlood extends FloodCount {
  /** Of the service. */
  readonly cpuSeconds: number
}

async function generate(order: FloodOrder): Promise<FloodCount> {
  const program = fileURLToPath(new URL('generator.ts', import.meta.url))
  const child = start(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [count] = (await once(child, 'message')) as [FloodCount]
  return count
}

interface HealthAnswers {
  readonly asked: number
  readonly good: number
  readonly slowest: number
}

function watchHealth({ url }: MeasuredService): { end(): Promise<HealthAnswers> } {
  const asked: Promise<void>[] = []
  let good = 0
  let slowest = 0
  const ask = async (): Promise<void> => {
    const began = performance.now()
    const status = await fetch(`${url}/healthz`).then(
      async (answer) => (await answer.text(), answer.status),
      () => 0,
    )
    if (status === 200) good++
    slowest = Math.max(slowest, performance.now() - began)
  }
  const timer = setInterval(() => void asked.push(ask()), healthEveryMilliseconds)
  return {
    async end() {
      clearInterval(timer)
      await Promise.all(asked)
      return { asked: asked.length, good, slowest }
    },
  }
}

/** Bytes that were resident at most (Linux). */
function mostMemory({ pid }: MeasuredService): number {
  const [, kibibytes = '0'] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}

function milliseconds(seconds: number): string {
  return `${(1_000 * seconds).toFixed(2)} ms`
}
