/**
 * Entry of a parsing process. It answers one request after the other and ends when the process that started it is gone.
 * What the terminal sends on Ctrl-C is for that process; a file that is being written is finished first.
 */
import { answerRequest } from './answer-request.ts'
import { failure, type ParserReply, type ParserRequest } from './messages.ts'

function answer(request: ParserRequest): ParserReply {
  try {
    return { id: request.id, outcome: 'done', result: answerRequest(request) }
  } catch (error) {
    return failure(request.id, error)
  }
}

process.on('SIGINT', () => undefined)
process.on('disconnect', () => process.exit())
process.on('message', (request: ParserRequest) => {
  process.send?.(answer(request))
})
