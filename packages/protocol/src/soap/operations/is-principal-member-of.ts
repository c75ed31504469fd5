/**
 * IsPrincipalMemberOf (MS-RMPRS 3.3.4.1): another cluster asks whether a person belongs to one of some groups, because the
 * groups or the person live in our forest. The counter bounds how often clusters ask each other on the way.
 */
import { element, RightsError, textElement } from '@sealward/xrml'
import { listOf, requiredBoolean, requiredCount, requiredElement, requiredText } from '../elements.ts'
import { atMostOnce, once, stringsIn } from '../message-shape.ts'
import type { SoapOperation } from '../operation.ts'

export interface IsPrincipalMemberOfRequest {
  /** Mail address. */
  readonly principalName: string
  /** The same person as another forest knows it; in practice the same address. */
  readonly principalCrossForest: string
  /** Mail addresses. */
  readonly targetGroups: readonly string[]
  readonly crossForestCallsSoFar: number
}

export interface IsPrincipalMemberOfResponse {
  /** Of at least one of the groups, directly or through others. */
  readonly member: boolean
}

const addressLengthMost = 1_024
const groupsMost = 1_000

export const isPrincipalMemberOf: SoapOperation<IsPrincipalMemberOfRequest, IsPrincipalMemberOfResponse> = {
  name: 'IsPrincipalMemberOf',
  service: 'GroupExpansionWebService',
  file: 'GroupExpansion.asmx',
  shape: {
    call: [
      atMostOnce('principalName', 'string'),
      atMostOnce('principalCrossForest', 'string'),
      stringsIn('targetGroups'),
      once('crossForestCallsSoFar', 'int'),
    ],
    answer: [once('IsPrincipalMemberOfResult', 'boolean')],
  },
  parseRequest(call) {
    const request = {
      principalName: requiredText(call, 'principalName').trim(),
      principalCrossForest: requiredText(call, 'principalCrossForest').trim(),
      targetGroups: listOf(requiredElement(call, 'targetGroups'), 'string', groupsMost).map(({ text }) => text.trim()),
      crossForestCallsSoFar: requiredCount(call, 'crossForestCallsSoFar'),
    }
    const names = [request.principalName, request.principalCrossForest, ...request.targetGroups]
    if (names.every((name) => name.length <= addressLengthMost)) return request
    throw new RightsError('soap-limit-exceeded', { detail: `an address above ${addressLengthMost} characters` })
  },
  writeRequest: ({ principalName, principalCrossForest, targetGroups, crossForestCallsSoFar }) =>
    textElement('principalName', {}, principalName) +
    textElement('principalCrossForest', {}, principalCrossForest) +
    element('targetGroups', {}, ...targetGroups.map((group) => textElement('string', {}, group))) +
    textElement('crossForestCallsSoFar', {}, String(crossForestCallsSoFar)),
  parseResponse: (answer) => ({ member: requiredBoolean(answer, 'IsPrincipalMemberOfResult') }),
  writeResponse: ({ member }) => textElement('IsPrincipalMemberOfResult', {}, String(member)),
}
