import { describe, expect, it } from 'vitest'
import { PasswordsBusy } from '../passwords.ts'
import { argon2Passwords } from './argon2.ts'

describe('passwords on argon2', () => {
  const passwords = argon2Passwords()
  it('ID8 hashes with argon2id, 19 MiB, two passes, one lane and a salt of its own', async () => {
    const [one, other] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(other)
  })
  it('ID8 knows the right password from a wrong one', async () => {
    const hash = await passwords.hash('correct horse')
    expect(await passwords.verify(hash, 'correct horse')).toBe(true)
    expect(await passwords.verify(hash, 'correct horse ')).toBe(false)
    expect(await passwords.verify(hash, '')).toBe(false)
  })
  it('ID8 takes the same letters from another keyboard', async () => {
    expect(await passwords.verify(await passwords.hash('caf\u00e9 au lait'), 'cafe\u0301 au lait')).toBe(true)
  })
  it('ID6 throws on a damaged hash, without telling it or the password', async () => {
    const verifying = passwords.verify('$argon2id$damaged', 'correct horse')
    await expect(verifying).rejects.toThrow()
    await expect(verifying.catch((error: Error) => `${error.stack}`)).resolves.not.toMatch(/damaged|horse/)
  })
  it('ID9 hashes few at a time, lets some wait and turns the rest away', async () => {
    const small = argon2Passwords({ parallel: 1, waiting: 2 })
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(() => small.hash('correct horse')))
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ])
    expect(outcomes[4]).toMatchObject({ reason: expect.any(PasswordsBusy) })
    expect(await small.hash('correct horse')).toMatch(/^\$argon2id/)
  })
  it('ID9 gives the place on when a check fails', async () => {
    const small = argon2Passwords({ parallel: 1, waiting: 2 })
    await Promise.allSettled([small.verify('damaged', 'x'), small.verify('damaged', 'x')])
    expect(await small.hash('correct horse')).toMatch(/^\$argon2id/)
  })
})
