export * from './port.ts'
export { sqliteSocialGraph } from './queries.ts'
export { type SocialGraphWrite, socialGraph } from './social-graph.ts'
export { socialGraphExport, sqliteSocialGraphStore } from './store.ts'
