/** Hashes passwords, slowly. Neither method tells in an error what it was given. */
export interface Passwords {
  /** PHC string with its own salt. */
  hash(password: string): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
}

/** More passwords wait than the machine can hash in a few seconds. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy'
  constructor() {
    super('too many passwords wait to be hashed')
  }
}
