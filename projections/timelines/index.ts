export * from './port.ts'
export { timelinesFile, timelinesStore } from './store.ts'
export { exportQueries as timelinesExport } from './tables.ts'
export { type TimelineWrite, timelines } from './timelines.ts'
