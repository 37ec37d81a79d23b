import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Claims } from '../port.ts'
import type { Secrets } from './port.ts'

export type StoredAttempt = Secrets & {
  readonly provider: string
  /** Milliseconds since the epoch. */
  readonly begunAt: number
  /** Whose account is to be linked. */
  readonly link?: Claims | undefined
}

/** Milliseconds from the first page of the provider to the way back. */
export const attemptLasts = 10 * 60_000
/** Attempts of ten minutes that came back. Past it nobody is let in rather than one attempt twice. */
const FINISHED_AT_MOST = 20_000

/**
 * Attempts to sign in, each of one browser, for one use, for ten minutes. They are sealed into the browser's own cookie
 * (AES-256-GCM), so that a flood of beginnings costs no memory; only those that came back are remembered. The key lives
 * as long as the process: after a restart an attempt is begun anew, since what was used before it is not known any more.
 */
export const attempts = ({ now, random }: { now: () => number; random: (into: Uint8Array) => void }) => {
  const bytes = (count: number): Buffer => {
    const made = Buffer.alloc(count)
    random(made)
    return made
  }
  const key = bytes(32)
  const finished = new Map<string, number>()
  const isFresh = (time: number): boolean => Math.abs(now() - time) <= attemptLasts

  return {
    secrets: (): Secrets => {
      const [state, nonce, verifier] = [0, 0, 0].map(() => bytes(32).toString('base64url')) as [string, string, string]
      return { state, nonce, verifier }
    },
    seal: (attempt: StoredAttempt): string => {
      const iv = bytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const text = Buffer.concat([cipher.update(JSON.stringify(attempt), 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
    },
    /** `undefined` for what this process did not seal, or too long ago. */
    open: (sealed: string): StoredAttempt | undefined => {
      const whole = Buffer.from(sealed.slice(0, 4_096), 'base64url')
      if (whole.length <= 28) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, whole.subarray(0, 12), { authTagLength: 16 })
        decipher.setAuthTag(whole.subarray(12, 28))
        const text = Buffer.concat([decipher.update(whole.subarray(28)), decipher.final()]).toString('utf8')
        const attempt = JSON.parse(text) as StoredAttempt
        return isFresh(attempt.begunAt) ? attempt : undefined
      } catch {
        return undefined
      }
    },
    /** Once for each attempt. `full` when more of them are remembered than should be. */
    take: ({ state, begunAt }: StoredAttempt): 'taken' | 'used' | 'full' => {
      if (finished.has(state)) return 'used'
      if (finished.size >= FINISHED_AT_MOST) for (const [old, at] of finished) if (!isFresh(at)) finished.delete(old)
      if (finished.size >= FINISHED_AT_MOST) return 'full'
      finished.set(state, begunAt)
      return 'taken'
    },
  }
}
