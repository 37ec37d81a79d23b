import { z } from 'zod'
import { answers } from './http.ts'
import type { ConversationId, Ulid } from './ids.ts'
import { limits } from './limits.ts'
import { type PersonalEvent, type PublicEvent, publicEventSchema } from './public-events.ts'
import { type Reason, reasons } from './refusals.ts'
import * as words from './words.ts'

const { ulid, conversationId } = words

/** Frames from the client. The command inside a command frame is checked by its own schema, so that it can be refused by id. */
export const clientFrames = {
  hello: z.strictObject({
    type: z.literal('hello'),
    token: z.string().max(8_192),
    resume: z.record(z.string(), words.revision).exactOptional(),
  }),
  command: z.strictObject({ type: z.literal('command'), command: z.looseObject({ id: ulid }) }),
  typing: z.strictObject({
    type: z.literal('typing'),
    conversation: conversationId,
    kind: z.enum(['typing', 'recording', 'uploading']).exactOptional(),
  }),
  follow: z.strictObject({ type: z.literal('follow'), users: z.array(ulid).max(limits.resume.conversations) }),
  call: z.strictObject({ type: z.literal('call'), call: ulid, action: z.enum(['join', 'leave', 'decline']) }),
  signal: z.strictObject({ type: z.literal('signal'), call: ulid, to: ulid, data: z.record(z.string(), z.unknown()) }),
  ping: z.strictObject({ type: z.literal('ping') }),
} as const
export type ClientFrameType = keyof typeof clientFrames
export type ClientFrame = { [T in ClientFrameType]: z.infer<(typeof clientFrames)[T]> }[ClientFrameType]

export const serverFrames = {
  ready: z.object({
    type: z.literal('ready'),
    user: z.object({ id: ulid, handle: z.string().nullable(), name: z.string().nullable() }),
    session: ulid,
    log: z.string().meta({ description: 'Changes when the server was restored: drop all caches' }),
    time: words.time,
    position: z.string().meta({ description: 'Carry it as X-Verbatim-Position to read no less than these revisions' }),
    conversations: z.array(z.object({ id: conversationId, revision: z.int() })),
  }),
  ack: answers.accepted.extend({ type: z.literal('ack') }),
  refused: z.object({
    type: z.literal('refused'),
    id: ulid,
    reason: z.enum(reasons),
    detail: z.string().exactOptional(),
    retryAfter: z.number().exactOptional(),
  }),
  events: z.union([
    z.object({
      type: z.literal('events'),
      conversation: conversationId,
      events: z.array(publicEventSchema),
      reset: z.literal(true).exactOptional(),
      position: z
        .string()
        .exactOptional()
        .meta({ description: 'Of a reset: to read no less than is not told any more' }),
    }),
    z.object({
      type: z.literal('events'),
      user: z.literal(true),
      position: z.string().meta({ description: 'Carry it as X-Verbatim-Position to read what they tell of' }),
      events: z.array(publicEventSchema),
    }),
  ]),
  read: z.object({ type: z.literal('read'), conversation: conversationId, user: ulid, revision: z.int() }),
  pong: z.object({ type: z.literal('pong') }),
  bye: z.object({ type: z.literal('bye'), reason: z.string() }),
} as const

type PlainFrameType = Exclude<keyof typeof serverFrames, 'events'>
export type ServerFrame =
  | { [T in PlainFrameType]: z.infer<(typeof serverFrames)[T]> }[PlainFrameType]
  | { type: 'events'; conversation: ConversationId; events: PublicEvent[]; reset?: true; position?: string }
  | { type: 'events'; user: true; position: string; events: PersonalEvent[] }

/** What a command is answered with. */
export type Answer =
  | {
      readonly kind: 'accepted'
      readonly id: Ulid
      readonly revision: number
      readonly position: string
      readonly conversation?: ConversationId
    }
  | {
      readonly kind: 'refused'
      readonly id: Ulid
      readonly reason: Reason
      readonly detail?: string
      readonly retryAfter?: number
    }

export const closeCodes = {
  goingAway: 1001,
  tooLarge: 1009,
  restarting: 1012,
  tooSlow: 1013,
  malformed: 4400,
  notSignedIn: 4401,
  noHello: 4408,
  tooFast: 4429,
} as const
