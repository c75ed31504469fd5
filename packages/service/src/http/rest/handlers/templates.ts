/** The templates with which the caller may protect, in the caller's language where there is one. */
import { writeTemplates } from '@sealward/protocol'
import { listTemplates } from '../../../core/templates.ts'
import type { RestHandler } from '../handler.ts'

export const answerTemplates: RestHandler = async ({ context, caller, info, languages }) =>
  writeTemplates(await listTemplates(context, { caller, info, languages }))
