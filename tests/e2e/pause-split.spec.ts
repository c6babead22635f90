import type { Locator, Page } from '@playwright/test'
import { Canvas } from './support/canvas.ts'
import { addEverybody, importContacts, publish, setUp } from './support/people.ts'
import { expect, test } from './support/product.ts'
import { words } from './support/words.ts'

/** Enough that both ways are taken. */
const PEOPLE = 40
/** The same person again and again: rows to watch the import by, nobody new. */
const AGAIN = 'person1@example.com,P1,\n'.repeat(30_000)
const CSV = `E-mail,First name,Note
${Array.from({ length: PEOPLE }, (_, index) => `person${index + 1}@example.com,P${index + 1},`).join('\n')}
${AGAIN}`
/** Long enough to be stopped in, short enough to be waited for. */
const WAIT_S = 20

const TITLES = { mark: 'Remember they came', split: 'Short or long?', short: 'A short hello', long: 'The whole story' }

test('people are dealt by share, written to, stopped and set going again', async ({ page, browser, product }) => {
  test.setTimeout(240_000)
  const canvas = new Canvas(page)

  await test.step('a workspace with people', async () => {
    await setUp(page)
    await importContacts(page, CSV, { Note: '' })
  })

  await test.step('draw an update of the contact and a split, through the page only', async () => {
    await page.goto('/workflows')
    await page.getByRole('button', { name: words('workflows.first.scratch.name') }).click()
    await page.getByRole('button', { name: words('builder:empty.manual') }).click()
    await canvas.dropAt('update-contact', { x: 500, y: 240 })
    await drawUpdate(canvas)
    await canvas.dropOn('split', canvas.card('update-contact'))
    await drawSplit(canvas)
    await drawArms(canvas)
    await canvas.saved()
  })

  const other = await browser.newContext({ storageState: await page.context().storageState(), baseURL: product.url })
  const watcher = await other.newPage()
  const seen = new Canvas(watcher)

  await test.step('a page opened before the first publish sees the first people as they come', async () => {
    await watcher.goto(page.url())
    await expect(watcher.getByText(words('builder:chip.never'))).toBeVisible()
    await publish(page, PEOPLE)
    await addEverybody(page, PEOPLE)
    await expect(seen.number(seen.titled(TITLES.split), 'entered')).toContainText(String(PEOPLE), { timeout: 4_000 })
    await expect(watcher.getByText(words('builder:chip.live', { version: 1 }))).toBeVisible()
    await other.close()
  })

  let waiting = 0
  await test.step('the canvas shows the shares as people, and who is behind each', async () => {
    waiting = await peopleOn(page, 'Short, 75%')
    const sent = await peopleOn(page, 'Long, 25%')
    expect(waiting + sent).toBe(PEOPLE)
    expect(waiting).toBeGreaterThan(sent)
    await expect(canvas.number(canvas.titled(TITLES.long), 'sent')).toContainText(String(sent))
    await arm(page, 'Short, 75%').click()
    const list = page.getByRole('list', { name: words('builder:people.list') })
    await expect(list.getByRole('listitem')).toHaveCount(waiting)
    await page.keyboard.press('Escape')
  })

  await test.step('pause: says what it does and whom it stops', async () => {
    await page.getByRole('button', { name: words('builder:bar.more') }).click()
    await page.getByRole('menuitem', { name: words('builder:pause.open') }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByText(words('builder:pause.people', { count: waiting, number: waiting }))).toBeVisible()
    await expect(dialog.getByText(words('builder:pause.mail'))).toBeVisible()
    await dialog.getByRole('button', { name: words('builder:pause.do', { count: waiting, number: waiting }) }).click()
    await expect(dialog).toBeHidden()
    await expect(page.getByText(words('builder:chip.paused', { version: 1 }))).toBeVisible()
    await expect(page.getByText(words('builder:strip.paused'))).toBeVisible()
    await expect(canvas.card('wait')).toContainText(String(waiting))
  })

  await test.step('nothing is sent while it stands still, also after the time is up', async () => {
    await page.waitForTimeout((WAIT_S + 3) * 1_000)
    await expect(canvas.card('wait')).toContainText(String(waiting))
    await expect(canvas.number(canvas.titled(TITLES.short), 'sent')).toHaveCount(0)
    await page.goto('/workflows')
    const row = page.getByRole('row', { name: new RegExp(words('workflows.untitled')) })
    await expect(row).toContainText(words('workflows.status.paused'))
    await row.getByRole('link').first().click()
  })

  await test.step('resume: the harmless way is chosen; catching up sends what is late at once', async () => {
    await page.getByRole('button', { name: words('builder:resume.open') }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByText(words('builder:resume.waiting', { count: waiting, number: waiting }))).toBeVisible()
    const policy = (name: string) => dialog.getByRole('radio', { name: words(`builder:resume.${name}.name`) })
    await expect(policy('shift')).toBeChecked()
    await policy('send').click()
    await dialog.getByRole('button', { name: words('builder:resume.do', { count: waiting, number: waiting }) }).click()
    await expect(dialog).toBeHidden()
    await expect(page.getByText(words('builder:chip.live', { version: 1 }))).toBeVisible()
    await expect(canvas.number(canvas.titled(TITLES.short), 'sent')).toContainText(String(waiting))
  })

  await test.step('what the step wrote stands on the contact', async () => {
    await page.goto('/contacts')
    await page
      .getByRole('row', { name: /person7@example\.com/ })
      .getByRole('link')
      .first()
      .click()
    await expect(page.getByText('greeted', { exact: true }).first()).toBeVisible()
    await expect(page.getByText('spring', { exact: true }).first()).toBeVisible()
  })
})

/** `season` set to a text, a tag added. */
async function drawUpdate(canvas: Canvas) {
  const { panel } = canvas
  await canvas.select(canvas.card('update-contact'))
  await canvas.rename(TITLES.mark)
  await panel.getByLabel(words('builder:update.attribute'), { exact: true }).fill('season')
  await panel.getByRole('button', { name: words('builder:update.add'), exact: true }).click()
  await panel.getByLabel(words('builder:update.value-of', { attribute: 'season' })).fill('spring')
  const tags = panel.getByLabel(words('builder:update.add-tags'), { exact: true })
  await tags.fill('greeted')
  await tags.press('Enter')
}

/** Two ways, three to one, which read as shares that add up. */
async function drawSplit(canvas: Canvas) {
  const { panel } = canvas
  await canvas.select(canvas.card('split'))
  await canvas.rename(TITLES.split)
  const ways = [
    { label: 'Short', weight: 3 },
    { label: 'Long', weight: 1 },
  ]
  for (const [index, { label, weight }] of ways.entries()) {
    await panel.getByLabel(words('builder:split.label', { number: index + 1 })).fill(label)
    await panel.getByLabel(words('builder:split.weight', { name: label })).fill(String(weight))
  }
  await expect(panel.getByRole('listitem')).toContainText(['75%', '25%'])
  await expect(panel.getByText(words('builder:split.together', { share: '100%' }))).toBeVisible()
}

/** The first way waits before its mail, the second is written to at once. */
async function drawArms(canvas: Canvas) {
  const split = canvas.card('split')
  await canvas.addOn(split, '[data-port="a"]', 'wait')
  await canvas.select(canvas.card('wait'))
  await canvas.setDuration(words('builder:wait.time'), WAIT_S, 'seconds')
  await canvas.dropOn('send-email', canvas.card('wait'))
  await canvas.select(canvas.card('send-email'))
  await canvas.rename(TITLES.short)
  await canvas.addOn(split, '[data-port="b"]', 'send-email')
  await canvas.select(canvas.card('send-email').nth(1))
  await canvas.rename(TITLES.long)
}

const arm = (page: Page, label: string): Locator => page.getByTitle(words('builder:canvas.see-people', { label }))

async function peopleOn(page: Page, label: string): Promise<number> {
  await expect(arm(page, label)).not.toHaveText('0')
  return Number(await arm(page, label).textContent())
}
