import { z } from 'zod'
import { CONVERSATION_PATTERN, type ConversationId, ULID_PATTERN, type Ulid } from './ids.ts'
import { limits } from './limits.ts'
import { hasMarkPile, isEmoji, isText, isVisible, isWithin, misleads } from './writing.ts'

/** The words that commands, frames and requests are made of. Each message after a check is what the refused client reads. */
export const ulid = z
  .string()
  .regex(ULID_PATTERN, 'a ULID in upper case')
  .meta({ description: 'ULID' })
  .transform((text) => text as Ulid)
export const conversationId = z
  .string()
  .regex(CONVERSATION_PATTERN, 'a conversation id')
  .meta({ description: 'Conversation id: a ULID for a group, `D` and 25 base32 characters for a direct one' })
  .transform((text) => text as ConversationId)
/** Only a ULID: the id of a direct conversation is derived, and nobody may take it for a group. */
export const groupId = z
  .string()
  .regex(ULID_PATTERN, 'a ULID in upper case')
  .meta({ description: "ULID, minted by the creator's client" })
  .transform((text) => text as ConversationId)

/** Checked before it is folded: some letters of other scripts (the Kelvin sign) fold into a–z. */
export const handle = z
  .string()
  .regex(/^[A-Za-z0-9_]{3,32}$/, '3 to 32 of a-z, 0-9 and _')
  .toLowerCase()
  .meta({ description: 'Case is folded' })
export const name = z
  .string()
  .max(limits.nameCodePoints * 4, 'at most 64 characters')
  .trim()
  .refine((text) => text !== '' && isWithin(text, limits.nameCodePoints), '1 to 64 characters')
  .refine(isText, 'well-formed text without NUL')
  .refine((text) => !misleads(text), 'no control characters, line breaks or invisible marks')
  .refine((text) => isVisible(text) && !hasMarkPile(text), 'something that can be read')
  .meta({ minLength: 1, maxLength: limits.nameCodePoints, description: 'Counted without the spaces around it' })
export const about = z
  .string()
  .max(limits.aboutCodePoints * 2, 'at most 500 characters')
  .refine(isText, 'well-formed text without NUL')
  .refine((text) => isWithin(text, limits.aboutCodePoints), 'at most 500 characters')
  .meta({ maxLength: limits.aboutCodePoints })
/** Measured in bytes, which is what is hashed. A lone surrogate would be hashed as another password's replacement character. */
export const password = z
  .string()
  .refine(isText, 'well-formed text without NUL')
  .refine((text) => {
    if (text.length > limits.passwordBytes.max) return false
    const bytes = new TextEncoder().encode(text).length
    return bytes >= limits.passwordBytes.min && bytes <= limits.passwordBytes.max
  }, '10 to 1,024 bytes')
  .meta({ description: '10 to 1,024 bytes' })
export const text = z
  .string()
  .max(limits.textCodePoints * 2, 'at most 8,000 characters')
  .refine(isText, 'well-formed text without NUL')
  .refine((value) => isWithin(value, limits.textCodePoints), 'at most 8,000 characters')
  .refine(isVisible, 'something that can be read')
  .meta({ maxLength: limits.textCodePoints, description: 'Characters are code points' })

export const revision = z.int().min(-1)
export const role = z.enum(['admin', 'member'])
export type Role = z.infer<typeof role>
export const history = z.enum(['whole', 'since-joining'])
export type History = z.infer<typeof history>
/** A Unicode emoji, or the id of a custom one. */
export const emoji = z
  .string()
  .max(limits.emojiCodeUnits, 'an emoji')
  .refine((value) => isEmoji(value) || ULID_PATTERN.test(value), 'an emoji')
  .meta({ description: 'A Unicode emoji or the id of a custom one' })
export const time = z.iso.datetime().meta({ description: 'ISO 8601 in UTC, set by the server' })

/** What a message says, as its sender sent it. */
export const body = z
  .strictObject({
    text: text.exactOptional(),
    attachments: z.array(ulid).min(1).max(20).exactOptional(),
    replyTo: ulid.exactOptional(),
    mentions: z.array(ulid).max(limits.mentions).exactOptional(),
    forwardedFrom: ulid.exactOptional(),
    voice: z
      .strictObject({ duration: z.number().min(0).max(86_400), peaks: z.array(z.number().min(0).max(1)).max(256) })
      .exactOptional(),
  })
  .refine((value) => value.text !== undefined || value.attachments !== undefined, 'a text or an attachment')
export type Body = z.infer<typeof body>
