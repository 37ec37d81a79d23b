import { limits } from '@verbatim/protocol'
import { name as nameWord } from '@verbatim/protocol/words'
import type { Profile } from './port.ts'

/** A handle as near as may be to what the provider calls the person: `Ada.Okafor@corp.example` becomes `ada_okafor`. */
export const handleFrom = ({ username, name }: Profile): string => {
  const candidates = [username?.split('@')[0], name].map((text) => fold(text ?? ''))
  return candidates.find((handle) => limits.handlePattern.test(handle)) ?? 'somebody'
}

/** The same with a short ending, for when it is taken. */
export const withEnding = (handle: string, ending: string): string =>
  `${handle.slice(0, MOST - ending.length - 1)}_${ending}`

/** The name if our own rules take it: what deceives or cannot be read is no name here either. */
export const nameFrom = ({ name, username }: Profile, handle: string): string => {
  for (const text of [name, username?.split('@')[0]]) {
    const checked = nameWord.safeParse(shortened(text ?? ''))
    if (checked.success) return checked.data
  }
  return handle
}

const MOST = 32

const fold = (text: string): string =>
  text
    .slice(0, 256)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, MOST)

/** A long name is cut, not dropped; never in the middle of a character. */
const shortened = (text: string): string =>
  [...text.slice(0, limits.nameCodePoints * 4).trim()].slice(0, limits.nameCodePoints).join('')
