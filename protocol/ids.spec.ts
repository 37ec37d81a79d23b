import { describe, expect, it } from 'vitest'
import { ada, bob, eve } from './examples.ts'
import { directConversation, groupId, isConversationId, isDirect, isUlid, timeOf, type Ulid, ulids } from './ids.ts'

/** One id for each time that the clock shows; chance is the same byte throughout. */
const mint = (times: readonly number[], byte = 0): Ulid[] => {
  let clock = 0
  const next = ulids(
    () => clock,
    (into) => into.fill(byte),
  )
  return times.map((time) => {
    clock = time
    return next()
  })
}
const grows = (ids: readonly string[]) => ids.every((id, index) => index === 0 || id > (ids[index - 1] as string))

describe('a mint', () => {
  it('PR1 gives greater ids within one millisecond', () => {
    const ids = mint(Array.from({ length: 2_000 }, () => 1_000))
    expect(grows(ids)).toBe(true)
    expect(new Set(ids.map(timeOf))).toEqual(new Set([1_000]))
  })

  it('PR1 gives greater ids when the clock steps back a little', () => {
    expect(grows(mint([70_000, 10_000, 69_999, 70_001]))).toBe(true)
  })

  it('PR1 follows a clock that is set right, so that no id stays ahead', () => {
    expect(mint([10 ** 12, 1_000, 1_001]).map(timeOf)).toEqual([10 ** 12, 1_000, 1_001])
  })

  it('PR1 gives greater ids also when chance has no room left to grow', () => {
    const ids = mint([1_000, 1_000, 1_000], 0xff)
    expect(grows(ids)).toBe(true)
    expect(ids.map(timeOf)).toEqual([1_000, 1_001, 1_001])
  })

  it('PR2 keeps to 48 bits whatever the clock says', () => {
    const ids = mint([-5, 0.5, 2 ** 48 - 1])
    expect(ids.map(timeOf)).toEqual([0, 0, 2 ** 48 - 1])
    expect(mint([2 ** 60])[0]?.slice(0, 10)).toBe('7ZZZZZZZZZ')
    expect(ids.every(isUlid)).toBe(true)
  })
})

describe('an id', () => {
  it('PR2 tells the time of its making', () => {
    // The example of the ULID specification.
    expect(timeOf('01ARZ3NDEKTSV4RRFFQ69G5FAV' as Ulid)).toBe(1_469_922_850_259)
  })

  it.each([
    '01arz3ndektsv4rrffq69g5fav',
    '81ARZ3NDEKTSV4RRFFQ69G5FAV',
    '01ARZ3NDEKTSV4RRFFQ69G5FA',
    '01ARZ3NDEKTSV4RRFFQ69G5FAVX',
    '01ARZ3NDEKTSV4RRFFQ69G5FAU',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV\n',
    '__proto__',
    '',
    null,
    26,
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV'],
  ])('PR2 is not %j', (text) => {
    expect(isUlid(text)).toBe(false)
    expect(isConversationId(text)).toBe(false)
  })
})

describe('a direct conversation', () => {
  it('PR3 is named alike from either side and unlike any other', () => {
    expect(directConversation(ada, bob)).toBe(directConversation(bob, ada))
    expect(directConversation(ada, eve)).not.toBe(directConversation(ada, bob))
  })

  it('PR3 is called this for ever', () => {
    expect(directConversation(ada, bob)).toBe('D46NSZF9S3FVXF8YBD9WTCX7RP')
  })

  it('PR3 has a name that no ULID has', () => {
    const name = directConversation(ada, bob)
    expect(isConversationId(name) && isDirect(name)).toBe(true)
    expect(isUlid(name)).toBe(false)
    expect(isDirect(groupId(ada))).toBe(false)
  })
})
