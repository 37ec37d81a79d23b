import type { Plugin } from 'esbuild'

export const server: Readonly<Record<string, string>>
export const bundle: (parts: {
  readonly entries: Readonly<Record<string, string>>
  readonly outdir: string
  readonly plugins?: readonly Plugin[]
}) => Promise<unknown>
