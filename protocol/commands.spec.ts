import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Command, commandSchemas, notYet } from './commands.ts'
import { adaAndBob, everyCommand, hello, idAt, sendMessage, startGroup } from './examples.ts'
import { isUlid } from './ids.ts'
import { parseCommand } from './validators.ts'

const isLater = ({ type }: Command) => (notYet as readonly string[]).includes(type)
const built = everyCommand.filter((command) => !isLater(command))
const later = everyCommand.filter(isLater)
const accepts = (command: Command, change: object): boolean =>
  commandSchemas[command.type].safeParse({ ...command, ...change }).success
const fields = everyCommand.flatMap((command) =>
  Object.entries(command).map(([field, value]) => ({ command, field, value })),
)
/** Fields that a command may leave out, or may be told as `null`. */
const optional = ['name', 'history', 'contact', 'level']
const nullable = ['SetAvatar.avatar', 'SetTheme.theme']

describe('a command', () => {
  it.each(built)('PR11 $type is taken', (command) => {
    expect(parseCommand(command)).toEqual({ ok: true, command })
  })

  it.each(everyCommand)('PR11 $type has no other field', (command) => {
    expect(accepts(command, {})).toBe(true)
    expect(accepts(command, { by: idAt(4) })).toBe(false)
    expect(accepts(command, JSON.parse('{"__proto__":{"admin":true}}'))).toBe(false)
  })

  it.each(fields)('PR11 $command.type takes no value of another type as $field', ({ command, field, value }) => {
    for (const wrong of [{ $ne: null }, { $gt: '' }, [value], 1.5, Number.POSITIVE_INFINITY, 'x'.repeat(70_000)])
      expect(accepts(command, { [field]: wrong }), JSON.stringify(wrong).slice(0, 40)).toBe(false)
    expect(accepts(command, { [field]: null })).toBe(nullable.includes(`${command.type}.${field}`))
  })

  it.each(fields.filter(({ field }) => !optional.includes(field)))(
    'PR11 $command.type does not go without $field',
    ({ command, field }) => {
      const { [field]: _, ...rest } = command as Record<string, unknown>
      expect(commandSchemas[command.type].safeParse(rest).success).toBe(false)
    },
  )

  it('PR6 mentions up to fifty people', () => {
    const mentions = (count: number) => ({
      body: { text: 'all', mentions: Array.from({ length: count }, (_, n) => idAt(n)) },
    })
    expect([accepts(sendMessage(), mentions(50)), accepts(sendMessage(), mentions(51))]).toEqual([true, false])
  })

  it('PR11 StartGroup takes no name of a direct conversation', () => {
    expect(accepts(startGroup(), { conversation: adaAndBob })).toBe(false)
    expect(accepts(sendMessage(), { conversation: adaAndBob })).toBe(true)
  })

  it.each(later)('PR13 $type is of a later version, whatever is in it', (command) => {
    const detail = `${command.type} comes with a later version`
    expect(parseCommand(command)).toEqual({ ok: false, reason: 'not-yet', id: command.id, detail })
    expect(parseCommand({ type: command.type, id: {}, wrong: true })).toEqual({ ok: false, reason: 'not-yet', detail })
  })
})

describe('a refusal', () => {
  it.each([
    [{}, 'body: a text or an attachment'],
    [{ text: '  ' }, 'body.text: something that can be read'],
    [{ text: 'x'.repeat(8_001) }, 'body.text: at most 8,000 characters'],
    [{ text: 'a\0' }, 'body.text: well-formed text without NUL'],
    [{ text: { $ne: null } }, 'body.text: wants a string'],
    [{ text: 'a', replyTo: '1' }, 'body.replyTo: a ULID in upper case'],
    [{ text: 'a', mentions: [hello, 'x'] }, 'body.mentions.1: a ULID in upper case'],
    [{ text: 'a', mentions: Array(51).fill(hello) }, 'body.mentions: at most 50 elements'],
    [{ text: 'a', html: '<b>' }, 'body: unknown field html'],
    [{ text: 'a', ['<script>'.repeat(9)]: 1 }, 'body: unknown field …'],
    ['hi', 'body: wants an object'],
    [undefined, 'body: is missing'],
  ])('PR14 of a message that says %j names its id and the first fault: %s', (body, detail) => {
    const { id, type, conversation } = sendMessage()
    const parsed = parseCommand({ id, type, conversation, body })
    expect(parsed).toEqual({ ok: false, reason: 'malformed', id, detail })
  })

  it.each([null, [], 'SendMessage', 7, {}, { type: 'SendMessage' }, { id: 'x', type: 'SendMessage' }])(
    'PR14 of %j has no id to name',
    (value) => {
      expect(parseCommand(value)).toMatchObject({ ok: false, reason: 'malformed', detail: expect.any(String) })
      expect(parseCommand(value)).not.toHaveProperty('id')
    },
  )

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'Register', ''])(
    'PR12 of the type %j says that there is none',
    (type) => {
      expect(parseCommand({ id: hello, type })).toEqual({
        ok: false,
        reason: 'malformed',
        id: hello,
        detail: 'type: no such command',
      })
    },
  )

  it('PR12 never fails to come, and is short, for whatever is put in whichever field', () => {
    const hostile = fc.jsonValue({ noUnicodeString: false, maxDepth: 5 })
    fc.assert(
      fc.property(fc.constantFrom(...fields), hostile, ({ command, field }, value) => {
        const parsed = parseCommand({ ...command, [field]: value })
        if (parsed.ok) expect(isUlid(parsed.command.id)).toBe(true)
        else expect(parsed.detail.length).toBeLessThan(120)
      }),
      { seed: 4, numRuns: 2_000 },
    )
  })

  it('PR24 the quick check of a plain message agrees with its schema, whatever is put in it', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('Hello', ' ', '', '\0', '\ud800', '\u200b', '\u2800', 'a'.repeat(8_000), 'a'.repeat(8_001)),
      fc.constantFrom('𝄞'.repeat(8_000), '𝄞'.repeat(8_001), null, 7, { $ne: null }, ['a']),
    )
    const body = fc.oneof(
      fc.record({ text }),
      fc.record({ text, replyTo: fc.constantFrom(hello, 'x') }),
      fc.record({ text, more: fc.jsonValue() }),
      fc.constantFrom({}, null, [], 'text', JSON.parse('{"text":"a","__proto__":{"b":1}}')),
    )
    const message = fc.record(
      {
        id: fc.constantFrom(hello, hello, hello, hello, 'x', hello.toLowerCase()),
        type: fc.constant('SendMessage'),
        conversation: fc.constantFrom(adaAndBob, hello, adaAndBob, hello, 'x', 7),
        body: fc.oneof({ weight: 2, arbitrary: fc.record({ text: fc.string() }) }, { weight: 3, arbitrary: body }),
        more: fc.jsonValue(),
      },
      { requiredKeys: ['id', 'type', 'conversation', 'body'] },
    )
    let taken = 0
    fc.assert(
      fc.property(message, (value) => {
        const { success } = commandSchemas.SendMessage.safeParse(value)
        if (success) taken++
        expect(parseCommand(value).ok).toBe(success)
        if (success) expect(parseCommand(value)).toEqual({ ok: true, command: value })
      }),
      { seed: 24, numRuns: 3_000 },
    )
    expect(taken).toBeGreaterThan(50)
  })
})
