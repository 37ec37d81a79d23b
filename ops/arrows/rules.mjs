import { posix } from 'node:path'
import { partOf } from './imports.mjs'

const DRIVERS = new Set([
  'better-sqlite3',
  'node:sqlite',
  'ws',
  'uWebSockets.js',
  'nats',
  'pg',
  'mongodb',
  'meilisearch',
  '@eventstore/db-client',
  '@aws-sdk/client-s3',
])
/** Belong to one library, whatever else could use them. */
const KEPT = new Map([
  ['@node-rs/argon2', 'services/identity/'],
  ['jose', 'services/identity/'],
  ['openid-client', 'services/identity/oidc/adapters/'],
])
/** The whole messenger in one process, the client's part too. */
const SIMULATION = 'ops/faults/simulation/'
const PURE_PACKAGES = new Set(['zod', '@noble/hashes'])

/**
 * Tests and what is made for them (`given.ts` is the language of the deciders' tests): they may reach for a driver, a
 * file or a clock to see what their subject did.
 */
export const isTest = (file) =>
  /\.(spec|contract|rig|examples)\.tsx?$|\/(rig|examples)\/|\/(rig|given)\.ts$|^protocol\/examples\b/.test(file)
/** Projections keep their reader and writer beside their table; the file's name tells which they are. */
const STORES = /(^|-)(store|queries)\.ts$|-(reader|writer|tables|index)\.ts$|sqlite/
const mayDrive = (file) =>
  file.includes('/adapters/') ||
  (file.startsWith('projections/') && STORES.test(posix.basename(file))) ||
  file.startsWith('ops/')
const isDecider = (file) => /^services\/commands\/[^/]+\/[^/]+\.ts$/.test(file) && !file.includes('/adapters/')

/**
 * The arrows. Each rule sees every import: the file, where it leads (imports.mjs), and says why it may not.
 * @type {Array<(file: string, target: any) => string | false | undefined>}
 */
export const arrows = [
  (file, { part }) => part === 'ops' && partOf(file) !== 'ops' && 'nothing imports ops',
  (file, { part }) => part === 'web' && partOf(file) !== 'web' && !file.startsWith(SIMULATION) && 'nothing imports web',
  (file, { kind, part }) =>
    kind === 'relative' && part !== partOf(file) && 'a relative path does not leave its part: use the workspace name',
  (_, { kind, path }) =>
    kind === 'relative' &&
    !/\.(tsx?|mjs|json|css)(\?\w+)?$/.test(path) &&
    'a relative import names its file with the ending',
  (file, { kind, part }) => kind === 'door' && part === partOf(file) && 'within a part files import each other by path',
  (_, { kind, part, depth }) =>
    kind === 'door' &&
    ((part === 'protocol' && depth > 1) || (part !== 'protocol' && depth !== 1)) &&
    "a part is entered by its door only: its folder's index.ts",
  (file, { kind, part }) =>
    partOf(file) === 'web' && kind === 'door' && part !== 'protocol' && 'web imports only protocol',
  (file, { kind, name }) =>
    partOf(file) === 'protocol' &&
    !isTest(file) &&
    ((kind === 'package' && !PURE_PACKAGES.has(name)) || kind === 'door') &&
    'protocol imports nothing of ours and does no I/O',
  (file, { kind, part, path }) =>
    isDecider(file) &&
    !isTest(file) &&
    (kind === 'package' || (kind === 'door' && part !== 'protocol') || (kind === 'relative' && isAbove(file, path))) &&
    'a decider imports only protocol and its siblings',
  (file, { kind, name }) =>
    kind === 'package' && DRIVERS.has(name) && !isTest(file) && !mayDrive(file) && `only adapters import ${name}`,
  (file, { kind, name }) =>
    kind === 'package' &&
    KEPT.has(name) &&
    !isTest(file) &&
    !file.startsWith(KEPT.get(name)) &&
    `${name} stays in ${KEPT.get(name)}`,
  (file, { path }) =>
    path && isTest(path) && !isTest(file) && !file.startsWith('ops/') && 'only tests import what is made for tests',
]

const isAbove = (file, path) => posix.dirname(path) !== posix.dirname(file)
