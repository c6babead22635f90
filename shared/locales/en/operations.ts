/** Alarms and the reference page: what the people who run the product read. */
export const operations = {
  inboxTotal_one: '{{shown}} mail',
  inboxTotal_other: '{{shown}} mails',
  title: 'What needs attention',
  more_one: 'and {{shown}} more',
  more_other: 'and {{shown}} more',
  show: 'Show all',
  hide: 'Show less',
  dismiss: 'Do not show again',
  since: 'since {{moment}}',
  alarm: {
    'not-writable': {
      title: 'The database cannot be written',
      text: 'Nothing that is sent or changed here is kept: {{problem}}. Free space on the disk or restore the rights of the folder.',
    },
    'writer-stuck': {
      title: 'The engine does not answer',
      text: 'Nobody moves on and no mail leaves. Restart the product; nothing is lost, it goes on where it stood.',
    },
    disk: {
      title: 'The disk is nearly full',
      text: '{{freeMb}} MB are free. When nothing is left, nobody moves on and imports fail. Free space or enlarge the disk.',
    },
    'clock-jumped': {
      title: 'The clock of the server jumped',
      text: 'By {{minutes}} minutes. Waits are counted by this clock: some people may move on early or late. Check the time service.',
    },
    lag: {
      title: 'The engine is {{duration}} late',
      text: 'People and mails that are due wait. If this lasts, the machine is too busy or something stands still.',
    },
    'account-paused': {
      title: 'Sending over “{{account}}” is paused',
      text: '{{reason}} No mail leaves over it; nobody is skipped, nobody is bounced.',
    },
    'account-unreachable': {
      title: 'The mail server of “{{account}}” is out of reach',
      text: '{{reason}} Mail waits and is tried again by itself.',
    },
    'quota-used': {
      title: 'The daily quota of “{{account}}” is used up',
      text: '{{shown}} mails have left today. The rest waits until {{until}}.',
    },
    uncertain: {
      title: '{{shown}} emails have an unknown fate',
      text: 'They were handed over and nobody answered. They wait for a decision: sent, send once more, or drop.',
    },
    'embedded-inbox': {
      title: 'No mail leaves this machine',
      text: 'Your {{shown}} contacts get nothing: everything lands in the built-in inbox until a mail server is connected.',
    },
  },
  fix: {
    lag: 'What to look at',
    'account-paused': 'Open Sending',
    'account-unreachable': 'Open Sending',
    'quota-used': 'Open Sending',
    uncertain: 'Decide',
    'embedded-inbox': 'Connect a mail server',
  },
}
