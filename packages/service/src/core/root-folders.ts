/** What is at the root of the service's web sites, whatever their base path: first segments of paths that are below none. */
export const rootFolders: readonly string[] = ['admin', 'healthz', 'my', 'sealward']
