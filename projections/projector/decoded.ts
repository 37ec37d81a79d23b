import type { Recorded } from '@verbatim/services/event-log'
import type { Projected } from './port.ts'

/** Data is parsed when it is first asked for, and once: many events are ignored, several projections share the others. */
export const decoded = (event: Recorded): Projected => new Decoded(event) as Projected

class Decoded {
  readonly type
  readonly id
  readonly actor
  readonly at
  readonly stream
  readonly revision
  readonly position
  readonly #json: string
  #data: unknown

  constructor(event: Recorded) {
    this.type = event.type
    this.id = event.id
    this.actor = event.actor
    this.at = event.at
    this.stream = event.stream
    this.revision = event.revision
    this.position = event.position
    this.#json = event.json
  }

  get data(): unknown {
    this.#data ??= JSON.parse(this.#json)
    return this.#data
  }
}
