import { limits } from '@verbatim/protocol/limits'

/** From here on one is told how much room is left. */
const NEARLY_FULL = 500

/** How many more characters the server takes with this text, as it will be sent; below 0 it is too long. */
export const roomAfter = (text: string): number => limits.textCodePoints - codePoints(text.trim())

/** What one is told of the room that is left; empty while there is plenty. */
export const sayRoom = (room: number): string => {
  if (room > NEARLY_FULL) return ''
  if (room >= 0) return `${counted(room)} left`
  return `${counted(-room)} too many. Send it in parts: nothing is cut off.`
}

const counted = (count: number): string => (count === 1 ? '1 character' : `${count.toLocaleString('en')} characters`)

const codePoints = (text: string): number => {
  let count = text.length
  for (let i = 0; i < text.length - 1; i++) if ((text.codePointAt(i) ?? 0) > 0xffff) count--
  return count
}
