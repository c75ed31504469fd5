/** Work that says nothing until it is done: after two seconds a line on a terminal's standard error counts them. */

const quietMilliseconds = 2_000
const second = 1_000

/** @returns what the work gives */
export async function whileWaiting<T>(
  title: string,
  work: Promise<T>,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<T> {
  if (!stream.isTTY) return work
  const startedAt = performance.now()
  const timer = setInterval(() => {
    const elapsed = performance.now() - startedAt
    if (elapsed < quietMilliseconds) return
    stream.write(`\r\u001b[2K${title}: ${Math.round(elapsed / second)} s`)
  }, second)
  try {
    return await work
  } finally {
    clearInterval(timer)
    if (performance.now() - startedAt >= quietMilliseconds) stream.write('\r\u001b[2K')
  }
}
