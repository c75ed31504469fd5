/**
 * The load of the flood, in a process of its own: sends prepared requests at a rate, whether or not earlier ones have been
 * answered, as many clients do who do not know of each other. Without a rate every connection sends as soon as it has its
 * answer. Arguments: one object as JSON. Writes one object as JSON to its parent.
 */
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'

export interface FloodOrder {
  readonly port: number
  /** Requests, each behind a line with its length in bytes. */
  readonly file: string
  readonly seconds: number
  /** Requests per second; absent: as many as are answered. */
  readonly rate?: number
  readonly connections: number
}

export interface FloodCount {
  readonly seconds: number
  readonly sent: number
  readonly served: number
  /** Sent away with a time to come back. */
  readonly shed: number
  /** Everything else: other statuses, no time to come back, broken connections. */
  readonly wrong: number
}

/** The service allows 256 of one address. */
const connectionsPerAddress = 128
const tickMilliseconds = 5

const order = JSON.parse(process.argv[2] ?? '{}') as FloodOrder
const requests = readRequests(order.file)
const counts = { sent: 0, served: 0, shed: 0, wrong: 0 }
const idle: Client[] = []
const began = performance.now()
let over = false

interface Client {
  readonly send: () => void
}

function readRequests(file: string): readonly Buffer[] {
  const bytes = readFileSync(file)
  const read: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const line = bytes.indexOf(0x0a, at)
    const end = line + 1 + Number(bytes.toString('latin1', at, line))
    read.push(bytes.subarray(line + 1, end))
    at = end
  }
  return read
}

function open(index: number): void {
  const localAddress = `127.0.1.${1 + Math.floor(index / connectionsPerAddress)}`
  const socket = connect({ host: '127.0.0.1', port: order.port, localAddress })
  let waiting = false
  let received = Buffer.alloc(0)
  const client = {
    send() {
      waiting = true
      socket.write(requests[counts.sent++ % requests.length] ?? Buffer.alloc(0))
    },
  }
  const ready = (): void => {
    if (order.rate === undefined && !over) client.send()
    else idle.push(client)
  }
  socket.setNoDelay(true)
  socket.once('connect', ready)
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const end = received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = received.toString('latin1', 0, end)
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? Number.NaN)
    if (received.length < end + 4 + length) return
    received = Buffer.alloc(0)
    waiting = false
    count(head)
    ready()
  })
  socket.on('error', () => undefined)
  socket.once('close', () => lost(index, waiting, client, socket))
}

function count(head: string): void {
  if (over) return
  if (head.startsWith('HTTP/1.1 200 ')) counts.served++
  else if (/^HTTP\/1\.1 503 [^]*^retry-after: \d/im.test(head)) counts.shed++
  else counts.wrong++
}

function lost(index: number, waiting: boolean, client: Client, socket: Socket): void {
  socket.destroy()
  const at = idle.indexOf(client)
  if (at >= 0) idle.splice(at, 1)
  if (over) return
  if (waiting) counts.wrong++
  setTimeout(() => open(index), tickMilliseconds)
}

for (let index = 0; index < order.connections; index++) open(index)
const { rate } = order
if (rate !== undefined) {
  setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1_000) * rate) - counts.sent
    for (const client of idle.splice(0, due)) client.send()
  }, tickMilliseconds)
}
setTimeout(() => {
  over = true
  const seconds = (performance.now() - began) / 1_000
  process.send?.({ ...counts, seconds } satisfies FloodCount, () => process.exit())
}, order.seconds * 1_000)
