// The mail of the sender's benchmark: about 32 KB of HTML, ten variables, an `if`, a `for` and fifteen links, three of them with Liquid.
import { threeMails } from '../chaos/three-mails.mjs'

const SECTIONS = 9
const FILLER = 'What grows back every year needs one good start and a little patience. '.repeat(4)

const mjml = (/** @type {string} */ words) => `<mjml><mj-body>
  <mj-section><mj-column>
    <mj-text>Hello {{ contact.first_name | default: "there" }} {{ contact.last_name }}, ${words}</mj-text>
    <mj-text>{% if contact.plan == "pro" %}Thank you for {{ contact.orders }} orders at {{ contact.company }}.{% else %}
      In {{ contact.city }} many have {{ contact.plan | default: "free" }} already.{% endif %}</mj-text>
    <mj-raw>{% assign topics = contact.topics | split: ";" %}{% for topic in topics %}</mj-raw>
    <mj-text><a href="https://shop.example/topics/{{ topic | url_encode }}?for={{ contact.country }}">{{ topic }}</a></mj-text>
    <mj-raw>{% endfor %}</mj-raw>
    <mj-button href="https://shop.example/{{ contact.first_name | default: 'x' | url_encode }}">Look</mj-button>
    <mj-text><a href="https://shop.example/account/{{ contact.code }}">Your account</a> since {{ contact.since }}</mj-text>
  </mj-column></mj-section>
  ${Array.from({ length: SECTIONS }, (_, n) => section(n)).join('')}
  <mj-section><mj-column><mj-text>
    <a href="https://shop.example/terms">Terms</a> <a href="https://shop.example/privacy">Privacy</a>
    <a href="https://shop.example/contact">Contact</a> <a href="{{ unsubscribe_url }}">Unsubscribe</a> {{ sender.postal_address }}
  </mj-text></mj-column></mj-section>
</mj-body></mjml>`

const section = (/** @type {number} */ n) => `<mj-section><mj-column>
  <mj-text font-size="20px">Part ${n + 1} for {{ contact.first_name | default: "you" }}</mj-text>
  <mj-text>${FILLER}</mj-text>
  <mj-button href="https://shop.example/part/${n}">Read on</mj-button></mj-column></mj-section>`

/** A person a row, with all that the mail asks for. */
export function people(/** @type {number} */ count) {
  const head = 'email,first_name,last_name,plan,company,city,country,orders,code,since,topics'
  const row = (/** @type {number} */ n) =>
    `p${n}@people.example,Person ${n},Number${n % 1_000},${n % 3 === 0 ? 'free' : 'pro'},Company ${n % 500} Limited,` +
    `${['Berlin', 'Hà Nội', 'Taipei', 'Lyon'][n % 4]},${['DE', 'VN', 'TW', 'FR'][n % 4]},${n % 17},C${n},2024-0${1 + (n % 9)}-15,Roses;Herbs & spices;Trees`
  return [head, ...Array.from({ length: count }, (_, n) => row(n))].join('\n')
}

/** Three of them, a second between one and the next. */
export function newsletter() {
  const document = threeMails()
  const subject = 'News for {{ contact.first_name | default: "friend" }}'
  const emails = Object.fromEntries(
    ['one', 'two', 'three'].map((key) => [key, { subject, mjml: mjml(`this is number ${key}.`) }]),
  )
  return { ...document, name: 'Newsletter', emails }
}

/** One mail and no wait: to fill the outbox. */
export function oneNewsletter() {
  const { emails } = newsletter()
  const steps = [{ id: 'only', kind: 'send-email', email: 'one', next: null }]
  return { ...newsletter(), name: 'One newsletter', start: 'only', steps, emails: { one: emails.one } }
}
