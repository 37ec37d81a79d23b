import { type EventType, eventSchemas } from '@verbatim/protocol'
import { describe, expect, it } from 'vitest'
import { decode, encode, type Upcasters, upcasters } from './codec.ts'
import goldens from './fixtures/events.json'

const position = 42
const types = Object.keys(eventSchemas) as EventType[]

describe('the golden events', () => {
  it('EL16 are there for every type and every schema that ever was', () => {
    const wanted = types.flatMap((type) =>
      Array.from({ length: eventSchemas[type].schema }, (_, before) => `${type} ${before + 1}`),
    )
    const there = new Set(goldens.map(({ type, schema }) => `${type} ${schema}`))
    expect(wanted.filter((name) => !there.has(name))).toEqual([])
    expect(there.size).toBe(wanted.length)
  })

  it.each(goldens)(
    'EL16 are read as on the day they were stored ($type of schema $schema)',
    ({ type, schema, stored, read }) => {
      const decoded = decode({ position, type, schema, json: stored })
      expect(decoded).toEqual({ type, schema: eventSchemas[decoded.type].schema, json: read })
      expect(eventSchemas[decoded.type].data.safeParse(JSON.parse(decoded.json))).toMatchObject({ success: true })
    },
  )

  it.each(goldens)(
    'EL8 are stored today as they were then ($type of schema $schema)',
    ({ type, schema, stored, read }) => {
      const isCurrent = eventSchemas[type as EventType].schema === schema
      if (isCurrent) expect(encode(read)).toBe(stored)
      else expect(stored).not.toBe(read)
    },
  )
})

describe('an old schema', () => {
  // As if MessageSent, of schema 1 today, had been 0 and -1 before.
  const chain: Upcasters = {
    MessageSent: {
      [-1]: (data) => ({ ...(data as object), n: 7 }),
      0: (data) => ({ ...(data as object), body: { text: 'was' } }),
    },
  }

  it('EL16 goes up step by step, each type by its own', () => {
    const decoded = decode({ position, type: 'MessageSent', schema: -1, json: '{"message":"m"}' }, chain)
    expect(decoded).toEqual({ type: 'MessageSent', schema: 1, json: '{"message":"m","n":7,"body":{"text":"was"}}' })
    const later = decode({ position, type: 'MessageSent', schema: 0, json: '{"message":"m"}' }, chain)
    expect(later.json).toBe('{"message":"m","body":{"text":"was"}}')
  })

  it('EL16 without the next step is an error, never half a way', () => {
    expect(() => decode({ position, type: 'MessageSent', schema: -2, json: '{}' }, chain)).toThrow(
      'no upcaster leads MessageSent from schema -2 to -1',
    )
    expect(() => decode({ position, type: 'MessageEdited', schema: 0, json: '{}' }, chain)).toThrow('no upcaster leads')
  })

  it('EL16 has its whole way up in this version', () => {
    const missing = types.flatMap((type) =>
      Array.from({ length: eventSchemas[type].schema - 1 }, (_, before) => before + 1).filter(
        (from) => !upcasters[type]?.[from],
      ),
    )
    expect(missing).toEqual([])
  })
})

it.each([
  ['MessageSent', 2],
  ['MessageVanished', 1],
  ['toString', 1],
])('EL16 refuses %s of schema %i as newer than this version', (type, schema) => {
  expect(() => decode({ position, type, schema, json: '{}' })).toThrow(
    expect.objectContaining({ name: 'UpgradeNeeded', position, type, schema }),
  )
})
