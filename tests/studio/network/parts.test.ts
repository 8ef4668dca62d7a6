import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { describe, expect, it } from 'vitest'
import { countAttempts } from '../../../src/studio/server/network/attempts.ts'
import { givenCertificate, ownCertificate } from '../../../src/studio/server/network/certificate.ts'
import { hostOf } from '../../../src/studio/server/network/hostNames.ts'
import { loginPage } from '../../../src/studio/server/network/loginPage.ts'
import { readPeople, setPerson } from '../../../src/studio/server/network/people.ts'
import { temporaryFolder } from '../fixtures/testStudio.ts'

describe('wrong passwords', () => {
  it('make an address wait after the eighth, and no other', () => {
    let now = 1000
    const attempts = countAttempts(() => now)
    for (let count = 0; count < 8; count++) {
      expect(attempts.wait('1.2.3.4')).toBe(0)
      attempts.failed('1.2.3.4')
    }
    expect(attempts.wait('1.2.3.4')).toBe(300)
    expect(attempts.wait('1.2.3.5')).toBe(0)
    now += 300_000
    expect(attempts.wait('1.2.3.4')).toBe(0)
    attempts.failed('1.2.3.4')
    expect(attempts.wait('1.2.3.4')).toBe(300)
    attempts.succeeded('1.2.3.4')
    expect(attempts.wait('1.2.3.4')).toBe(0)
  })
})

describe('the certificate', () => {
  it('is made once and kept, and made anew when it ends soon', async () => {
    const folder = join(temporaryFolder(), 'tls')
    const first = await ownCertificate(folder, ['127.0.0.1', 'studio.test'])
    expect((await ownCertificate(folder, ['other.test'])).fingerprint).toBe(first.fingerprint)
    const short = await generate([{ name: 'commonName', value: 'short' }], {
      keyType: 'ec',
      notAfterDate: new Date(Date.now() + 20 * 24 * 3600_000),
    })
    writeFileSync(join(folder, 'certificate.pem'), short.cert)
    writeFileSync(join(folder, 'key.pem'), short.private)
    const renewed = await ownCertificate(folder, ['other.test'])
    expect(renewed.cert).not.toBe(short.cert)
    expect(renewed.fingerprint).not.toBe(first.fingerprint)
  })

  it('of a person is refused when it is none, has another key, or has ended', async () => {
    const folder = temporaryFolder()
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const good = await generate([{ name: 'commonName', value: 'good' }], { keyType: 'ec' })
    const other = await generate([{ name: 'commonName', value: 'other' }], { keyType: 'ec' })
    const ended = await generate([{ name: 'commonName', value: 'ended' }], {
      keyType: 'ec',
      notBeforeDate: new Date('2020-01-01'),
      notAfterDate: new Date('2021-01-01'),
    })
    const [cert, key] = [write('cert.pem', good.cert), write('key.pem', good.private)]
    expect(await givenCertificate(cert, key)).toMatchObject({ selfSigned: false, cert: good.cert })
    const refused = async (cert: string, key: string, message: string) => {
      await expect(givenCertificate(cert, key)).rejects.toMatchObject({ code: 'bad-request' })
      await expect(givenCertificate(cert, key)).rejects.toThrow(message)
    }
    await refused(cert, write('other.pem', other.private), 'is not the key of')
    await refused(write('ended.pem', ended.cert), write('ended.key', ended.private), 'was valid until')
    await refused(write('text.pem', 'text'), key, 'is no certificate')
    await refused(cert, write('text.key', 'text'), 'is no private key')
    await refused(join(folder, 'none.pem'), key, 'cannot be read')
  })
})

it('a host is read from what a browser says', () => {
  const read = ['studio.test:8443', 'STUDIO.test.', '[::1]:443', '127.0.0.1', 'a/b', 'user@host', 'a?b', '']
  expect(read.map(hostOf)).toEqual(['studio.test', 'studio.test', '::1', '127.0.0.1', null, null, null, null])
})

it('names are text on the page where people log in', () => {
  expect(loginPage('en', { name: '<script>' })).toContain('&#60;script&#62;')
})

it('people are not guessed from a file that is damaged, and passwords are not short', async () => {
  const folder = temporaryFolder()
  await expect(setPerson(folder, { name: 'Ada', library: 'own', password: 'short' })).rejects.toThrow(
    'at least 8',
  )
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'people.json'), '[{}]')
  expect(() => readPeople(folder)).toThrow('no list of people')
})
