/** How `start` tells what it does: numbered steps on standard output, details below them. */
import { printable } from '../terminal/printable.ts'

export interface Narrator {
  /** Begins a numbered step. */
  step(title: string): void
  /** A detail of the current step. */
  detail(sentence: string): void
  /** Text of several lines that is safe already, such as a table. */
  block(text: string): void
}

export function createNarrator(stream: { write(text: string): unknown } = process.stdout): Narrator {
  let steps = 0
  return {
    step(title) {
      steps++
      stream.write(`${steps === 1 ? '' : '\n'}${steps}. ${printable(title)}\n`)
    },
    detail: (sentence) => void stream.write(`   ${printable(sentence)}\n`),
    block(text) {
      const lines = text.replace(/\n$/, '').split('\n')
      stream.write(`${lines.map((line) => (line === '' ? '' : `   ${line}`)).join('\n')}\n`)
    },
  }
}
