export { callsOver } from './calls-over.ts'
export type { Calls, Port, Served } from './port.ts'
export { serveCalls } from './serve-calls.ts'
