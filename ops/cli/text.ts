/** Rows as columns that stand under each other; the first row is the heading. */
export const columns = (rows: readonly (readonly string[])[]): string[] => {
  const widths: number[] = []
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length)
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** `1,234,567` */
export const counted = (n: number): string => n.toLocaleString('en')

/** `1 event`, `2 events`, `1,000 events` */
export const many = (n: number, one: string, more = `${one}s`): string => `${counted(n)} ${n === 1 ? one : more}`

/** `12.3 MB` */
export const sizeOf = (bytes: number): string => {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const at = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  return at === 0 ? `${bytes} bytes` : `${(bytes / 1_000 ** at).toFixed(1)} ${units[at]}`
}

/** `2025-01-01 12:00:00.000Z`, as all times of the CLI. */
export const timeOf = (at: number): string => new Date(at).toISOString().replace('T', ' ')

/** What may be printed on a terminal: somebody's words must not move its cursor or colour it. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')

export const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text
