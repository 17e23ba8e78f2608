import Logging
import Synchronization
import Testing

@testable import Reconciling

@Suite("Looking after the stack while other work takes long")
struct VigilTests {
    private struct Trouble: Error {}

    /// Counts looks, and lets whoever waits for a number of them go on.
    private final class Looks: Sendable {
        private let count = Mutex(0)
        let wasCancelled = Mutex<Bool?>(nil)
        let seen = AsyncStream.makeStream(of: Int.self)

        func add() {
            seen.continuation.yield(
                count.withLock {
                    $0 += 1
                    return $0
                })
        }

        func wait(for number: Int) async {
            for await count in seen.stream where count >= number { return }
        }
    }

    private func vigil(_ interval: Duration, _ look: @escaping @Sendable () async throws -> Void) -> Vigil {
        Vigil(interval: interval, logger: Logger(label: "test"), look: look)
    }

    @Test("the stack is looked at again and again until the work ends, also when it cannot be looked at")
    func goesOn() async throws {
        let looks = Looks()
        let vigil = vigil(.milliseconds(1)) {
            looks.add()
            throw Trouble()
        }
        let result = try await vigil.during {
            await looks.wait(for: 3)
            return "done"
        }
        #expect(result == "done")
    }

    @Test("work that fails ends it with its own error")
    func fails() async {
        await #expect(throws: Trouble.self) {
            try await vigil(.seconds(3600)) {}.during { throw Trouble() }
        }
    }

    @Test("a look that has begun is not broken off when the work ends")
    func finishesLook() async throws {
        let begun = Looks()
        let vigil = vigil(.milliseconds(1)) {
            begun.add()
            for _ in 0..<50 { await Task.yield() }
            begun.wasCancelled.withLock { $0 = Task.isCancelled }
        }
        try await vigil.during { await begun.wait(for: 1) }
        #expect(begun.wasCancelled.withLock { $0 } == false)
    }
}
