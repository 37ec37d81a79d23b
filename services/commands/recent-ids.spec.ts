import { ada, bob, idAt } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { decodeIds, encodeIds, mayHavePassed, noIds, REMEMBERED, remember } from './recent-ids.ts'

const known = (actor = ada) => ({ actor, digest: 'd', revision: 1, position: 1 })

describe('the ids of a stream', () => {
  it('CH3 are known until they fall out of the window, and then may have been there', () => {
    const ids = noIds()
    for (let n = 0; n < REMEMBERED; n++) remember(ids, idAt(n), known())
    expect([ids.window.has(idAt(0)), mayHavePassed(ids, ada, idAt(0))]).toEqual([true, false])
    remember(ids, idAt(900), known())
    expect([ids.window.has(idAt(0)), mayHavePassed(ids, ada, idAt(0))]).toEqual([false, true])
  })

  it('CH3 that are greater than what fell out are new, whatever others sent', () => {
    const ids = noIds()
    remember(ids, idAt(50), known())
    remember(ids, idAt(90), known(bob))
    for (let n = 0; n < REMEMBERED; n++) remember(ids, idAt(1_000 + n), known(bob))
    expect([49, 50, 51].map((n) => mayHavePassed(ids, ada, idAt(n)))).toEqual([true, true, false])
    expect(mayHavePassed(ids, bob, idAt(90))).toBe(true)
  })

  it('CH3 of more people than can be told apart are looked up for all', () => {
    const ids = noIds()
    for (let n = 0; n < 5_000; n++) remember(ids, idAt(n), known(idAt(100_000 + n)))
    expect(ids.passed.size).toBeLessThanOrEqual(4_096)
    for (const n of [0, 1, 4_096]) expect(mayHavePassed(ids, idAt(100_000 + n), idAt(n))).toBe(true)
    expect(mayHavePassed(ids, ada, idAt(9_000))).toBe(false)
    expect(decodeIds(JSON.parse(JSON.stringify(encodeIds(ids)())))).toEqual(ids)
  })

  it('CH10 go into a snapshot with the positions that they get', () => {
    const ids = noIds()
    const pending = { ...known(), position: undefined as number | undefined }
    remember(ids, idAt(1), pending)
    const encoded = encodeIds(ids)
    remember(ids, idAt(2), known())
    pending.position = 7
    expect(decodeIds(encoded()).window).toEqual(new Map([[idAt(1), { ...known(), position: 7 }]]))
  })
})
