import Model
import Testing

@Suite("What failed is tried again after a pause that doubles, without end")
struct BackoffTests {
    private static let now = Timestamp(milliseconds: 1_000_000)

    private static func backoff(attempts: Int = 8) -> Backoff {
        Backoff(attempts: attempts, firstDelay: .seconds(10), longestDelay: .seconds(100))
    }

    @Test(
        "the pause doubles up to the longest, however often it failed",
        arguments: [(0, 10), (1, 10), (2, 20), (3, 40), (4, 80), (5, 100), (6, 100), (8, 100), (.max, 100)])
    func doubles(failures: Int, seconds: Int) {
        #expect(Self.backoff().delay(after: failures) == .seconds(seconds))
    }

    @Test(
        "a plan, a repair or a move is tried again without end, with growing pauses, whatever 'attempts' is",
        arguments: 1...9)
    func attempts(attempts: Int) {
        let backoff = Self.backoff(attempts: attempts)
        let pauses = (1...6).map { backoff.nextTry(after: $0, .transient, at: Self.now)?.since(Self.now) }
        #expect(pauses == [10, 20, 40, 80, 100, 100].map(Duration.seconds))
        #expect(backoff.nextTry(after: 1000, .transient, at: Self.now)?.since(Self.now) == .seconds(100))
    }

    @Test("while nothing runs it is tried again within a minute", arguments: [(1, 10), (3, 40), (4, 60), (1000, 60)])
    func nothingRuns(failures: Int, seconds: Int) {
        let next = Self.backoff().nextTry(after: failures, .transient, nothingRuns: true, at: Self.now)
        #expect(next?.since(Self.now) == .seconds(seconds))
        let slow = Backoff(firstDelay: .seconds(300), longestDelay: .seconds(600))
        let own = slow.nextTry(after: failures, .transient, nothingRuns: true, at: Self.now)
        #expect(own?.since(Self.now) == .seconds(300), "nobody wants it sooner than the first delay")
        #expect(slow.nextTry(after: failures, .permanent, nothingRuns: true, at: Self.now) == nil)
    }

    @Test("a plan for which what runs is stopped is tried 'attempts' times", arguments: [1, 2, 8])
    func stopsStack(attempts: Int) {
        let backoff = Self.backoff(attempts: attempts)
        let tries = (1...20).prefix { failures in
            backoff.nextTry(after: failures, .transient, stopsStack: true, at: Self.now) != nil
        }
        #expect(tries.count == attempts - 1, "the first try was none after a failure")
    }

    @Test("what would fail again is not tried again", arguments: [1, 7])
    func permanent(failures: Int) {
        #expect(Self.backoff().nextTry(after: failures, .permanent, at: Self.now) == nil)
    }

    @Test("people hear of it after 'attempts' failures, and of the first one where that is 1", arguments: [1, 2, 8])
    func lasting(attempts: Int) {
        let lasting = (1...9).map(Self.backoff(attempts: attempts).isLasting)
        #expect(lasting == (1...9).map { $0 >= attempts })
        #expect(!Backoff(firstDelay: .seconds(1), longestDelay: .seconds(2)).isLasting(after: 1_000_000))
    }

    @Test(
        "it is due when its moment has come, and when that is further away than any pause: a clock was ahead",
        arguments: [(nil, true), (0, true), (-5, true), (1, false), (100, false), (101, true), (1_000_000_000, true)])
    func due(seconds: Int64?, isDue: Bool) {
        let next = seconds.map { Timestamp(milliseconds: Self.now.milliseconds + $0 * 1000) }
        #expect(Self.backoff().isDue(next, at: Self.now) == isDue)
    }

    @Test(
        "the pause counts from the last failure; one that a clock that was ahead noted is over",
        arguments: [(9, false), (10, true), (-1, true)])
    func over(passed: Int64, isOver: Bool) {
        let last = Timestamp(milliseconds: Self.now.milliseconds - passed * 1000)
        #expect(Self.backoff().isOver(after: 1, since: last, at: Self.now) == isOver)
    }

    @Test("a pause without any measure keeps the journal readable")
    func endless() {
        let longest = PlanDuration(milliseconds: .max).duration
        let backoff = Backoff(attempts: 1, firstDelay: longest, longestDelay: longest)
        let next = backoff.nextTry(after: .max, .transient, at: Self.now)
        #expect(next == Timestamp(milliseconds: 253_402_300_799_999), "the last moment of the year 9999")
        #expect(Backoff(firstDelay: longest, longestDelay: .seconds(7)).delay(after: 1000) == .seconds(7))
    }
}
