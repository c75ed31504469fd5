/** What a call costs. Bounds in tests are far above what is expected, for slow and busy machines. */

export interface Cost {
  readonly milliseconds: number
  /** Growth of the heap and of buffers outside it, in MiB. */
  readonly mebibytes: number
}

export function costOf(call: () => unknown): Cost {
  const before = occupied()
  const started = performance.now()
  call()
  return { milliseconds: performance.now() - started, mebibytes: (occupied() - before) / 1024 / 1024 }
}

function occupied(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
