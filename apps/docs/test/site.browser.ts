import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pagesBelow } from '../src/links/check-site'
import { serve } from './server'

const folder = fileURLToPath(new URL('../dist', import.meta.url))
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(executablePath))
  throw new Error(`there is no ${executablePath}: apt-get install chromium, or say where one is with CHROMIUM=...`)
if (!existsSync(folder)) throw new Error('there is no site: run `npm run docs`')

const pages = pagesBelow(folder)
const PHONE = { width: 390, height: 844 }
const DESK = { width: 1440, height: 900 }

let site: Awaited<ReturnType<typeof serve>>
let browser: Browser
let context: BrowserContext
const complaints: string[] = []

/** Notes everything that a page logs, and every request to another host. */
function listen(page: Page): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(site.origin) && !request.url().startsWith('data:')) complaints.push(`${page.url()} asks ${request.url()}`)
  })
  page.on('response', (response) => {
    if (!response.ok()) complaints.push(`${page.url()}: ${response.url()} is ${response.status()}`)
  })
}

beforeAll(async () => {
  site = await serve(folder)
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  context = await browser.newContext({ viewport: DESK })
  context.on('page', listen)
})
afterAll(async () => {
  await browser.close()
  await site.close()
})

/** Opens a page, and waits until it has come alive. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(site.origin + address)
  await page.waitForFunction(`document.querySelector('#app')?.__vue_app__ !== undefined`)
}

// What is asked of a page runs in the page, and so is text here.
const IS_WIDER_THAN_SCREEN = 'document.documentElement.scrollWidth > innerWidth'
const TITLES = `document.querySelectorAll('h1').length`
const BACKGROUND = 'getComputedStyle(document.body).backgroundColor'
const MISSING_ANCHORS = `Array.from(document.querySelectorAll('main a[href^="#"]'))
  .map((link) => decodeURIComponent(link.getAttribute('href').slice(1)))
  .filter((id) => document.getElementById(id) === null)`

describe('the site in a real browser', () => {
  it('has the pages that it should', () => {
    const addresses = pages.map(({ address }) => address)
    expect(addresses).toEqual(
      expect.arrayContaining(['/', '/catalogue/', '/reference/', '/guide/first-steps', '/catalogue/uniform-consensus']),
    )
    expect(addresses.length).toBeGreaterThan(40)
  })

  it('renders every page without a complaint, a request to anybody else, a dead anchor, or overflow on a phone', async () => {
    complaints.length = 0
    const page = await context.newPage()
    for (const { address } of pages) {
      await page.setViewportSize(DESK)
      await open(page, address)
      if ((await page.evaluate(TITLES)) !== 1) complaints.push(`${address} has not one title`)
      if (await page.evaluate(IS_WIDER_THAN_SCREEN)) complaints.push(`${address} is too wide for a desk`)
      for (const id of (await page.evaluate(MISSING_ANCHORS)) as string[]) complaints.push(`${address} has no #${id}`)
      await page.setViewportSize(PHONE)
      if (await page.evaluate(IS_WIDER_THAN_SCREEN)) complaints.push(`${address} is too wide for a phone`)
    }
    await page.close()
    expect(complaints).toEqual([])
  })

  it('finds "majority" from the keyboard alone, and goes there', async () => {
    const page = await context.newPage()
    await page.setViewportSize(DESK)
    await open(page, '/')
    await page.keyboard.press('Control+k')
    await page.locator('.VPLocalSearchBox input').waitFor()
    await page.keyboard.type('majority')
    await page.locator('.VPLocalSearchBox .result').first().waitFor()
    const found = await page.locator('.VPLocalSearchBox .result').evaluateAll((results) => results.map((each) => each.getAttribute('href')))
    expect(found).toContainEqual(expect.stringContaining('/catalogue/'))
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname !== '/')
    expect(await page.locator('main').textContent()).toMatch(/majority/i)
    await page.close()
  })

  it('has a light and a dark side, as the reader’s system or the switch says', async () => {
    const backgroundOf = (page: Page) => page.evaluate(BACKGROUND)
    const light = await browser.newPage({ colorScheme: 'light' })
    const dark = await browser.newPage({ colorScheme: 'dark' })
    await Promise.all([open(light, '/guide/models'), open(dark, '/guide/models')])
    expect(await backgroundOf(light)).not.toBe(await backgroundOf(dark))
    await light.locator('.VPNavBar .VPSwitchAppearance').first().click()
    await expect.poll(() => backgroundOf(light)).toBe(await backgroundOf(dark))
    await Promise.all([light.close(), dark.close()])
  })
})
