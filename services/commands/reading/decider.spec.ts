import { bob, eve, markRead, readUpTo } from '@verbatim/protocol/examples'
import { describe, it } from 'vitest'
import { sentences } from '../given.ts'
import { reading } from './decider.ts'

const given = sentences(reading, { member: true, head: 7, n: 1 })

describe('a read mark', () => {
  it('RD1 is set', () => given().when(markRead(), bob).emits(readUpTo()))
  it('RD1 may be set at the head', () =>
    given()
      .knowing({ n: 5 })
      .when(markRead({ revision: 7 }), bob)
      .emits(readUpTo({ revision: 7, n: 5 })))
  it('RD2 is set once', () => given(readUpTo()).when(markRead(), bob).doesNothing())
  it('RD2 never goes back', () =>
    given(readUpTo({ revision: 5, n: 4 }))
      .when(markRead(), bob)
      .doesNothing())
  it('RD3 is refused to an outsider', () =>
    given().knowing({ member: false }).when(markRead(), eve).refuses('not-found'))
  it('RD4 is refused beyond the last event', () =>
    given()
      .when(markRead({ revision: 8 }), bob)
      .refuses('malformed'))
})
