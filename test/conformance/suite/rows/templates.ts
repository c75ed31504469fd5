/** Which templates are distributed, compared with those that are published (fact sheet 4.4). */
import { difference } from '../difference.ts'
import { unescaped } from '../escaped-text.ts'
import type { Row } from '../row.ts'
import { knownOf } from '../tester.ts'

/** DIGEST of the template's SIGNATURE (fact sheet 4.4). */
function hashOf(template: string): string {
  return /<SIGNATURE>[^]*?<DIGEST>[^]*?<VALUE encoding="base64"[^>]*>([^<]+)<\/VALUE>/.exec(template)?.[1] ?? 'none'
}

/** GUID, hash and text of each entry, in the order of the answer. */
function templatesIn(answer: string): readonly (readonly (string | undefined)[])[] {
  const entries = answer.matchAll(
    /<Guid>([^<]*)<\/Guid>\s*(?:<Hash>([^<]*)<\/Hash>)?\s*(?:<Template>([^<]*)<\/Template>)?/g,
  )
  return [...entries].map(([, guid, hash, text]) => [guid, hash, text === undefined ? undefined : unescaped(text)])
}

const byGuid = ([one = '']: readonly (string | undefined)[], [other = '']: readonly (string | undefined)[]): number =>
  one.localeCompare(other)

export const templateRows: readonly Row[] = [
  {
    id: '4.4/AcquireTemplateInformation/published',
    what: 'the identifier and the hash of every published template, and their number',
    operation: 'AcquireTemplateInformation',
    sent: {},
    expected: {
      complaint: (answer, tester) => {
        const { templates } = knownOf(tester)
        const count = /<GuidHashCount>(\d+)</.exec(answer)?.[1]
        return (
          difference('number', count, String(templates.length)) ??
          difference(
            'templates',
            templatesIn(answer).toSorted(byGuid),
            templates.map(({ guid, text }) => [guid, hashOf(text), undefined]).toSorted(byGuid),
          )
        )
      },
    },
  },
  {
    id: '4.4/AcquireTemplates/published',
    what: 'published templates have their hash and text, in the order asked',
    operation: 'AcquireTemplates',
    sent: {
      parametersFrom: (tester) => ({ guids: { string: knownOf(tester).templates.map(({ guid }) => guid) } }),
    },
    expected: {
      complaint: (answer, tester) =>
        difference(
          'templates',
          templatesIn(answer),
          knownOf(tester).templates.map(({ guid, text }) => [guid, hashOf(text), text]),
        ),
    },
  },
]
