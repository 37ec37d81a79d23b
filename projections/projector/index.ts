export {
  type Db,
  finishModel,
  inMemory,
  type Manner,
  modelFile,
  modelReached,
  modelVersion,
  unfinished,
} from './adapters/sqlite-file.ts'
export { type ModelReader, modelReader, openModelReader } from './adapters/sqlite-reader.ts'
export { type SqliteModel, type SqliteWriter, sqliteStore } from './adapters/sqlite-store.ts'
export { exportRows, hashOf } from './canonical.ts'
export { type Feed, feedOf, type ProjectedLog } from './feed.ts'
export * from './port.ts'
export { type Projector, type ProjectorOptions, projector } from './projector.ts'
export { type Comparison, compareModels } from './rebuild/compare.ts'
export { type Filled, fillModels, type ReadLog } from './rebuild/fill.ts'
export {
  generationFile,
  nextGeneration,
  POINTERS,
  pointTo,
  removeLeftovers,
  type Serving,
  servingFile,
  servingOf,
} from './rebuild/generations.ts'
export type * from './rebuild/port.ts'
export { dropOld, fillFirst, type RebuildParts, rebuild, rollBack } from './rebuild/rebuild.ts'
export type { HeldLog } from './rebuild/side-by-side.ts'
export { type Model, model, type RunningProjections, runProjections } from './run-projections.ts'
