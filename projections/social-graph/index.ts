export * from './port.ts'
export { sqliteSocialGraph } from './queries.ts'
export { type SocialGraphWrite, socialGraph } from './social-graph.ts'
export { exportSocialGraph, sqliteSocialGraphStore } from './store.ts'
