// What is done on a page of the product before its picture is taken.
/** @typedef {import('@playwright/test').Page} Page */

const CSV = `E-mail,First name,City,Plan,Signed up on
an@example.com,An,Hanoi,pro,2026-03-01
bao@example.com,Bao,Berlin,free,2026-04-12
chi@example,Chi,Lyon,free,2026-04-30
`

/** A page whose lists, numbers and emails are there: nothing says any longer that it loads. */
export async function hasArrived(/** @type {Page} */ page) {
  await page.waitForLoadState('load')
  await page.locator('h1, h2').first().waitFor()
  await page.waitForFunction(
    () => document.querySelector('main [role="status"][aria-label], [aria-busy="true"]') === null,
  )
  await page.waitForTimeout(350)
}

export async function chooseFile(/** @type {Page} */ page) {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) })
  await page.getByRole('radio').nth(1).waitFor()
}

export async function importFile(/** @type {Page} */ page) {
  await chooseFile(page)
  await page.getByRole('radio').nth(1).check()
  await page.locator('button[aria-describedby="import-waits"]').click()
  await page.getByRole('table').waitFor()
}

export async function openPublish(/** @type {Page} */ page) {
  await page.locator('header button[data-variant="filled"]').click()
  await page.getByRole('dialog').getByRole('table').waitFor()
}

export async function openMail(/** @type {Page} */ page) {
  await page.locator('a[href^="/inbox/"]').first().click()
  await page.locator('iframe').waitFor()
}

/** A branch, whose rules stand in the panel. */
export async function openBranch(/** @type {Page} */ page) {
  await page.locator('.react-flow__node [data-kind="branch"] [data-node]').first().click()
  await page.getByRole('complementary').waitFor()
}

export async function openPeople(/** @type {Page} */ page) {
  await page.locator('.react-flow__node [data-state="sent"]').first().click()
  await page.getByRole('dialog').getByRole('listitem').first().waitFor()
}

/** @returns {(page: Page) => Promise<void>} */
export function failOf(/** @type {string} */ part) {
  return async (page) => {
    await page.route(`**/api/v1/${part}?*`, (route) =>
      route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{}' }),
    )
    await page.route(`**/api/v1/${part}`, (route) =>
      route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{}' }),
    )
    await page.reload()
    await page.waitForTimeout(2_500) // it is asked for again before it says so
  }
}

export async function openAlarms(/** @type {Page} */ page) {
  await page.locator('button[aria-controls="alarms"]').click()
}
