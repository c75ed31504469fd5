/** What is known of our own service with the sample organisation, from its settings, its directory and what was published. */
import { archiveTemplate } from '@sealward/service'
import type { Lakeside } from '../../scenarios/lakeside.ts'
import type { KnownServer } from './known-server.ts'

const at = (name: string): string => `${name}@lakeside.example`
const day = 86_400_000

/** As the directory of the sample has them. */
const membership: KnownServer['membership'] = {
  person: at('anna.berg'),
  alias: at('anna'),
  group: at('finance'),
  outerGroup: at('all-staff'),
  outerGroupAlias: at('everyone'),
  otherGroup: at('legal'),
  disabled: { person: at('peter.stone'), group: at('engineering') },
}

/** Of every kind of service, unless its configuration says otherwise. */
const accountValidity = { persistent: 365 * day, temporary: 15 * 60_000 }

/** The templates that were archived in the sample are so here: they are known, and not distributed. */
export async function archiveAsInSample(lakeside: Lakeside): Promise<void> {
  const administration = lakeside.service().administration('ines')
  for (const { id, state } of Object.values(lakeside.sample.organisation.templates)) {
    if (state === 'archived') await archiveTemplate(administration, { id })
  }
}

export async function ownServerFacts(lakeside: Lakeside, externalUrl?: string): Promise<KnownServer> {
  const { templates } = await lakeside.service().context.configuration()
  const published = Object.values(lakeside.sample.organisation.templates).filter(({ state }) => state === 'published')
  return {
    baseUrl: `${lakeside.url}/_wmcs`,
    ...(externalUrl === undefined ? {} : { externalBaseUrl: `${externalUrl}/_wmcs` }),
    accountValidity,
    templates: published.map(({ id: guid }) => {
      const own = templates.get(guid.slice(1, -1))?.find(({ origin }) => origin === 'own')
      return { guid, text: own?.document.text ?? 'not there' }
    }),
    membership,
  }
}
