import type { SignInFault } from '@verbatim/protocol/sign-in-faults'
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'
import type { Fault } from '../port.ts'

/**
 * What an error of openid-client means to the person and to the operator. Its cause is never told: tokens and claims
 * are in it.
 */
export const faultOf = (error: unknown): Fault => {
  if (error instanceof AuthorizationResponseError) return fault(answered.get(error.error) ?? 'provider-refused', error)
  if (error instanceof ResponseBodyError) return fault(redeemed.get(error.error) ?? unsuitable(error.status), error)
  if (error instanceof ClientError) return fault(checked(error), error)
  // fetch() throws this for whatever keeps it from an answer: no such host, refused, a certificate that is not trusted.
  if (error instanceof TypeError && error.message === 'fetch failed')
    return { kind: 'fault', fault: 'provider-unreachable', detail: `no connection: ${codeOf(error.cause)}` }
  return { kind: 'fault', fault: 'provider-misconfigured', detail: 'its answer was of no use' }
}

/** RFC 6749, section 4.1.2.1, in the browser's address. */
const answered: ReadonlyMap<string, SignInFault> = new Map<string, SignInFault>([
  ['access_denied', 'access-denied'],
  ['server_error', 'provider-unreachable'],
  ['temporarily_unavailable', 'provider-unreachable'],
  ['invalid_request', 'provider-misconfigured'],
  ['invalid_scope', 'provider-misconfigured'],
  ['unauthorized_client', 'provider-misconfigured'],
  ['unsupported_response_type', 'provider-misconfigured'],
])
/** RFC 6749, section 5.2, for the code. A code that was used, is not ours or has another verifier is an invalid grant. */
const redeemed: ReadonlyMap<string, SignInFault> = new Map<string, SignInFault>([
  ['invalid_grant', 'answer-mismatch'],
  ['invalid_client', 'provider-misconfigured'],
  ['unauthorized_client', 'provider-misconfigured'],
  ['unsupported_grant_type', 'provider-misconfigured'],
])

const checked = ({ code, cause }: ClientError): SignInFault => {
  switch (code) {
    case 'OAUTH_TIMEOUT':
    case 'OAUTH_ABORT':
      return 'provider-unreachable'
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return 'clock-skew'
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
      return cause instanceof Response ? unsuitable(cause.status) : 'provider-misconfigured'
    case 'OAUTH_INVALID_RESPONSE':
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
    case 'OAUTH_KEY_SELECTION_FAILED':
      return 'answer-mismatch'
    default:
      return 'provider-misconfigured'
  }
}

const unsuitable = (status: number): SignInFault =>
  status >= 500 || status === 429 ? 'provider-unreachable' : 'provider-misconfigured'

type Described = Error & {
  readonly code?: string | undefined
  readonly error?: string
  readonly error_description?: string | undefined
}
const fault = (what: SignInFault, { message, code, error, error_description }: Described): Fault => ({
  kind: 'fault',
  fault: what,
  detail: [code, error, error_description ?? message].filter(Boolean).join(', ').slice(0, 300),
})

const codeOf = (cause: unknown): string => {
  const { code } = (cause ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : 'unknown reason'
}
