import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRequestLog, defectStack } from './request-log.ts'

function written(entry: object): Record<string, unknown> {
  const lines: string[] = []
  const log = createRequestLog({ write: (line: string) => void lines.push(line) })
  log.write({
    correlationId: '{1}',
    door: 'rest',
    status: 200,
    milliseconds: 1,
    remoteAddress: '192.0.2.1',
    ...entry,
  })
  assert.equal(lines.length, 1)
  return JSON.parse(lines[0]!) as Record<string, unknown>
}

test('only named fields get into the log', () => {
  const line = written({ operation: 'templates', body: 'CANARY', authorization: 'CANARY', err: new Error('CANARY') })
  assert.equal(line['operation'], 'templates')
  assert.deepEqual(
    Object.keys(line).sort(),
    ['correlationId', 'door', 'level', 'milliseconds', 'msg', 'operation', 'remoteAddress', 'status', 'time'].sort(),
  )
})

test('foreign text cannot steer a terminal or a reader (N5)', () => {
  const line = written({ application: 'Word\r\n\u001b[2J\u202ecod.exe\u200b', detail: 'x'.repeat(1000) })
  assert.equal(line['application'], 'Word\ufffd\ufffd\ufffd[2J\ufffdcod.exe\ufffd')
  assert.equal(line['detail'], 'x'.repeat(200))
})

test('the stack of a defect comes without its message', () => {
  const stack = defectStack(new Error('CANARY\n    at CANARY (input)'))
  assert.match(stack, /^at .*request-log\.test\.ts/)
  assert.equal(stack.includes('CANARY'), false)
  assert.equal(defectStack('CANARY'), '')
})
