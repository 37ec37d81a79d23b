import { describe, expect, it } from 'vitest'
import { isReason, reasons, refusal, refusals } from './refusals.ts'

describe('a refusal', () => {
  it.each(reasons)('PR5 for %s has a status of the contract and a sentence', (reason) => {
    expect([400, 401, 403, 404, 409, 413, 422, 429, 503]).toContain(refusals[reason].status)
    expect(refusals[reason].doc).toMatch(/^[A-Z].*\.$/)
  })

  it.each(reasons)('PR5 for %s says when to try again, if that helps', (reason) => {
    const retryable = [429, 503].includes(refusals[reason].status)
    expect(refusal(reason).retryAfter).toBe(retryable ? 1 : undefined)
    expect(refusal(reason, 'why', 7)).toEqual({ refused: reason, detail: 'why', retryAfter: 7 })
  })

  it('PR5 is the same bytes for what is not there and what is not yours', () => {
    expect(JSON.stringify(refusal('not-found'))).toBe('{"refused":"not-found"}')
  })

  it('PR5 knows no reason beside its table', () => {
    expect(isReason('blocked')).toBe(true)
    expect(['constructor', '__proto__', 'toString', ''].some(isReason)).toBe(false)
  })
})
