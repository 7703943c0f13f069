import type { ProcessId } from '@upon/contract'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LeaderNews } from './leader-news'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function reader(news: LeaderNews, topic: string) {
  const heard: ProcessId[] = []
  const { close } = news.open({
    path: `app.uc[${topic}].ec.eld`,
    self: 'p',
    processes: ['p', 'q', 'r'],
    parameters: undefined,
    indicate: { trust: (p) => heard.push(p) },
  })
  return { heard, close: () => close?.() }
}

it('a topic hears of the leader when it opens, and an undecided one of each new leader at once', () => {
  const news = new LeaderNews('r', () => {})
  const { heard } = reader(news, 'a')
  news.trust('q')
  expect(heard).toEqual(['r', 'q'])
  expect(reader(news, 'b').heard).toEqual(['q'])
})

it('decided topics hear a few at a time, the latest only, and every one of them', () => {
  const news = new LeaderNews('r', () => {})
  const readers = Array.from({ length: 12 }, (_, i) => {
    news.decided(`${i}`)
    return reader(news, `${i}`)
  })
  const informed = () => readers.filter(({ heard }) => heard.at(-1) === 'p').length
  news.trust('q')
  news.trust('p')
  expect(informed()).toBe(0)
  vi.advanceTimersByTime(5)
  expect(informed()).toBe(5)
  vi.runAllTimers()
  expect(informed()).toBe(12)
  expect(readers.every(({ heard }) => heard.length === 2)).toBe(true)
})

it('a decided topic that somebody talks to hears first', () => {
  const news = new LeaderNews('r', () => {})
  const { heard } = reader(news, 'a')
  news.decided('a')
  news.trust('q')
  news.wake('a')
  news.wake('a')
  expect(heard).toEqual(['r', 'q'])
  vi.runAllTimers()
  expect(heard).toEqual(['r', 'q'])
})

it('a topic that is closed hears nothing, and no timer is left', () => {
  const news = new LeaderNews('r', () => {})
  const { heard, close } = reader(news, 'a')
  news.decided('a')
  news.trust('q')
  close()
  expect(vi.getTimerCount()).toBe(0)
  news.trust('p')
  expect(heard).toEqual(['r'])
})

it('resting topics are woken by news a few at a time, and hear the latest when they open again', () => {
  const woken: string[] = []
  const news = new LeaderNews('r', (topic) => woken.push(topic))
  const topics = Array.from({ length: 12 }, (_, i) => `${i}`)
  for (const topic of topics) {
    const { close } = reader(news, topic)
    news.decided(topic)
    news.rest(topic)
    close()
  }
  news.trust('q')
  expect(news.isSpread).toBe(false)
  vi.advanceTimersByTime(5)
  expect(woken).toHaveLength(5)
  const { heard } = reader(news, '11') // somebody talks to it meanwhile
  expect(heard).toEqual(['q'])
  vi.runAllTimers()
  expect([woken, news.isSpread]).toEqual([topics.slice(0, 11), true])
  news.trust('p')
  news.stop()
  expect(vi.getTimerCount()).toBe(0)
})
