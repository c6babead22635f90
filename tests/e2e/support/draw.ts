/** Drawing the workflow of the main job: three emails, a wait, a wait for a click, a branch and an exit. */
import type { Canvas } from './canvas.ts'
import { expect } from './product.ts'
import { words, wordsLike } from './words.ts'

export const TITLES = {
  first: 'First words',
  clicked: 'For whoever clicked',
  late: 'One more thing',
  which: 'Pays already?',
}

export async function draw(canvas: Canvas) {
  const { page } = canvas
  await page.getByRole('button', { name: words('builder:empty.manual') }).click()
  await expect(canvas.card('manual')).toHaveCount(1)
  await canvas.dropAt('send-email', { x: 500, y: 260 })
  await canvas.select(canvas.card('send-email'))
  await canvas.rename(TITLES.first)
  await canvas.dropOn('wait', canvas.card('send-email'))
  await canvas.select(canvas.card('wait'))
  await canvas.setDuration(words('builder:wait.time'), 2, 'seconds')
  await canvas.dropOn('wait-until', canvas.card('wait'))

  const until = canvas.card('wait-until')
  await canvas.select(until)
  await canvas.addRule('message')
  await canvas.setDuration(words('builder:until.timeout'), 30, 'seconds')
  await canvas.addOn(until, '[data-port]:not([data-port="timeout"])', 'send-email')
  await canvas.select(canvas.card('send-email').nth(1))
  await canvas.rename(TITLES.clicked)
  await canvas.addOn(until, '[data-port="timeout"]', 'branch')
  const branch = canvas.card('branch')
  await canvas.select(branch)
  await canvas.rename(TITLES.which)
  await canvas.addOn(branch, '[data-port]:not([data-port="otherwise"])', 'exit')
  await canvas.addOn(branch, '[data-port="otherwise"]', 'send-email')
  await canvas.select(canvas.card('send-email').nth(2))
  await canvas.rename(TITLES.late)
}

/** A step dropped on a line and one put there by its plus; Delete, undo, redo. */
export async function changeOnesMind(canvas: Canvas) {
  const { page } = canvas
  const waits = canvas.card('wait')
  await canvas.tidy()
  await canvas.insertOnFirstLine('wait')
  await waits.first().locator('[data-node]').focus()
  await page.keyboard.press('Delete')
  await expect(waits).toHaveCount(1)
  await page.keyboard.press('Control+z')
  await expect(waits).toHaveCount(2)
  await page.keyboard.press('Control+Shift+z')
  await expect(waits).toHaveCount(1)
  await canvas.tidy()
  await canvas.insertByPlus('wait')
  await page.getByRole('button', { name: wordsLike('builder:undo-what') }).click()
  await expect(waits).toHaveCount(1)
}

/** A line drawn by hand: whoever clicked ends at the exit too. */
export async function connectToExit(canvas: Canvas) {
  await canvas.tidy()
  await canvas.connect(canvas.titled(TITLES.clicked), canvas.card('exit'))
}

/** The branch has no rule yet: publishing stops, names the step, and leads there. */
export async function finishBranch(canvas: Canvas) {
  const { page } = canvas
  await page.getByRole('button', { name: words('builder:bar.publish'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText(`${TITLES.which}:`)).toBeVisible()
  await expect(dialog.getByRole('button', { name: words('builder:publish.do', { version: 1 }) })).toBeDisabled()
  await dialog
    .getByRole('listitem')
    .filter({ hasText: TITLES.which })
    .getByRole('button', { name: words('builder:publish.go') })
    .click()
  await expect(dialog).toBeHidden()
  await canvas.addRule('attribute')
  await canvas.setToken('first_name', 'plan')
  await canvas.setToken(words('builder:cond.blank'), 'pro')
  await expect(canvas.panel.getByRole('button', { name: `pro, ${words('builder:cond.change')}` })).toBeVisible()
  await expect(canvas.card('branch')).toContainText(words('builder:words-of.first-rule', { count: 1 }))
  await canvas.saved()
}
