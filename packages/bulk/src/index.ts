/** Work on many protected files: walking trees, parsing in processes without keys, taking protection off. */
export { walkTree } from './walk.ts'
export type { WalkedFile, WalkLimits } from './walk.ts'
export { workInOrder } from './work-in-order.ts'
export { createParserPool } from './isolated-parser/parser-pool.ts'
export type { ParserLimits, ParserPool, ParserPoolOptions } from './isolated-parser/parser-pool.ts'
export type { ContentHash, InspectedFile, WriteOrder, WrittenContent } from './isolated-parser/messages.ts'
export { unprotectTree } from './unprotect-tree.ts'
export type { UnprotectedItem, UnprotectTreeOptions } from './unprotect-tree.ts'
