/** A mail domain in a setting: lower case, in A-labels, as addresses are compared. */
import { domainToASCII } from 'node:url'
import { z } from 'zod'

export const mailDomain = z
  .string()
  .regex(/^[^@\s.]+(?:\.[^@\s.]+)+$/, 'a mail domain')
  .transform((name) => domainToASCII(name.toLowerCase()))
