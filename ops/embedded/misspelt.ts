/**
 * Variables that look like a setting spelt wrong, each with what was meant. Everything else of the environment is other
 * programs' and passes: four letters are many a word, so of those only letters in the wrong order and a plural are taken.
 */
export const misspelt = (variables: readonly string[], names: readonly string[]): string[] =>
  variables
    .filter((variable) => !names.includes(variable))
    .flatMap((variable) => {
      const meant = names.find((name) => isNear(variable, name))
      return meant === undefined ? [] : [`${variable}: there is no such setting; write ${meant}`]
    })

const isNear = (variable: string, name: string): boolean => {
  if (name.length <= 4) return variable === `${name}S` || swapped(variable, name)
  return edits(variable.toUpperCase(), name) <= (name.length >= 10 ? 2 : 1)
}

const swapped = (one: string, other: string): boolean =>
  one.length === other.length && edits(one, other) === 1 && [...one].sort().join('') === [...other].sort().join('')

/** Letters to leave out, put in, change, or swap with their neighbour (optimal string alignment). */
const edits = (one: string, other: string): number => {
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same)
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
    }
    before = last
    last = row
  }
  return last[other.length] ?? 0
}
