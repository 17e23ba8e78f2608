import Synchronization
import Testing

@testable import Deploying

@Suite("Independent work runs in parallel, with a limit")
struct ParallelTests {
    @Test("results come in the order of the elements, and no more than the limit run at once")
    func limit() async throws {
        let running = Mutex((now: 0, most: 0))
        let squares = try await inParallel(Array(1...12), limit: 3) { number in
            running.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            try await Task.sleep(for: .milliseconds(Int64(13 - number)))
            running.withLock { $0.now -= 1 }
            return number * number
        }
        #expect(squares == (1...12).map { $0 * $0 })
        #expect(running.withLock { $0.most } == 3)
    }

    @Test("the first error cancels what still runs")
    func firstError() async throws {
        struct Broken: Error {}
        let cancelled = Mutex(false)
        await #expect(throws: Broken.self) {
            _ = try await inParallel([1, 2], limit: 2) { number in
                if number == 1 { throw Broken() }
                do {
                    try await Task.sleep(for: .seconds(600))
                } catch {
                    cancelled.withLock { $0 = true }
                }
            }
        }
        #expect(cancelled.withLock { $0 })
    }

    @Test("where each has to clean up, one that fails ends no other; the first one's error is thrown")
    func toTheEnd() async throws {
        struct Broken: Error { let number: Int }
        let cancelled = Mutex<Bool?>(nil)
        let error = await #expect(throws: Broken.self) {
            try await inParallelToTheEnd([1, 2, 3], limit: 3) { number in
                if number > 1 { throw Broken(number: number) }
                try? await Task.sleep(for: .milliseconds(50))
                cancelled.withLock { $0 = Task.isCancelled }
            }
        }
        #expect(cancelled.withLock { $0 } == false)
        #expect(error?.number == 2)
    }
}
