import { describe, expect, it } from 'vitest'
import { commandSchemas } from './commands.ts'
import { eventSchemas } from './events.ts'
import { everyCommand, everyEvent, noon, people, sendMessage } from './examples.ts'
import { timeOf } from './ids.ts'

describe('the examples', () => {
  it.each(everyCommand)('PR20 $type is valid as it stands', (command) => {
    expect(commandSchemas[command.type].parse(command)).toEqual(command)
  })

  it.each(everyEvent)('PR20 $type is valid as it stands', ({ type, data }) => {
    expect(eventSchemas[type].data.parse(data)).toEqual(data)
  })

  it('PR20 are one of each command and event, each command with an id of its own', () => {
    expect(everyCommand.map(({ type }) => type).sort()).toEqual(Object.keys(commandSchemas).sort())
    expect(everyEvent.map(({ type }) => type).sort()).toEqual(Object.keys(eventSchemas).sort())
    expect(new Set(everyCommand.map(({ id }) => id)).size).toBe(everyCommand.length)
  })

  it('PR20 are the same for ever, stamped just after noon', () => {
    expect(people.ada.id).toBe('01JGGVSAG10000000000000000')
    expect(everyCommand.every(({ id }) => timeOf(id) - noon < 1_000)).toBe(true)
  })

  it('PR20 change in the fields that are given, and one does not change another', () => {
    expect(sendMessage({ body: { text: 'Tea?' } })).toEqual({ ...sendMessage(), body: { text: 'Tea?' } })
    expect(sendMessage().body).toEqual({ text: 'Hello' })
  })
})
