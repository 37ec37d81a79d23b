import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ada, adasSession, hello, messageSent, people, sendMessage, tea } from './examples.ts'
import { type ClientFrame, type ClientFrameType, clientFrames, type ServerFrame, serverFrames } from './frames.ts'
import type { EventId } from './ids.ts'
import { parseFrame } from './validators.ts'

const frames = [
  { type: 'hello', token: 'header.claims.signature', resume: { [tea]: 41 } },
  { type: 'command', command: sendMessage() },
  { type: 'typing', conversation: tea, kind: 'recording' },
  { type: 'follow', users: [ada] },
  { type: 'call', call: hello, action: 'join' },
  { type: 'signal', call: hello, to: ada, data: { sdp: 'v=0', candidates: [{}] } },
  { type: 'ping' },
] as const satisfies readonly ClientFrame[]
const fields = frames.flatMap((frame) => Object.entries(frame).map(([field, value]) => ({ frame, field, value })))
const refuses = (value: unknown) => expect(parseFrame(value)).toEqual({ ok: false, detail: expect.any(String) })

describe('a frame', () => {
  it('PR16 of every type has an example', () => {
    expect(frames.map(({ type }) => type)).toEqual(Object.keys(clientFrames))
  })

  it.each(frames)('PR16 $type is taken', (frame) => {
    expect(parseFrame(frame)).toEqual({ ok: true, frame })
  })

  it.each(frames)('PR16 $type has no other field', (frame) => {
    refuses({ ...frame, by: ada })
    refuses({ ...frame, ...JSON.parse('{"__proto__":1}') })
  })

  it.each(fields)('PR16 $frame.type takes no value of another type as $field', ({ frame, field, value }) => {
    for (const wrong of [null, [value], 1.5, true]) refuses({ ...frame, [field]: wrong })
    if (field !== 'data') refuses({ ...frame, [field]: { $ne: null } })
  })

  it.each([null, [], ['hello'], 'hello', 1, {}, { type: 'constructor' }, { type: ['ping'] }, { type: 'ack' }])(
    'PR16 is not %j',
    refuses,
  )

  it('PR6 is followed by 200 people at most, and carries a token of 8 KiB', () => {
    const follow = (count: number) => parseFrame({ type: 'follow', users: Array(count).fill(ada) }).ok
    expect([follow(200), follow(201)]).toEqual([true, false])
    const token = (length: number) => parseFrame({ type: 'hello', token: 'x'.repeat(length) }).ok
    expect([token(8_192), token(8_193)]).toEqual([true, false])
  })

  it.each([
    '{"type":"signal","call":"ID","to":"ID","data":{"__proto__":{"x":1}}}',
    '{"type":"signal","call":"ID","to":"ID","data":{"a":[{"constructor":{"prototype":{"x":1}}}]}}',
    '{"type":"signal","call":"ID","to":"ID","data":{"prototype":1}}',
    '{"type":"hello","token":"t","resume":{"__proto__":3}}',
    '{"type":"hello","token":"t","resume":{"\\u005f_proto__":3}}',
  ])('PR17 that reaches into prototypes is refused: %s', (text) => {
    expect(parseFrame(JSON.parse(text.replaceAll('ID', hello)))).toEqual({
      ok: false,
      detail: 'a key that is not allowed',
    })
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })

  it('PR18 with a command is checked as its schema would', () => {
    const part = fc.oneof(
      fc.constant(sendMessage()),
      fc.jsonValue(),
      fc.record({ id: fc.constantFrom(hello, 'x', null) }),
    )
    const frame = fc.oneof(
      fc.record({ type: fc.constant('command'), command: part }),
      fc.record({ type: fc.constant('command'), command: part, more: fc.jsonValue() }, { requiredKeys: ['type'] }),
    )
    fc.assert(
      fc.property(frame, (value) => {
        expect(parseFrame(value).ok).toBe(clientFrames.command.safeParse(value).success)
      }),
      { seed: 4, numRuns: 1_000 },
    )
  })

  it('PR18 hands its command on as it came', () => {
    const command = { id: hello, type: 'Anything', data: {} }
    const parsed = parseFrame({ type: 'command' satisfies ClientFrameType, command })
    expect(parsed.ok && parsed.frame.type === 'command' && parsed.frame.command).toBe(command)
  })
})

const at = '2025-01-01T12:00:00.000Z'
const event = { ...messageSent(), id: '7f8a4c2e-5d0b-5c1a-9e3f-2b6d8a1c4e70' as EventId, actor: ada, at }
const told: readonly ServerFrame[] = [
  {
    type: 'ready',
    user: people.ada,
    session: adasSession,
    log: 'a1',
    position: '7',
    time: at,
    conversations: [{ id: tea, revision: 1 }],
  },
  { type: 'ack', id: hello, revision: 1, position: '9', conversation: tea },
  { type: 'refused', id: hello, reason: 'too-fast', retryAfter: 1 },
  { type: 'events', conversation: tea, events: [{ ...event, revision: 1 }] },
  { type: 'events', conversation: tea, events: [], reset: true, position: '9' },
  { type: 'events', user: true, position: '9', events: [event] },
  { type: 'read', conversation: tea, user: ada, revision: 1 },
  { type: 'pong' },
  { type: 'bye', reason: 'restarting' },
]

describe('a frame of the server', () => {
  it('PR16 of every type has an example', () => {
    expect(new Set(told.map(({ type }) => type))).toEqual(new Set(Object.keys(serverFrames)))
  })

  it.each(told)('PR16 $type is what its schema says', (frame) => {
    expect(serverFrames[frame.type].parse(frame)).toEqual(frame)
    expect(serverFrames[frame.type].safeParse({ ...frame, type: 'else' }).success).toBe(false)
  })
})
