import { limits } from './limits.ts'

/** NUL and lone surrogates are no text: stores and encoders disagree about them. */
export const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** At most so many code points; they are counted only when the code units alone do not decide it. */
export const isWithin = (text: string, most: number): boolean =>
  text.length <= most || (text.length <= most * 2 && [...text].length <= most)

/** Something besides spaces, controls and characters that are drawn as nothing (the blank of Braille is one). */
export const isVisible = (text: string): boolean => /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/v.test(text)

/** What the text of a message is held to, all at once. */
export const isMessageText = (text: unknown): boolean =>
  typeof text === 'string' && isText(text) && isWithin(text, limits.textCodePoints) && isVisible(text)

/**
 * Controls, line breaks and invisible marks, those that turn the reading direction among them: in a name they only
 * deceive. Joiners, variation selectors and tags stay: Persian, Mongolian and emoji are written with them.
 */
export const misleads = (text: string): boolean =>
  /[\p{Cc}\p{Zl}\p{Zp}\ufff9-\ufffb[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\ufe0e\ufe0f\u180b-\u180f\u{e0020}-\u{e007f}]]]/v.test(
    text,
  )

/** Marks piled on one letter overflow the line that they stand in. No script needs more than eight. */
export const hasMarkPile = (text: string): boolean => /\p{M}{9}/u.test(text)

// The shape of UTS #51 rather than the engine's list of emoji, so that what a newer phone sends is taken too. A digit
// is an emoji to Unicode only with its keycap, a regional indicator only as half of a flag.
const PICTURE = String.raw`[[\p{Emoji}--[0-9#*\p{RI}]][\p{Extended_Pictographic}&&\p{Cn}]]`
const ELEMENT = String.raw`${PICTURE}(?:\p{EMod}|\ufe0f)?(?:[\u{e0020}-\u{e007e}]+\u{e007f})?`
const EMOJI = new RegExp(String.raw`^(?:\p{RI}{2}|[0-9#*]\ufe0f?\u20e3|${ELEMENT}(?:\u200d${ELEMENT})*)$`, 'v')

/** Exactly one emoji. */
export const isEmoji = (text: string): boolean => text.length <= limits.emojiCodeUnits && EMOJI.test(text)
