export { publicEventJson } from './public-event.ts'
