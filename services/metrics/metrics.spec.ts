import { describe, expect, it } from 'vitest'
import { countedIn, exposition, histogram, memoryFor, tally, turnClock } from './index.ts'

describe('Histogram', () => {
  const bounds = [1, 2.5, 10]

  it('OP71 counts a value in the first bucket that holds it, one on a bound below it, and one above them all', () => {
    const memory = memoryFor(bounds)
    const count = histogram(bounds, memory)
    for (const value of [0, 1, 1.1, 2.5, 9, 10, 11, 1_000]) count(value)
    expect(countedIn(bounds, memory)).toEqual({ bounds, counts: [2, 2, 2, 2], sum: 1_034.6 })
  })

  it('OP71 is read by another view of the same memory, as another thread has it', () => {
    const memory = memoryFor(bounds)
    const elsewhere = new Float64Array(memory.buffer)
    histogram(bounds, memory)(2)
    expect(countedIn(bounds, elsewhere)).toEqual({ bounds, counts: [0, 1, 0, 0], sum: 2 })
  })
})

describe('Exposition', () => {
  it('OP71 writes a counter with its labels, and escapes what would end them', () => {
    const labels = { reason: 'a "quoted"\nback\\slash', state: 'live' }
    expect(exposition([{ name: 'a_total', type: 'counter', doc: 'One\nline.', samples: [{ value: 7, labels }] }])).toBe(
      '# HELP a_total One\\nline.\n# TYPE a_total counter\na_total{reason="a \\"quoted\\"\\nback\\\\slash",state="live"} 7\n',
    )
  })

  it('OP71 adds the buckets of a histogram up, and ends with those above them all, the sum and the count', () => {
    const value = { bounds: [0.5, 1], counts: [3, 0, 2], sum: 9.5 }
    expect(exposition([{ name: 'a_seconds', type: 'histogram', doc: 'x', samples: [{ value }] }]).split('\n')).toEqual([
      '# HELP a_seconds x',
      '# TYPE a_seconds histogram',
      'a_seconds_bucket{le="0.5"} 3',
      'a_seconds_bucket{le="1"} 3',
      'a_seconds_bucket{le="+Inf"} 5',
      'a_seconds_sum 9.5',
      'a_seconds_count 5',
      '',
    ])
  })

  it('OP71 writes what is no number as Prometheus does, and describes what has nothing to say', () => {
    const samples = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => ({ value }))
    expect(exposition([{ name: 'a', type: 'gauge', doc: 'x', samples }])).toContain('a NaN\na +Inf\na -Inf\n')
    expect(exposition([{ name: 'a', type: 'gauge', doc: 'x', samples: [] }])).toBe('# HELP a x\n# TYPE a gauge\n')
  })
})

describe('Counting', () => {
  it('OP71 a tally counts each word, and what it told does not change', () => {
    const words = tally<string>()
    words.add('one')
    const before = words.all()
    words.add('one')
    words.add('__proto__')
    expect(before).toEqual(new Map([['one', 1]]))
    expect(words.all()).toEqual(
      new Map([
        ['one', 2],
        ['__proto__', 1],
      ]),
    )
  })

  it('OP71 the clock of a turn is read once in it, and anew in the next', async () => {
    let time = 0
    const clock = turnClock(() => ++time)
    expect([clock(), clock()]).toEqual([1, 1])
    await null
    expect(clock()).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    expect(clock()).toBe(2)
  })
})
