import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What an operator did to an installation by hand. Never a password, a token or a text. */
export type Act = { readonly act: string; readonly [field: string]: string | number | boolean | undefined }

export const JOURNAL = 'acts.jsonl'

/** Keeps an act of an operator in the data folder, a line each: what was dropped, and who was signed out, when and why. */
export const noteAct = async (folder: string, act: Act, now: () => number = Date.now): Promise<void> => {
  const line = JSON.stringify({ at: new Date(now()).toISOString(), ...act })
  await appendFile(join(folder, JOURNAL), `${line}\n`, { mode: 0o600 })
}
