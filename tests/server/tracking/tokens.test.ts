import { createHmac, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signer } from '../../../server/tracking/tokens.ts'
import { type ContactId, fromColumn, type MessageId } from '../../../shared/ids.ts'
import { decodePayload, encodePayload, type LinkPayload } from '../../../shared/message/tokens.ts'

const BASE = 'https://mail.example.com'
const message = fromColumn<MessageId>(4_711)
const contact = fromColumn<ContactId>(12)
const tokenOf = (url: string) => url.slice(url.lastIndexOf('/') + 1)

describe('signed links', () => {
  const sign = signer(['a secret key', 'an older key'])

  test('carry what was put in', () => {
    const click = sign.clickUrl(BASE, { messageId: message, linkNo: 3 })
    expect(click).toMatch(/^https:\/\/mail\.example\.com\/t\/c\/[a-z0-9-]+\.[\w-]{22}$/)
    expect(sign.verify(tokenOf(click))).toEqual({ kind: 'click', messageId: message, linkNo: 3 })
    expect(sign.verify(tokenOf(sign.openUrl(BASE, { messageId: message })))).toEqual({
      kind: 'open',
      messageId: message,
    })
    const unsubscribe = sign.unsubscribeUrl(BASE, { contactId: contact, messageId: message })
    expect(sign.verify(tokenOf(unsubscribe))).toEqual({
      kind: 'unsubscribe',
      contactId: contact,
      messageId: message,
      isTest: false,
    })
  })

  test('mark the unsubscribe link of a test send', () => {
    const url = sign.unsubscribeUrl(BASE, { contactId: contact, messageId: null, isTest: true })
    expect(sign.verify(tokenOf(url))).toEqual({
      kind: 'unsubscribe',
      contactId: contact,
      messageId: null,
      isTest: true,
    })
  })

  test('are refused when any one character was changed', () => {
    const token = tokenOf(sign.unsubscribeUrl(BASE, { contactId: contact, messageId: message }))
    for (let i = 0; i < token.length; i += 1) {
      for (const other of 'aAb1_-.') {
        if (token[i] === other) continue
        expect(sign.verify(token.slice(0, i) + other + token.slice(i + 1))).toBeNull()
      }
    }
  })

  test('of one purpose do not serve another', () => {
    const token = tokenOf(sign.openUrl(BASE, { messageId: message }))
    expect(sign.verify(token.replace(/^o/, 'u'))).toBeNull()
    expect(sign.verify(`u${token.slice(1).replace('.', '-0.')}`)).toBeNull()
  })

  test('of one mail made together are those made one by one', () => {
    const { clicks, open } = sign.mailUrls(BASE, { messageId: message, linkNos: [0, 7, 36] })
    expect(clicks).toEqual([0, 7, 36].map((linkNo) => sign.clickUrl(BASE, { messageId: message, linkNo })))
    expect(open).toBe(sign.openUrl(BASE, { messageId: message }))
    expect(new Set([...clicks, open]).size).toBe(4)
    for (const [i, no] of [0, 7, 36].entries()) {
      expect(sign.verify(tokenOf(clicks[i] ?? ''))).toEqual({ kind: 'click', messageId: message, linkNo: no })
    }
  })

  test('of one link or one mail do not serve another', () => {
    const [first = ''] = sign.mailUrls(BASE, { messageId: message, linkNos: [1] }).clicks
    const [payload = '', signature = ''] = tokenOf(first).split('.')
    for (const other of [encodePayload({ kind: 'click', messageId: message, linkNo: 2 }), `${payload}0`, 'c1-1']) {
      expect(sign.verify(`${other}.${signature}`)).toBeNull()
    }
  })

  test('of mail sent before, each signed with a hash of its own, still work', () => {
    const hashed = (text: string, purpose: string) => {
      const key = Buffer.from(hkdfSync('sha256', 'an older key', '', `link-${purpose}`, 32))
      return `${text}.${createHmac('sha256', key).update(text).digest().subarray(0, 16).toString('base64url')}`
    }
    const click = { kind: 'click', messageId: message, linkNo: 3 } as const
    expect(sign.verify(hashed(encodePayload(click), 'click'))).toEqual(click)
    expect(sign.verify(hashed(encodePayload({ kind: 'open', messageId: message }), 'open'))).not.toBeNull()
    expect(sign.verify(hashed(encodePayload(click), 'open'))).toBeNull()
  })

  test('made under an older key still work after a new key came first', () => {
    const old = signer(['an older key'])
    const token = tokenOf(old.clickUrl(BASE, { messageId: message, linkNo: 0 }))
    expect(sign.verify(token)).not.toBeNull()
    expect(signer(['a secret key']).verify(token)).toBeNull()
  })

  test('never throw on what strangers send', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(sign.verify(text)).toBeNull()
      }),
    )
  })

  test('encode and decode any id', () => {
    const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
    const payload: fc.Arbitrary<LinkPayload> = fc.oneof(
      fc.record({ kind: fc.constant('click' as const), messageId: id.map(fromColumn<MessageId>), linkNo: fc.nat() }),
      fc.record({ kind: fc.constant('open' as const), messageId: id.map(fromColumn<MessageId>) }),
      fc.record({
        kind: fc.constant('unsubscribe' as const),
        contactId: id.map(fromColumn<ContactId>),
        messageId: fc.option(id.map(fromColumn<MessageId>)),
        isTest: fc.boolean(),
      }),
    )
    fc.assert(
      fc.property(payload, (value) => {
        expect(decodePayload(encodePayload(value))).toEqual(value)
      }),
    )
  })
})
