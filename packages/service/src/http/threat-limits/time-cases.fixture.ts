/** For tests: limits of time, over real connections to every door at once. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { startServer } from '../server.ts'
import { doorNames, type jsonDoors, refusalForm, soapPaths, type DoorName } from './doors.fixture.ts'
import type { Scene } from './scene.fixture.ts'

export const timeRows = ['headerSeconds', 'bodySeconds', 'idleSeconds'] as const
type TimeRow = (typeof timeRows)[number]

const jsonPaths: Readonly<Record<(typeof jsonDoors)[number], string>> = {
  'REST licences': 'POST /my/v2/enduserlicenses',
  REST: 'POST /my/v2/publishinglicenses',
  machine: 'POST /sealward/v1/machine',
  revocations: 'POST /sealward/v1/revocations',
  administration: 'POST /admin/v1/decide',
}

/** Method and path at which a door takes bodies. */
export function requestLine(door: DoorName): string {
  if (door === 'pages') return 'GET /healthz'
  if (door === 'openid') return 'POST /sealward/openid/token'
  const soap = soapPaths.find((each) => each.door === door)
  return soap === undefined ? jsonPaths[door as (typeof jsonDoors)[number]] : `POST ${soap.path}`
}

/** @returns the doors at which the limit was found to hold */
export async function askOverTime(scene: Scene, row: TimeRow): Promise<readonly DoorName[]> {
  const server = await startServer(scene.settings({ limits: { headerSeconds: 0.5, bodySeconds: 1, idleSeconds: 0.3 } }))
  const port = Number(new URL(server.url).port)
  // A page has no body.
  const doors = row === 'bodySeconds' ? doorNames.filter((door) => door !== 'pages') : doorNames
  const ask = async (door: DoorName): Promise<void> => {
    const headers = Object.entries(await scene.headersFor(door)).map((each) => each.join(': '))
    const head = [`${requestLine(door)} HTTP/1.1`, 'Host: localhost', ...headers]
    const socket = connect({ host: '127.0.0.1', port })
    await once(socket, 'connect')
    const answer = everything(socket)
    socket.write(`${head.join('\r\n')}\r\n${texts[row]}`)
    expected[row](door, await answer)
  }
  try {
    await Promise.all(doors.map(ask))
  } finally {
    await server.close()
  }
  return doors
}

/** What follows the first headers; nothing more is ever sent. */
const texts: Readonly<Record<TimeRow, string>> = {
  headerSeconds: 'Content-Le',
  bodySeconds: 'Content-Length: 100\r\n\r\n{',
  idleSeconds: 'Content-Length: 1\r\n\r\n<',
}

const expected: Readonly<Record<TimeRow, (door: DoorName, answer: string) => void>> = {
  // There is no door yet.
  headerSeconds: (_door, answer) => assert.match(answer, /^HTTP\/1\.1 408 [^]*\[request-timeout\]/),
  bodySeconds(door, answer) {
    assert.match(answer, /^HTTP\/1\.1 408 [^]*(?:\[request-timeout\]|"request-timeout")/, door)
    assert.match(answer, refusalForm(door), door)
  },
  // Answered, kept open, and then closed by the server.
  idleSeconds(door, answer) {
    assert.match(answer, /^HTTP\/1\.1 \d{3} /, door)
    assert.doesNotMatch(answer, /HTTP\/1\.1 408/, door)
  },
}

async function everything(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  // A server that has enough of a client resets the connection.
  socket.on('error', () => undefined)
  await once(socket, 'close')
  return text
}
