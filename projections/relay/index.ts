export { publicEventJson } from './public-event.ts'
export { type Relay, relay } from './relay.ts'
