import { hash, verify } from '@node-rs/argon2'
import { type Passwords, PasswordsBusy } from '../passwords.ts'

/** OWASP's second choice of parameters for argon2id: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const

/**
 * argon2id on threads of libuv.
 * @param parallel hashes at a time, each with 19 MiB; half of the pool, since files use it too
 * @param waiting how many more may wait, about 40 ms each
 */
export const argon2Passwords = ({ parallel = 2, waiting = 500 } = {}): Passwords => {
  const queue: (() => void)[] = []
  let running = 0
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= parallel) {
      if (queue.length >= waiting) throw new PasswordsBusy()
      await new Promise<void>((start) => queue.push(start))
    } else running++
    try {
      return await work()
    } finally {
      // The place is handed on, not given up: nobody who comes meanwhile can slip in.
      const next = queue.shift()
      if (next) next()
      else running--
    }
  }
  return {
    hash: (password) => inTurn(() => hash(bytes(password), COST)),
    verify: (stored, password) => inTurn(() => verify(stored, bytes(password))),
  }
}

/** One keyboard writes é as one code point, another as two. */
const bytes = (password: string): Uint8Array => new TextEncoder().encode(password.normalize('NFC'))
