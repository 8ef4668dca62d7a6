import { X509Certificate, createPrivateKey } from 'node:crypto'
import { chmod, readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { StudioError } from '../../../shared/errors.ts'
import { writeFileDurably } from '../../files.ts'

/** What a server shows and proves itself with, both PEM. */
export interface Certificate {
  cert: string
  key: string
  /** SHA-256 of the certificate as browsers show it, "AB:CD:…". */
  fingerprint: string
  selfSigned: boolean
}

/** A person's own certificate. Throws `bad-request` for files that are none, that do not belong together, or that have expired. */
export async function givenCertificate(certFile: string, keyFile: string): Promise<Certificate> {
  const cert = await readPem(certFile)
  const key = await readPem(keyFile)
  const parsed = parse(cert, certFile)
  const isPair = await Promise.resolve()
    .then(() => parsed.checkPrivateKey(createPrivateKey(key)))
    .catch((cause: unknown) => {
      throw new StudioError('bad-request', `${keyFile} is no private key in PEM form.`, { cause })
    })
  if (!isPair) throw new StudioError('bad-request', `${keyFile} is not the key of ${certFile}.`)
  if (Date.parse(parsed.validTo) < Date.now())
    throw new StudioError('bad-request', `${certFile} was valid until ${parsed.validTo}.`)
  return { cert, key, fingerprint: parsed.fingerprint256, selfSigned: false }
}

/** How long a certificate lasts: browsers of Apple take none that lasts longer. */
const lastingDays = 397
/** One that has less left is made anew. */
const leftDays = 30
const dayMs = 24 * 3600_000

/**
 * The server's own certificate, signed by itself: made once and kept in the folder, so that who has trusted it need
 * not do so again. A new one is made where it ends soon.
 * @param names host names and IP addresses that it is for
 */
export async function ownCertificate(folder: string, names: readonly string[]): Promise<Certificate> {
  const [certFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
  const kept = await givenCertificate(certFile, keyFile).catch(() => null)
  const endsSoon = kept && Date.parse(parse(kept.cert, certFile).validTo) < Date.now() + leftDays * dayMs
  if (kept && !endsSoon) return { ...kept, selfSigned: true }
  const made = await generate([{ name: 'commonName', value: 'Latent Studio' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + lastingDays * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map(altName) },
    ],
  })
  await writeFileDurably(keyFile, made.private, 'tls')
  await chmod(keyFile, 0o600)
  await writeFileDurably(certFile, made.cert, 'tls')
  return {
    cert: made.cert,
    key: made.private,
    fingerprint: parse(made.cert, certFile).fingerprint256,
    selfSigned: true,
  }
}

const altName = (name: string) =>
  isIP(name) ? ({ type: 7, ip: name } as const) : ({ type: 2, value: name } as const)

async function readPem(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: Error) => {
    throw new StudioError('bad-request', `${file} cannot be read: ${cause.message}`, { cause })
  })
}

function parse(cert: string, file: string): X509Certificate {
  try {
    return new X509Certificate(cert)
  } catch (cause) {
    throw new StudioError('bad-request', `${file} is no certificate in PEM form.`, { cause })
  }
}
