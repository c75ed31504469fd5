/** One kind of licence requests as a party of a comparison. */
import { join } from 'node:path'
import { cpuSecondsOf, spreadOf, spreadText, type Party } from '../measure.ts'
import { generateLoad, writeRequests, type LoadResult } from './load-generator.ts'
import { httpText, type LicenseRequest } from './requests.ts'
import type { MeasuredService } from './service.ts'

export interface Load extends Party {
  /** What the ratio to CPU time does not tell: wall rate, latencies, sizes. One line each. */
  describe(): readonly string[]
}

/** Has every request answered once and checks every answer, before anything is measured. */
export async function prepareLoad(
  service: MeasuredService,
  name: string,
  requests: readonly LicenseRequest[],
  seconds: number,
): Promise<Load> {
  let answerBytes = 0
  for (const request of requests) {
    const answer = await fetch(service.url + request.path, { method: 'POST', ...request })
    if (answer.status !== 200) throw new Error(`${name}: status ${answer.status}: ${await answer.text()}`)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    await request.check(bytes)
    answerBytes += bytes.length
  }
  const texts = requests.map(httpText)
  const file = join(service.folder, `${name}.requests`)
  writeRequests(file, texts)
  const results: LoadResult[] = []
  let first = 0
  return {
    name,
    async work() {
      const before = cpuSecondsOf(service.pid)
      const result = await generateLoad({ url: service.url, file, seconds, first })
      results.push(result)
      first = (first + result.requests) % requests.length
      return { amount: result.requests, cpuSeconds: cpuSecondsOf(service.pid) - before }
    },
    describe() {
      const measured = results.slice(1)
      const spread = (value: (result: LoadResult) => number): string => spreadText(spreadOf(measured.map(value)))
      const sizes = texts.map((text) => Buffer.byteLength(text) / 1024)
      return [
        `${name}: ${spread(({ requests: count, seconds: time }) => count / time)} licences/s wall`,
        `  ms p50 ${spread(({ p50 }) => p50)}, p99 ${spread(({ p99 }) => p99)}`,
        `  KiB per request ${spreadText(spreadOf(sizes))}, per answer ${(answerBytes / 1024 / requests.length).toFixed(1)}`,
      ]
    },
  }
}
