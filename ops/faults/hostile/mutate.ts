import type { Dice } from './dice.ts'
import { hostileFields, hostileValues } from './values.ts'

/** A valid value as JSON that is no longer valid, mostly: one to three things are wrong with it. */
export const mutated = (dice: Dice, value: unknown): Buffer => {
  let text = JSON.stringify(value)
  for (let wrong = 1 + dice.below(3); wrong > 0; wrong--) text = dice.pick(ofText)(dice, text)
  const bytes = Buffer.from(text)
  return dice.once(4) ? dice.pick(ofBytes)(dice, bytes) : bytes
}

/** A frame whose id and bounds are good, so that what is wrong within it is looked at. */
export const mutatedWithin = (dice: Dice, id: string, command: object): Buffer => {
  let text = JSON.stringify(command)
  for (let wrong = dice.below(3); wrong > 0; wrong--) text = dice.pick(within)(dice, text)
  return Buffer.from(`{"type":"command","command":{"id":"${id}",${text.slice(1)}}`)
}

/** Bytes with one thing wrong, whatever they mean. */
export const garbled = (dice: Dice, bytes: Buffer): Buffer => dice.pick(ofBytes)(dice, bytes)

type OfText = (dice: Dice, text: string) => string

/** A value, be it a whole object: from a colon or a comma on, as far as the brackets tell. */
const anotherValue: OfText = (dice, text) => {
  const places = [...text.matchAll(/(?<=[:[,])(?:"(?:[^"\\]|\\.)*"|-?\d[\d.e+-]*|true|false|null)(?=[,\]}])/g)]
  const place = places[dice.below(places.length)]
  return place ? spliced(text, { at: place.index, length: place[0].length, by: dice.pick(hostileValues) }) : text
}
const wholeOther: OfText = (dice) => dice.pick(hostileValues)
const oneFieldMore: OfText = (dice, text) => {
  const places = [...text.matchAll(/[{,](?=")/g)]
  const place = places[dice.below(places.length)]
  return place ? spliced(text, { at: place.index + 1, length: 0, by: `${dice.pick(hostileFields)},` }) : text
}
const oneFieldLess: OfText = (dice, text) => {
  const places = [...text.matchAll(/"\w+":(?:"[^"]*"|\d+),/g)]
  const place = places[dice.below(places.length)]
  return place ? spliced(text, { at: place.index, length: place[0].length, by: '' }) : text
}
const fieldTwice: OfText = (dice, text) => {
  const places = [...text.matchAll(/"\w+":(?:"[^"]*"|\d+)(?=[,}])/g)]
  const place = places[dice.below(places.length)]
  return place ? spliced(text, { at: place.index, length: 0, by: `${place[0]},` }) : text
}
const otherKey: OfText = (dice, text) => {
  const places = [...text.matchAll(/"\w+"(?=:)/g)]
  const place = places[dice.below(places.length)]
  const key = dice.pick(['"__proto__"', '"constructor"', '"TYPE"', '"id "', '"\\u0069d"', '""', '"$id"'])
  return place ? spliced(text, { at: place.index, length: place[0].length, by: key }) : text
}
const wrapped: OfText = (dice, text) => {
  const [open, close] = dice.pick<[string, string]>([
    ['[', ']'],
    ['{"command":', '}'],
    ['{"__proto__":', '}'],
    ['', ','],
    ['\ufeff', ''],
    ['/**/', ''],
  ])
  return open + text + close
}
const spaced: OfText = (dice, text) => text + ' '.repeat(dice.below(2) * 65_536 + dice.below(50))

const within: readonly OfText[] = [anotherValue, anotherValue, anotherValue, oneFieldMore, oneFieldLess, fieldTwice]
const ofText: readonly OfText[] = [
  ...[anotherValue, anotherValue, anotherValue, anotherValue, anotherValue, oneFieldMore, oneFieldMore],
  ...[oneFieldLess, fieldTwice, otherKey, wrapped, spaced, wholeOther],
]

type OfBytes = (dice: Dice, bytes: Buffer) => Buffer
const flipped: OfBytes = (dice, bytes) => {
  const other = Buffer.from(bytes)
  for (let flips = 1 + dice.below(4); flips > 0 && other.length > 0; flips--) {
    const at = dice.below(other.length)
    other[at] = (other[at] ?? 0) ^ (1 << dice.below(8))
  }
  return other
}
const cut: OfBytes = (dice, bytes) => bytes.subarray(0, dice.below(bytes.length + 1))
const torn: OfBytes = (dice, bytes) => bytes.subarray(dice.below(bytes.length + 1))
const repeated: OfBytes = (dice, bytes) => Buffer.concat([bytes, bytes.subarray(dice.below(bytes.length + 1))])
const filled: OfBytes = (dice, bytes) => {
  const at = dice.below(bytes.length + 1)
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(dice.pick(badBytes)), bytes.subarray(at)])
}
const ofBytes: readonly OfBytes[] = [flipped, flipped, cut, torn, repeated, filled]

/** No UTF-8: overlong, cut off, a surrogate, beyond the last, a lone continuation; and bytes that end lines and texts. */
const badBytes: readonly number[][] = [
  [0xc0, 0xaf],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0x80],
  [0xff, 0xfe],
  [0xef, 0xbb, 0xbf],
  [0],
  [13, 10],
  [0x1b, 0x5b],
  [0x22],
  [0x5c],
]

const spliced = (text: string, { at, length, by }: { at: number; length: number; by: string }): string =>
  text.slice(0, at) + by + text.slice(at + length)
