/** The help of a cmdlet: synopsis, syntax and parameters from its row, in the form of the other commands. */
import { changeParameters, commonParameters, type Parameter, type Parameters } from './parameters.ts'
import { isAvailable, type AvailableCmdlet, type Cmdlet } from './cmdlet.ts'
import { withSecretFiles } from './read-arguments.ts'

const valueNames: Readonly<Record<Parameter['kind'], string>> = {
  text: ' <text>',
  number: ' <number>',
  boolean: " <'$true'|'$false'>",
  switch: '',
  secret: '',
  list: ' <text,…>',
  items: ' <text …>',
  time: ' <time>',
  unsupported: '',
}

export function cmdletHelp(name: string, cmdlet: Cmdlet): string {
  const others = cmdlet.names.filter((each) => each !== name)
  const head = [`${name}: ${cmdlet.synopsis}`, ...(others.length === 0 ? [] : [`The same as ${others.join(', ')}`])]
  if (!isAvailable(cmdlet)) return `${[...head, '', `Not in this version: ${cmdlet.instead}`].join('\n')}\n`
  return `${[
    ...head,
    '',
    `Usage: sealward ${[name, syntaxOf(cmdlet)].join(' ').trimEnd()}`,
    ...section('Parameters', cmdlet.parameters),
    ...section('When something changes', cmdlet.changes ? changeParameters : {}),
    ...section('For all cmdlets', commonParameters),
    '',
    'Examples:',
    ...cmdlet.examples.map((example) => `  $ sealward ${[name, example].join(' ').trimEnd()}`),
  ].join('\n')}\n`
}

/** Required parameters first, the others in brackets, as PowerShell writes it. */
export function syntaxOf({ parameters }: AvailableCmdlet): string {
  const supported = Object.entries(parameters).filter(([, { kind }]) => kind !== 'unsupported')
  const words = supported.map(([name, parameter]) => {
    const word = `-${name}${valueOf(parameter)}`
    return parameter.required === true ? word : `[${word}]`
  })
  return words.sort((a, b) => Number(a.startsWith('[')) - Number(b.startsWith('['))).join(' ')
}

function valueOf({ kind, values }: Parameter): string {
  return values === undefined ? valueNames[kind] : ` <${values.join('|')}>`
}

function section(title: string, parameters: Parameters): readonly string[] {
  const rows = Object.entries(withSecretFiles(parameters)).map(([name, parameter]): [string, string] => [
    `-${name}${valueOf(parameter)}`,
    saysOf(parameter),
  ])
  const width = Math.max(0, ...rows.map(([word]) => word.length))
  return rows.length === 0 ? [] : ['', `${title}:`, ...rows.map(([word, says]) => `  ${word.padEnd(width)}  ${says}`)]
}

function saysOf({ kind, says, required }: Parameter): string {
  if (kind === 'unsupported') return `not in this version: ${says}`
  if (kind === 'secret') return `${says}; asked for, never a value`
  return required === true ? `${says} (required)` : says
}
