/** Drawing on the canvas with the mouse. */
import { expect, type Locator, type Page } from '@playwright/test'
import { words } from './words.ts'

export class Canvas {
  readonly page: Page
  constructor(page: Page) {
    this.page = page
  }

  get frame(): Locator {
    return this.page.getByRole('region', { name: words('builder:canvas.name') })
  }
  get panel(): Locator {
    return this.page.getByRole('complementary', { name: words('builder:panel.name') })
  }
  card(kind: string): Locator {
    return this.page.locator(`.react-flow__node:has([data-kind="${kind}"])`)
  }
  titled(title: string): Locator {
    return this.page.locator('.react-flow__node').filter({ hasText: title })
  }
  tile(kind: string): Locator {
    return this.page.locator(`[data-palette="${kind}"]`)
  }

  /** Drop a tile of the palette on a card: the step comes after it. */
  async dropOn(kind: string, target: Locator) {
    const before = await this.card(kind).count()
    await this.tile(kind).dragTo(target)
    await expect(this.card(kind)).toHaveCount(before + 1)
  }

  /** Drop a tile on free ground, at a place relative to the canvas. */
  async dropAt(kind: string, place: { x: number; y: number }) {
    const before = await this.card(kind).count()
    await this.tile(kind).dragTo(this.frame, { targetPosition: place })
    await expect(this.card(kind)).toHaveCount(before + 1)
  }

  /** Draw a line from the lower port of a card to another card. */
  async connect(from: Locator, to: Locator) {
    const start = await centre(from.locator('.react-flow__handle.source').first())
    const end = await centre(to)
    const lines = this.page.locator('.react-flow__edge')
    const before = await lines.count()
    await this.page.mouse.move(start.x, start.y)
    await this.page.mouse.down()
    await this.page.mouse.move(start.x + 3, start.y + 3) // React Flow swallows the first move over its threshold
    await this.page.mouse.move(end.x, end.y, { steps: 6 })
    await this.page.mouse.up()
    await expect(lines).toHaveCount(before + 1)
  }

  async select(card: Locator) {
    await card.locator('[data-node]').click({ position: { x: 60, y: 12 } })
    await expect(this.panel).toBeVisible()
  }

  /** In the open panel. */
  async setDuration(label: string, amount: number, unit: string) {
    await this.panel.getByLabel(words('builder:field.unit')).selectOption(unit)
    await this.panel.getByLabel(label, { exact: true }).fill(String(amount))
  }

  /** Add a step of this kind on an outcome that leads nowhere yet. */
  async addOn(card: Locator, port: string, kind: string) {
    const before = await this.card(kind).count()
    await card.hover()
    await card.locator(`button${port}`).first().click()
    await this.page.locator(`[data-add="${kind}"]`).click()
    await expect(this.card(kind)).toHaveCount(before + 1)
  }

  /** Drop a tile on the line that leaves the trigger. */
  async insertOnFirstLine(kind: string) {
    const before = await this.card(kind).count()
    const line = await centre(this.page.locator('[data-line]').first())
    const frame = await this.frame.boundingBox()
    if (frame === null) throw new RangeError('no canvas')
    await this.tile(kind).dragTo(this.frame, { targetPosition: { x: line.x - frame.x, y: line.y - frame.y } })
    await expect(this.card(kind)).toHaveCount(before + 1)
  }

  /** Insert by the plus that stands on a line. */
  async insertByPlus(kind: string) {
    const before = await this.card(kind).count()
    await this.page.locator('[data-line]').first().hover({ force: true })
    await this.page.locator('[data-insert]').first().click({ force: true })
    await this.page.locator(`[data-add="${kind}"]`).click()
    await expect(this.card(kind)).toHaveCount(before + 1)
  }

  async addRule(kind: string) {
    await this.panel
      .getByRole('button', { name: words('builder:cond.add-rule'), exact: true })
      .first()
      .click()
    await this.page.getByRole('menuitem', { name: words(`builder:cond.kind.${kind}`) }).click()
  }

  async rename(title: string) {
    await this.panel.getByLabel(words('builder:panel.title')).fill(title)
  }

  /** Tidy up, then show everything. */
  async tidy() {
    await this.page.getByRole('button', { name: words('builder:zoom.tidy'), exact: true }).click()
    await this.page.getByRole('button', { name: words('builder:zoom.fit'), exact: true }).click()
    await this.page.waitForTimeout(400) // the view glides
  }

  /** A number of a card, e.g. how many a step has sent. */
  number(card: Locator, state: string): Locator {
    return card.locator(`[data-state="${state}"]`)
  }

  /** Every number of a step, from its panel. */
  async numbers(card: Locator): Promise<Record<string, number>> {
    await this.select(card)
    const found = await this.panel
      .locator('[data-state]:has(b)')
      .evaluateAll((buttons) =>
        buttons.map((button) => [
          button.getAttribute('data-state') ?? '',
          Number(button.querySelector('b')?.textContent),
        ]),
      )
    return Object.fromEntries(found)
  }

  /** Change one token of the sentence in the panel by typing. */
  async setToken(shown: string, typed: string) {
    await this.panel
      .getByRole('button', { name: `${shown}, ${words('builder:cond.change')}` })
      .first()
      .click()
    await this.page.keyboard.press('Control+a')
    await this.page.keyboard.type(typed)
    await this.page.keyboard.press('Enter')
  }

  async saved() {
    await expect(this.page.getByRole('status').filter({ hasText: words('builder:chip.saved') })).toBeVisible()
  }
}

async function centre(locator: Locator) {
  const box = await locator.boundingBox()
  if (box === null) throw new RangeError('nothing is shown there')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
