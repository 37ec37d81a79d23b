export type SpecReport = {
  readonly faults: readonly string[]
  readonly table: readonly { readonly title: string; readonly rules: number; readonly tests: number }[]
}
export const report: (root: string) => SpecReport
