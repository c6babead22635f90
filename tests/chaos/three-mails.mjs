// The workflow of the kill test and the benchmark: three emails, a second between them, entered by "Add people".
export const EMAILS = 3

/** Ten variables, and with `sections` of filler the size of a real newsletter. */
const mjml = (/** @type {string} */ words, /** @type {number} */ sections) => `<mjml><mj-body>
  <mj-section><mj-column>
    <mj-text>Hello {{ contact.first_name | default: "there" }}, ${words}</mj-text>
    <mj-button href="https://shop.example/{{ contact.first_name | default: 'x' | url_encode }}">Look</mj-button>
    <mj-text><a href="{{ unsubscribe_url }}">Unsubscribe</a> {{ sender.postal_address }}</mj-text>
  </mj-column></mj-section>
  ${Array.from({ length: sections }, (_, n) => section(n)).join('')}
</mj-body></mjml>`

const section = (/** @type {number} */ n) => `<mj-section><mj-column>
  <mj-text font-size="20px">Part ${n + 1} for {{ contact.first_name | default: "you" }}</mj-text>
  <mj-text>${'What grows back every year needs one good start and a little patience. '.repeat(4)}</mj-text>
  <mj-button href="https://shop.example/part/${n}">Read on</mj-button></mj-column></mj-section>`

/** @param {{ sections?: number }} [size] of each email: 0 is 5 KB of HTML, 8 is about 32 KB */
export function threeMails({ sections = 0 } = {}) {
  return {
    format: 'perennial.workflow/1',
    name: 'Three mails',
    settings: { reentry: 'once', concurrency: 'one' },
    triggers: [{ id: 't1', kind: 'manual' }],
    start: 'first',
    steps: [
      { id: 'first', kind: 'send-email', email: 'one', next: 'pause-1' },
      { id: 'pause-1', kind: 'wait', for: 'PT1S', next: 'second' },
      { id: 'second', kind: 'send-email', email: 'two', next: 'pause-2' },
      { id: 'pause-2', kind: 'wait', for: 'PT1S', next: 'third' },
      { id: 'third', kind: 'send-email', email: 'three', next: null },
    ],
    emails: {
      one: { subject: 'Welcome, {{ contact.first_name | default: "friend" }}', mjml: mjml('welcome.', sections) },
      two: { subject: 'Two days in', mjml: mjml('how is it going?', sections) },
      three: { subject: 'One more thing', mjml: mjml('here is one more thing.', sections) },
    },
  }
}
