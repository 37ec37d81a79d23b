import { sha256 } from '@noble/hashes/sha2.js'

declare const brand: unique symbol
type Branded<Of, Name extends string> = Of & { readonly [brand]: Name }

/** ULID, 26 characters of Crockford's base32 in upper case: 48 bits of milliseconds, 80 bits of chance. */
export type Ulid = Branded<string, 'Ulid'>
export type UserId = Ulid
export type CommandId = Ulid
/** The id of the command that sent it. */
export type MessageId = Ulid
export type SessionId = Ulid
/** A ULID for a group, or `D` and 25 base32 characters for the one direct conversation of two people. */
export type ConversationId = Branded<string, 'ConversationId'>
/** UUID version 5 of stream, command and index. */
export type EventId = Branded<string, 'EventId'>

const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** The first character is at most 7, or the time would not fit in 48 bits. */
export const ULID_PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
export const CONVERSATION_PATTERN = /^[0-7D][0-9A-HJKMNP-TV-Z]{25}$/

export const isUlid = (text: unknown): text is Ulid => typeof text === 'string' && ULID_PATTERN.test(text)
export const isConversationId = (text: unknown): text is ConversationId =>
  typeof text === 'string' && CONVERSATION_PATTERN.test(text)
export const isDirect = (conversation: ConversationId): boolean => conversation.startsWith('D')
/** A group is named by a ULID that its creator's client mints. */
export const groupId = (minted: Ulid): ConversationId => minted as string as ConversationId

/** Milliseconds since the epoch that a ULID is stamped with. */
export const timeOf = (id: Ulid): number => {
  let time = 0
  for (let i = 0; i < 10; i++) time = time * 32 + BASE32.indexOf(id[i] as string)
  return time
}

const LAST_TIME = 2 ** 48 - 1
/** A clock that steps back further than this was wrong before, and ids of its wrong time would be refused as ahead. */
const SMALL_STEP = 60_000

/**
 * Mints ULIDs that grow, also within one millisecond and when the clock steps back a little.
 * @param now milliseconds since the epoch
 * @param random fills the array with random bytes
 */
export const ulids = (now: () => number, random: (into: Uint8Array) => void): (() => Ulid) => {
  const chance = new Uint8Array(16)
  let last = -1
  return () => {
    const time = Math.min(Math.max(Math.floor(now()), 0), LAST_TIME)
    if (time > last || last - time > SMALL_STEP) {
      last = time
      random(chance)
      for (let i = 0; i < 16; i++) chance[i] = (chance[i] as number) & 31
    } else if (!increment(chance)) last++
    return `${encodeTime(last)}${encodeChance(chance)}` as Ulid
  }
}

/** `false` when there was no room to grow and it begins at 0 again. */
const increment = (chance: Uint8Array): boolean => {
  for (let i = 15; i >= 0; i--) {
    const next = (chance[i] as number) + 1
    chance[i] = next & 31
    if (next < 32) return true
  }
  return false
}

const encodeTime = (time: number): string => {
  let text = ''
  for (let i = 0, rest = time; i < 10; i++, rest = Math.floor(rest / 32)) text = BASE32[rest % 32] + text
  return text
}

const encodeChance = (chance: Uint8Array): string => {
  let text = ''
  for (const five of chance) text += BASE32[five]
  return text
}

/**
 * The one direct conversation of two people, which also names their friendship: `D` and the first 125 bits of
 * SHA-256 over the two ids in order, so that both sides meet without a look-up.
 */
export const directConversation = (one: UserId, other: UserId): ConversationId => {
  const hash = sha256(new TextEncoder().encode(one < other ? one + other : other + one))
  let text = 'D'
  for (let bit = 0; bit < 125; bit += 5) {
    const pair = ((hash[bit >> 3] as number) << 8) | (hash[(bit >> 3) + 1] as number)
    text += BASE32[(pair >> (11 - (bit & 7))) & 31]
  }
  return text as ConversationId
}
