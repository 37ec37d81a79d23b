/** What one look found; `look` works but should not stay, `wrong` does not work. Both say what to do. */
export type Finding = { readonly check: string; readonly found: string } & (
  | { readonly state: 'fine' }
  | { readonly state: 'look' | 'wrong'; readonly advice: string }
)

export const fine = (check: string, found: string): Finding => ({ check, found, state: 'fine' })
export const look = (check: string, found: string, advice: string): Finding => ({ check, found, state: 'look', advice })
export const wrong = (check: string, found: string, advice: string): Finding => ({
  check,
  found,
  state: 'wrong',
  advice,
})
