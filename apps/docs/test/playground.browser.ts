import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve } from './server'

const folder = fileURLToPath(new URL('../dist', import.meta.url))
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(executablePath))
  throw new Error(`there is no ${executablePath}: apt-get install chromium, or say where one is with CHROMIUM=...`)

let site: Awaited<ReturnType<typeof serve>>
let browser: Browser
const complaints: string[] = []

beforeAll(async () => {
  site = await serve(folder)
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
})
afterAll(async () => {
  await browser.close()
  await site.close()
})

const BAR = '.game .bar .step'

/** A page with a playground that has come alive, and notes whatever it complains about or asks of others. */
async function open(address: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options })
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('request', (request) => {
    if (!request.url().startsWith(site.origin) && !/^(data|blob):/.test(request.url())) complaints.push(`asks ${request.url()}`)
  })
  await page.goto(site.origin + address)
  await page.locator(BAR).waitFor()
  return page
}

const step = async (page: Page, times: number) => {
  for (let i = 0; i < times; i++) await page.locator(BAR).click()
}
const story = (page: Page) => page.locator('.game .story').textContent()
const light = (page: Page, property: string) => page.locator('.game .lights li', { hasText: property }).locator('strong').textContent()
const situation = (page: Page) => page.locator('.game .settings label', { hasText: 'Situation' }).locator('select')
/** Steps until nothing is under way: the button then has nothing to do. */
async function toTheEnd(page: Page): Promise<void> {
  for (let i = 0; i < 200 && (await page.locator(BAR).isEnabled()); i++) await page.locator(BAR).click()
}

describe('the playground in a real browser', () => {
  it('a broadcast whose sender crashes: an eager reliable one reaches all, a best-effort one does not', async () => {
    complaints.length = 0
    const page = await open('/playground#eager-reliable-broadcast')
    expect(await story(page)).toContain('Nothing has happened yet. Press Step: p1')
    await situation(page).selectOption({ label: 'p1 crashes in the middle of its sends' })
    await toTheEnd(page)
    expect(await page.locator('.game .mark.crash').count()).toBe(1)
    expect(await page.locator('.game .mark.indication').count()).toBe(2)
    expect(await light(page, 'RB4')).toBe('holds so far')
    await page.goto(`${site.origin}/playground#basic-broadcast`)
    await page.locator('.game h1', { hasText: 'Basic broadcast' }).waitFor()
    await situation(page).selectOption({ label: 'p1 crashes in the middle of its sends' })
    await toTheEnd(page)
    expect(await page.locator('.game .label.indication, .game .mark.indication').count()).toBeGreaterThan(0)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('the handler that ran is lit, and its variables change', async () => {
    const page = await open('/playground#majority-ack')
    await step(page, 2)
    expect(await page.locator('.game .line.lit').first().textContent()).toContain('upon(beb.deliver')
    expect(await page.locator('.game .variables .changed').count()).toBeGreaterThan(0)
    await page.close()
  })

  it('a wrong line is struck out, and the shrunk counterexample plays until its light is red', async () => {
    const page = await open('/playground#majority-ack')
    await page.locator('.break [role=switch]', { hasText: 'the first copy is delivered' }).click()
    await page.locator('.game .lights .violated', { hasText: 'URB4' }).waitFor({ timeout: 100_000 })
    expect(await page.locator('.game .line.struck').count()).toBe(1)
    expect(await page.locator('.game .mark.proof').count()).toBeGreaterThan(0)
    expect(await story(page)).toContain('URB4 is violated')
    await page.close()
  })
})

describe('what a reader does to a playground', () => {
  it('a message dropped on perfect links asks first, and is beyond the model', async () => {
    const page = await open('/playground#basic-broadcast')
    await step(page, 1)
    await page.locator('.game svg .head').first().click()
    await page.locator('.strip button', { hasText: 'Drop' }).click()
    expect(await page.locator('.strip').textContent()).toContain('perfect links lose nothing')
    await page.locator('.strip button', { hasText: 'Do it' }).click()
    expect(await page.locator('.game .arrow.lost').count()).toBe(1)
    await toTheEnd(page)
    expect(await light(page, 'BEB1')).toBe('beyond the model')
    await page.close()
  })

  it('a link shows the same situation in another browser, and a broken one says so', async () => {
    const page = await open('/playground#majority-ack')
    await step(page, 5)
    await page.locator('.tools button', { hasText: 'Copy link' }).click()
    await page.waitForURL(/#majority-ack\.1\./)
    const [, fragment = ''] = page.url().split('#')
    expect(fragment.length).toBeLessThan(200)
    const other = await open(`/embed#${fragment}`)
    expect(await story(other)).toBe(await story(page))
    expect(await other.locator('.game .frame').innerHTML()).toContain('urb, Deliver')
    await Promise.all([page.close(), other.close()])
    const broken = await open(`/playground#${fragment.slice(0, -8)}`)
    expect(await broken.locator('[role=alert]').textContent()).toContain('The link is broken')
    await broken.close()
  })

  it('works from the keyboard alone', async () => {
    const page = await open('/playground#majority-ack')
    await page.locator(BAR).focus()
    await page.keyboard.press('Enter')
    await page.locator('.game .lines').focus()
    await page.keyboard.press('m')
    expect(await page.locator('.strip').textContent()).toContain('p1 → p')
    await page.keyboard.press('Enter')
    expect(await story(page)).toContain('got DATA 1 from p1')
    await page.keyboard.press('3')
    await page.keyboard.press('x')
    expect(await page.locator('.game .mark.crash').count()).toBe(1)
    await page.keyboard.press('ArrowLeft')
    expect(await page.locator('.game .mark.crash').count()).toBe(0)
    await page.close()
  })

  it('fits a phone, where time runs down', async () => {
    const page = await open('/playground#majority-ack', { viewport: { width: 390, height: 844 }, hasTouch: true })
    await step(page, 3)
    expect(await page.locator('.game.down').count()).toBe(1)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await page.close()
  })

  it('weighs at most 250 kB on first load, fonts apart', async () => {
    const page = await browser.newPage()
    const files = new Set<string>()
    page.on('request', (request) => {
      if (request.resourceType() !== 'font' && request.isNavigationRequest() === false && !request.headers().purpose)
        files.add(new URL(request.url()).pathname)
    })
    await page.goto(`${site.origin}/embed#majority-ack`)
    await page.locator(BAR).waitFor()
    const bytes = [...files].map((name) => gzipSync(readFileSync(`${folder}${name}`)).length)
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(250_000)
    await page.close()
  })
})
