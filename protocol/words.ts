import { z } from 'zod'
import { CONVERSATION_PATTERN, type ConversationId, ULID_PATTERN, type Ulid } from './ids.ts'
import { limits } from './limits.ts'

/** Code points, counted only when the code units alone do not decide it. */
const within = (text: string, most: number): boolean => text.length <= most || [...text].length <= most
/** NUL and lone surrogates are no text: stores and encoders disagree about them. */
const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')
/** Controls, line breaks and the marks that turn the reading direction: in a name they only deceive. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it looks for
const DECEIVING = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]/

export const ulid = z
  .string()
  .regex(ULID_PATTERN, 'a ULID in upper case')
  .meta({ description: 'ULID' })
  .transform((text) => text as Ulid)
export const conversationId = z
  .string()
  .regex(CONVERSATION_PATTERN, 'a conversation id')
  .meta({ description: 'Conversation id' })
  .transform((text) => text as ConversationId)
export const handle = z
  .string()
  .max(64)
  .transform((text) => text.toLowerCase())
  .refine((text) => limits.handlePattern.test(text), '3 to 32 of a-z, 0-9 and _')
export const name = z
  .string()
  .max(256)
  .transform((text) => text.trim())
  .refine((text) => text !== '' && within(text, limits.nameCodePoints), '1 to 64 characters')
  .refine((text) => isText(text) && !DECEIVING.test(text), 'no control characters')
export const about = z
  .string()
  .max(limits.aboutCodePoints * 2)
  .refine((text) => isText(text) && within(text, limits.aboutCodePoints), 'at most 500 characters')
export const password = z.string().refine((text) => {
  const bytes = new TextEncoder().encode(text).length
  return bytes >= limits.passwordBytes.min && bytes <= limits.passwordBytes.max
}, '10 to 1,024 bytes')
export const text = z
  .string()
  .max(limits.textCodePoints * 2)
  .refine((value) => isText(value) && value.trim() !== '', 'not empty and well-formed')
  .refine((value) => within(value, limits.textCodePoints), 'at most 8,000 characters')
export const revision = z.int().min(-1).max(Number.MAX_SAFE_INTEGER)
export const role = z.enum(['admin', 'member'])
export type Role = z.infer<typeof role>
export const history = z.enum(['whole', 'since-joining'])
export type History = z.infer<typeof history>
const UNICODE_EMOJI = /^(\p{RGI_Emoji}|\p{Emoji}\ufe0f?)$/v
/** A Unicode emoji, or the id of a custom one. */
export const emoji = z
  .string()
  .min(1)
  .max(limits.emojiCodeUnits)
  .refine((value) => ULID_PATTERN.test(value) || (UNICODE_EMOJI.test(value) && !/^[0-9#*]$/.test(value)), 'an emoji')
export const time = z.iso.datetime().meta({ description: 'ISO 8601 in UTC, set by the server' })

/** What a message says, as its sender sent it. */
export const body = z
  .strictObject({
    text: text.optional(),
    attachments: z.array(ulid).min(1).max(20).optional(),
    replyTo: ulid.optional(),
    mentions: z.array(ulid).max(limits.mentions).optional(),
    forwardedFrom: ulid.optional(),
    voice: z
      .strictObject({ duration: z.number().min(0).max(86_400), peaks: z.array(z.number().min(0).max(1)).max(256) })
      .optional(),
  })
  .refine((value) => value.text !== undefined || value.attachments !== undefined, 'a text or an attachment')
export type Body = z.infer<typeof body>
