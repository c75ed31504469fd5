/** The command `sealward`, for programs that run it in their own process. */
export { exitCodes } from './exit-codes.ts'
export { run } from './program.ts'
export { cmdletsPage } from './cmdlets/reference-page.ts'
