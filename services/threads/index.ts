export { callsOver, waitingIn } from './calls-over.ts'
export type { Calls, Port } from './port.ts'
export { serveCalls } from './serve-calls.ts'
