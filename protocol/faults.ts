import type { z } from 'zod'

/**
 * Checks a value by its schema. `fault` is the first that was found, as a short sentence which can be sent back since it
 * quotes no value: `body.text: at most 8,000 characters`.
 */
export const check = <T>(
  schema: z.ZodType<T>,
  value: unknown,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string } => {
  // Without parameters zod runs the code that it compiled for the schema, three times as fast. Only a fault pays twice.
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const issue = schema.safeParse(value, inWords).error?.issues[0]
  const where = issue?.path.map(shown).join('.') ?? ''
  return { ok: false, fault: `${where}${where && ': '}${issue?.message}` }
}

// What a schema says by itself in words.ts is heard before this.
const inWords: z.core.ParseContext<z.core.$ZodIssue> = { error: (issue) => sentence(issue) }

const sentence = (issue: z.core.$ZodRawIssue): string => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `unknown field ${shown(issue.keys[0])}`
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `wants ${article(issue.expected)}`
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'too_big':
      return `at most ${issue.maximum.toLocaleString('en')}${unit[issue.origin] ?? ''}`
    case 'too_small':
      return `at least ${issue.minimum.toLocaleString('en')}${unit[issue.origin] ?? ''}`
    case 'invalid_format':
      return issue.format === 'datetime' ? 'a time in UTC, as 2026-01-31T12:00:00Z' : 'not of the wanted form'
    default:
      return 'none of the allowed forms'
  }
}

const unit: Readonly<Record<string, string>> = { string: ' characters', array: ' elements' }
const article = (noun: string): string => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`)
/** A field's name came from outside too: only what looks like one is repeated. */
const shown = (key: PropertyKey | undefined): string =>
  typeof key === 'number' || (typeof key === 'string' && /^\w{1,32}$/.test(key)) ? `${key}` : '…'
