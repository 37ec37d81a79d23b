import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { eventSchemas, isEventType } from './events.ts'
import { ada, everyEvent, hello, idAt } from './examples.ts'
import { publicEventSchema, publicEventTypes } from './public-events.ts'

const isPersonal = (schema: unknown): boolean => {
  if (!(schema instanceof z.ZodType)) return false
  if (schema.meta()?.personal === true) return true
  return schema instanceof z.ZodExactOptional && isPersonal(schema.unwrap())
}
const personal = everyEvent.flatMap(({ type, data }) =>
  Object.entries(eventSchemas[type].data.shape)
    .filter(([, schema]) => isPersonal(schema))
    .map(([field]) => ({ type, field, data: data as object })),
)

describe('an event', () => {
  it('PR19 marks every text, name and handle as personal', () => {
    expect(personal.map(({ type, field }) => `${type}.${field}`)).toEqual([
      'AccountRegistered.handle',
      'AccountRegistered.name',
      'ProfileChanged.name',
      'ProfileChanged.about',
      'GroupStarted.name',
      'GroupRenamed.name',
      'MessageSent.body',
      'MessageEdited.body',
      'MessageRestored.body',
    ])
  })

  it.each(personal)('PR19 $type takes null as its $field, as after an erasure', ({ type, field, data }) => {
    const erased = { ...data, [field]: null }
    expect(eventSchemas[type].data.parse(erased)).toEqual(erased)
  })

  it('PR19 takes null in no other field', () => {
    const marked = new Set(personal.map(({ type, field }) => `${type}.${field}`))
    for (const { type, data } of everyEvent)
      for (const field of Object.keys(data as object)) {
        if (marked.has(`${type}.${field}`) || type === 'SnapshotTaken') continue
        expect(
          eventSchemas[type].data.safeParse({ ...(data as object), [field]: null }).success,
          `${type}.${field}`,
        ).toBe(false)
      }
  })

  it('PR19 is public in the shape that its type tells, all but the snapshot', () => {
    expect(publicEventTypes).not.toContain('SnapshotTaken')
    const envelope = {
      id: '7f8a4c2e-5d0b-5c1a-9e3f-2b6d8a1c4e70',
      actor: ada,
      at: '2025-01-01T12:00:00.000Z',
      revision: 0,
    }
    for (const { type, data } of everyEvent)
      expect(publicEventSchema.safeParse({ ...envelope, type, data }).success, type).toBe(type !== 'SnapshotTaken')
    expect(publicEventSchema.safeParse({ ...envelope, type: 'MessageSent', data: { message: idAt(1) } }).success).toBe(
      false,
    )
  })

  it('PR11 has a type of the table', () => {
    expect(isEventType('MessageSent')).toBe(true)
    expect(['constructor', '__proto__', hello].some(isEventType)).toBe(false)
  })
})
