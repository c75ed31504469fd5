/** Settings of the token buckets: how much one requester may ask for. */
import { z } from 'zod'
import { defaultRateLimits, type BucketSize } from '../core/rate-limits.ts'

const most = 1_000_000

function bucket({ burst, perSecond }: BucketSize, whose: string) {
  return z
    .strictObject({
      burst: z.int().min(20).max(most).default(burst).describe('Requests and licences at once'),
      perSecond: z
        .number()
        .min(0.1)
        .max(most)
        .default(perSecond)
        .describe('Requests and licences per second, for long'),
    })
    .prefault({})
    .describe(whose)
}

export const rateLimitsSchema = z
  .strictObject({
    person: bucket(defaultRateLimits.person, 'Of everybody who signs in or shows an account certificate'),
    address: bucket(defaultRateLimits.address, 'Of those together who come from one address without signing in'),
  })
  .describe(
    'How much one may ask for, before requests are refused for a while; named servers and super users: without limit',
  )
