/** One cluster whose licences carry three spellings, and a tenant. */
import type { RedirectionPlan } from './redirection-plan.ts'

export const smallPlan: RedirectionPlan = {
  tenantUrl: 'https://rights.lakeside.example',
  clusterUrls: [
    { url: 'https://rms.lakeside.test', source: 'typed' },
    { url: 'HTTPS://RMS.Lakeside.test:443/_wmcs/Licensing', source: 'licence' },
    { url: 'http://rms/_wmcs/licensing/', source: 'licence' },
    { url: 'https://rms.lakeside.test/_wmcs/licensing ', source: 'licence' },
    { url: 'https://rights-extranet.lakeside.test/_wmcs/licensing', source: 'server' },
  ],
  batch: 'pilot',
  version: '20240517',
  mailDomains: ['lakeside.test'],
  anchors: ['ab'.repeat(32)],
}
