// The workflow of the kill test and the benchmark: three emails, a second between them, entered by "Add people".
export const EMAILS = 3

const mjml = (/** @type {string} */ words) => `<mjml><mj-body>
  <mj-section><mj-column>
    <mj-text>Hello {{ contact.first_name | default: "there" }}, ${words}</mj-text>
    <mj-button href="https://shop.example/{{ contact.first_name | default: 'x' | url_encode }}">Look</mj-button>
    <mj-text><a href="{{ unsubscribe_url }}">Unsubscribe</a> {{ sender.postal_address }}</mj-text>
  </mj-column></mj-section>
</mj-body></mjml>`

export function threeMails() {
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
      one: { subject: 'Welcome, {{ contact.first_name | default: "friend" }}', mjml: mjml('welcome.') },
      two: { subject: 'Two days in', mjml: mjml('how is it going?') },
      three: { subject: 'One more thing', mjml: mjml('here is one more thing.') },
    },
  }
}
