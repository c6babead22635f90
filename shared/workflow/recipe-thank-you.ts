/** The recipe Post-purchase thank you: a first, a second and every further order are thanked in their own way. */
import { emptyDocument, type Point, type WorkflowDocument } from './document.ts'
import { CATALOGUES, type EmailLocaleName } from './email-words.ts'
import { thankYouEmails } from './recipe-thank-you-emails.ts'

const ORDERED = 'Order placed'

/** Stops at a refund; at most once in 10 days, however many orders come. */
export function thankYou(locale: EmailLocaleName): WorkflowDocument {
  const words = CATALOGUES[locale].recipe['thank-you']
  const { steps: title, paths } = words
  const document = emptyDocument(words.name)
  return {
    ...document,
    settings: {
      ...document.settings,
      reentry: { every: 'P10D' },
      // The cap is the re-entry: a passage that takes an hour longer must not keep out the next order.
      concurrency: 'many',
      exitWhen: { event: 'Order refunded', within: 'since-entry' },
    },
    triggers: [
      {
        id: 'ordered',
        kind: 'event',
        event: ORDERED,
        where: { not: { property: 'isGiftReturn', is: 'equals', value: true } },
      },
    ],
    start: 'moment',
    steps: [
      { id: 'moment', kind: 'wait', title: title.moment, for: 'PT1H', next: 'which' },
      {
        id: 'which',
        kind: 'branch',
        title: title.which,
        paths: [
          { id: 'third', label: paths.third, when: { event: ORDERED, times: { atLeast: 3 } }, next: 'mark' },
          { id: 'second', label: paths.second, when: { event: ORDERED, times: { atLeast: 2 } }, next: 'back' },
        ],
        otherwise: 'thanks',
      },
      {
        id: 'mark',
        kind: 'update-contact',
        title: title.mark,
        set: {},
        addTags: [words.tag],
        removeTags: [],
        next: 'regular',
      },
      { id: 'regular', kind: 'send-email', title: title.regular, email: 'regular', next: 'arrived' },
      { id: 'back', kind: 'send-email', title: title.back, email: 'back', next: 'arrived' },
      { id: 'thanks', kind: 'send-email', title: title.thanks, email: 'thanks', next: 'arrived' },
      {
        id: 'arrived',
        kind: 'wait-until',
        title: title.arrived,
        paths: [
          {
            id: 'delivered',
            label: paths.delivered,
            when: { event: 'Order delivered', within: 'since-entry' },
            next: 'unpack',
          },
        ],
        timeout: { after: 'P10D', next: 'best' },
      },
      { id: 'unpack', kind: 'wait', title: title.unpack, for: 'P3D', next: 'best' },
      { id: 'best', kind: 'send-email', title: title.best, email: 'best', next: null },
    ],
    emails: thankYouEmails(locale),
    layout: LAYOUT,
  }
}

/** As in the recipe Welcome: columns stand 320 apart. */
const LAYOUT: Record<string, Point> = {
  ordered: { x: 0, y: 0 },
  moment: { x: 0, y: 96 },
  which: { x: 0, y: 180 },
  mark: { x: -320, y: 276 },
  regular: { x: -320, y: 360 },
  back: { x: 0, y: 360 },
  thanks: { x: 320, y: 360 },
  arrived: { x: 0, y: 472 },
  unpack: { x: -320, y: 556 },
  best: { x: 0, y: 640 },
}
