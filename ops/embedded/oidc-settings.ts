import type { Provider } from '@verbatim/services/identity'

/** Settings of one provider each: `OIDC_<NAME>_ISSUER`. */
export const oidcRows = [
  [
    'OIDC_<NAME>_ISSUER',
    'Who signs people in, for instance `https://id.example.org`. `<NAME>` is yours to choose, for each provider another; its redirect address is `PUBLIC_URL/api/auth/oidc/<name>/callback`, in lower case.',
  ],
  ['OIDC_<NAME>_CLIENT_ID', 'What the provider calls this server.'],
  ['OIDC_<NAME>_CLIENT_SECRET', 'The secret that it gave this server; set but empty for a public client.'],
  ['OIDC_<NAME>_LABEL', 'What the button says; the name if it is left out.'],
] as const

const FIELDS = ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', 'LABEL'] as const
const SHAPE = new RegExp(`^OIDC_([A-Z][A-Z0-9_]{0,31})_(${FIELDS.join('|')})$`)
type Field = (typeof FIELDS)[number]
type Given = Partial<Record<Field, string>>

/** The providers in the order of their names, and every mistake with what to write instead. No secret is ever told. */
export const oidcProviders = (environment: Record<string, string | undefined>) => {
  const mistakes: string[] = []
  const byName = new Map<string, Given>()
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith('OIDC_') || text === undefined) continue
    const [, name, field] = SHAPE.exec(variable) ?? []
    if (name === undefined || field === undefined)
      mistakes.push(
        `${variable}: write OIDC_<NAME>_ISSUER, _CLIENT_ID, _CLIENT_SECRET or _LABEL, <NAME> in A-Z, 0-9 and _`,
      )
    else byName.set(name, { ...byName.get(name), [field]: text })
  }
  const providers = [...byName]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, given]): Provider => {
      const wrong = (field: Field, why: string) => mistakes.push(`OIDC_${name}_${field}${told(field, given)}: ${why}`)
      const { ISSUER = '', CLIENT_ID = '', CLIENT_SECRET, LABEL = '' } = given
      const issuer = faultOfIssuer(ISSUER)
      if (issuer) wrong('ISSUER', issuer)
      if (CLIENT_ID.trim() === '') wrong('CLIENT_ID', 'write the id that the provider gave this server')
      if (CLIENT_SECRET === undefined)
        wrong(
          'CLIENT_SECRET',
          'write the secret that the provider gave this server, or leave it empty for a public client',
        )
      if (LABEL.length > 40) wrong('LABEL', 'write at most 40 characters')
      return {
        id: name.toLowerCase(),
        label: LABEL.trim() || spoken(name),
        issuer: ISSUER,
        clientId: CLIENT_ID.trim(),
        clientSecret: CLIENT_SECRET ?? '',
      }
    })
  return { providers, mistakes }
}

const told = (field: Field, given: Given): string =>
  field === 'CLIENT_SECRET' || given[field] === undefined ? '' : `=${given[field]}`

const faultOfIssuer = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) return 'write an address such as https://id.example.org'
  if (url.pathname.includes('/.well-known/')) return 'write it without /.well-known/ and what follows'
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    return 'write it without a query, a fragment or a password'
  // Whoever is on the way could sign in as anybody.
  if (url.protocol === 'http:' && !/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname))
    return 'write https: http is for a provider on this machine only'
  return undefined
}

/** `MY_CORP` is said as My corp. */
const spoken = (name: string): string => {
  const words = name.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
