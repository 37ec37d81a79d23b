import { limits } from './limits.ts'

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly detail: string }

/**
 * JSON from outside. `JSON.parse` itself takes any depth, and what walks the value later would run out of stack: so the
 * depth is bounded before anything is built. Never throws.
 */
export const parseJson = (text: string): ParsedJson => {
  if (mayBeDeep(text) && isDeep(text)) return { ok: false, detail: `nested deeper than ${limits.jsonDepth} levels` }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, detail: 'not JSON' }
  }
}

/** Fewer brackets than levels cannot be deep: ordinary input is answered by two or three searches of the engine. */
const mayBeDeep = (text: string): boolean => {
  let left = limits.jsonDepth
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) if (left-- === 0) return true
  return false
}

const isDeep = (text: string): boolean => {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at)
    else if (character === '{' || character === '[') {
      if (++depth > limits.jsonDepth) return true
    } else if (character === '}' || character === ']') depth--
  }
  return false
}

/** Place of the closing quote; the end of the text when there is none, which `JSON.parse` then refuses. */
const endOfString = (text: string, opening: number): number => {
  for (let at = opening + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at
  }
  return text.length
}
