export { exposition, type Family, type Sample } from './exposition.ts'
export { type Counted, countedIn, histogram, type Memory, memoryFor } from './histogram.ts'
export { tally } from './tally.ts'
export { turnClock } from './turn-clock.ts'
