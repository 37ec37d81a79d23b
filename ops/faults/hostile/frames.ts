import { closeCodes, limits, type Ulid } from '@verbatim/protocol'
import { ada, bob, everyCommand, hello as message, tea } from '@verbatim/protocol/examples'
import { parseJson } from '@verbatim/protocol/json'
import { parseCommand, parseFrame } from '@verbatim/protocol/validators'
import { type Cast, castIn } from './cast.ts'
import type { Dice } from './dice.ts'
import { garbled, mutated, mutatedWithin } from './mutate.ts'

/** What a client sends in one WebSocket frame, and what the contract says becomes of it. */
export type HostileFrame = { readonly payload: Buffer; readonly binary: boolean; readonly fate: Fate }
export type Fate =
  | { readonly kind: 'closed'; readonly code: number }
  /** Refused or carried out, under its id. */
  | { readonly kind: 'answered'; readonly id: Ulid; readonly refused?: 'malformed' | 'not-yet' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'passed-over' }
  /** A greeting that is well-formed: what comes of it hangs on its token, and on whether it is the first. */
  | { readonly kind: 'greeted' }

/** RFC 6455 on text that is not UTF-8; an adapter may also just cut. */
export const NOT_TEXT = 1007

/** One of each kind but commands. */
const examples = (dice: Dice, token: string): readonly object[] => [
  { type: 'hello', token: dice.once(2) ? token : 'header.claims.signature', resume: { [tea]: 0 } },
  { type: 'typing', conversation: tea, kind: 'typing' },
  { type: 'follow', users: [ada, bob] },
  { type: 'call', call: message, action: 'join' },
  { type: 'signal', call: message, to: bob, data: { sdp: 'v=0', candidates: [{}] } },
  { type: 'ping' },
]

/** @param mint a new id, so that most commands are no repeats */
export const hostileFrame = (dice: Dice, cast: Cast, mint: () => Ulid): HostileFrame => {
  const payload = hostilePayload(dice, cast, mint)
  const binary = dice.once(100)
  return { payload, binary, fate: fateOf(payload, binary) }
}

const hostilePayload = (dice: Dice, cast: Cast, mint: () => Ulid): Buffer => {
  const { id: known, ...command } = castIn(dice, dice.pick(everyCommand), cast)
  const id = dice.once(16) ? known : mint()
  if (!dice.once(5)) return mutatedWithin(dice, id, command)
  const whole = { type: 'command', command: { id, ...command } }
  const value = dice.once(2) ? castIn(dice, dice.pick(examples(dice, cast.token)), cast) : whole
  return dice.once(4) ? garbled(dice, Buffer.from(JSON.stringify(value))) : mutated(dice, value)
}

/** A greeting, more or less. */
export const hostileGreeting = (dice: Dice, cast: Cast): HostileFrame => {
  const value = castIn(dice, { type: 'hello', token: cast.token, resume: { [tea]: 0 } }, cast)
  const payload = mutated(dice, value)
  return { payload, binary: false, fate: fateOf(payload, false) }
}

export const fateOf = (payload: Buffer, binary: boolean): Fate => {
  if (binary) return { kind: 'closed', code: closeCodes.malformed }
  const text = textOf(payload)
  if (text === undefined) return { kind: 'closed', code: NOT_TEXT }
  if (payload.length > limits.frameBytes) return { kind: 'closed', code: closeCodes.tooLarge }
  const json = parseJson(text)
  const parsed = json.ok ? parseFrame(json.value) : json
  if (!parsed.ok) return { kind: 'closed', code: closeCodes.malformed }
  const { frame } = parsed
  if (frame.type === 'ping') return { kind: 'pong' }
  if (frame.type === 'hello') return { kind: 'greeted' }
  if (frame.type !== 'command') return { kind: 'passed-over' }
  const command = parseCommand(frame.command)
  return { kind: 'answered', id: frame.command.id, ...(!command.ok && { refused: command.reason }) }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const textOf = (bytes: Buffer): string | undefined => {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
