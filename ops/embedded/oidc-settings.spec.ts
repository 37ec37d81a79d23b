import { describe, expect, it } from 'vitest'
import { oidcProviders } from './oidc-settings.ts'

const good = {
  OIDC_MY_CORP_ISSUER: 'https://id.example.org/realms/corp',
  OIDC_MY_CORP_CLIENT_ID: 'verbatim',
  OIDC_MY_CORP_CLIENT_SECRET: 'canary-secret',
}

describe('Settings of providers', () => {
  it('OP95 any number of them, each under its name in lower case', () => {
    const lab = {
      OIDC_LAB_ISSUER: 'http://127.0.0.1:9000',
      OIDC_LAB_CLIENT_ID: 'chat',
      OIDC_LAB_CLIENT_SECRET: '',
      OIDC_LAB_LABEL: 'The lab',
    }
    expect(oidcProviders({ ...good, ...lab, PORT: '0' })).toEqual({
      mistakes: [],
      providers: [
        { id: 'lab', label: 'The lab', issuer: 'http://127.0.0.1:9000', clientId: 'chat', clientSecret: '' },
        {
          id: 'my_corp',
          label: 'My corp',
          issuer: 'https://id.example.org/realms/corp',
          clientId: 'verbatim',
          clientSecret: 'canary-secret',
        },
      ],
    })
    expect(oidcProviders({})).toEqual({ providers: [], mistakes: [] })
  })

  it.each([
    ['http://id.example.org', 'write https: http is for a provider on this machine only'],
    ['http://localhost.evil.example', 'write https: http is for a provider on this machine only'],
    ['http://[::2]:80', 'write https: http is for a provider on this machine only'],
    ['id.example.org', 'write an address such as https://id.example.org'],
    ['ldap://id.example.org', 'write an address such as https://id.example.org'],
    ['https://id.example.org/.well-known/openid-configuration', 'write it without /.well-known/ and what follows'],
    ['https://id.example.org/?tenant=1', 'write it without a query, a fragment or a password'],
    ['https://me:secret@id.example.org', 'write it without a query, a fragment or a password'],
  ])('OP95 an issuer %s is refused, with what to write instead', (issuer, why) => {
    expect(oidcProviders({ ...good, OIDC_MY_CORP_ISSUER: issuer }).mistakes).toEqual([
      `OIDC_MY_CORP_ISSUER=${issuer}: ${why}`,
    ])
  })
  it.each(['http://localhost:9000', 'http://127.0.0.1:9000/realm', 'http://[::1]:9000'])(
    'OP95 %s is on this machine and may be plain http',
    (issuer) => expect(oidcProviders({ ...good, OIDC_MY_CORP_ISSUER: issuer }).mistakes).toEqual([]),
  )

  it('OP95 what is missing or misspelt is told all at once, and no secret with it', () => {
    const { mistakes } = oidcProviders({
      OIDC_A_CLIENT_SECRET: 'canary-secret',
      OIDC_B_ISSUER: 'https://b.example',
      OIDC_B_CLIENTID: 'canary-secret',
      OIDC_c_ISSUER: 'https://c.example',
      OIDC_B_LABEL: 'x'.repeat(41),
    })
    expect(mistakes.map((mistake) => mistake.split(/[:=]/)[0])).toEqual([
      'OIDC_B_CLIENTID',
      'OIDC_c_ISSUER',
      'OIDC_A_ISSUER',
      'OIDC_A_CLIENT_ID',
      'OIDC_B_CLIENT_ID',
      'OIDC_B_CLIENT_SECRET',
      'OIDC_B_LABEL',
    ])
    expect(mistakes.join()).not.toContain('canary')
  })
})
