export type Token = { readonly text: string; readonly href?: string }

const LINK = /\b(?:https?:\/\/|mailto:)[^\s<>"'`\u200b]+/giu
/** Marks that end a sentence rather than an address. */
const TRAILING = /[.,;:!?…’”»]+$/u

/** A text cut into plain words and links. Only http, https and mailto become links: anything else stays words. */
export const tokens = (text: string): Token[] => {
  const found: Token[] = []
  let from = 0
  for (const { 0: raw, index } of text.matchAll(LINK)) {
    const link = withoutTrailing(raw)
    if (!isSafe(link)) continue
    if (index > from) found.push({ text: text.slice(from, index) })
    found.push({ text: link, href: link })
    from = index + link.length
  }
  if (from < text.length) found.push({ text: text.slice(from) })
  return found
}

const withoutTrailing = (link: string): string => {
  let kept = link.replace(TRAILING, '')
  // A bracket belongs to the address only with its partner: "(see https://a.example/b)".
  for (const [open, close] of ['()', '[]'].map((pair) => [pair[0] ?? '', pair[1] ?? ''] as const)) {
    while (kept.endsWith(close) && kept.split(close).length > kept.split(open).length) kept = kept.slice(0, -1)
  }
  return kept.replace(TRAILING, '')
}

const isSafe = (link: string): boolean => {
  try {
    return ['http:', 'https:', 'mailto:'].includes(new URL(link).protocol)
  } catch {
    return false
  }
}

const ONE = /^\p{RGI_Emoji}$/v
const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** One to three emoji and nothing else: drawn large. */
export const isLarge = (text: string): boolean => {
  if (text.length > 40) return false
  const parts = [...segments.segment(text.replace(/\s/gu, ''))].map(({ segment }) => segment)
  return parts.length > 0 && parts.length <= 3 && parts.every((part) => ONE.test(part))
}

/** What the server takes as a reaction. */
export const isEmoji = (text: string): boolean =>
  /^(\p{RGI_Emoji}|\p{Emoji}\ufe0f?)$/v.test(text) && !/^[0-9#*]$/.test(text)
