export const check: (root: string) => { files: number; faults: string[] }
