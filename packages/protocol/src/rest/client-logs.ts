/**
 * Uploads of client logs. Discovery must offer them, so they are taken with success; their content is unpublished and
 * may name people, so nothing of it is read or kept.
 */
export function writeClientLogReceipt(): string {
  return '{}'
}
