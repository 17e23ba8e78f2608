internal import Logging

/// Goes on looking after the stack while other work takes long, such as a fetch over a slow line.
struct Vigil: Sendable {
    let interval: Duration
    let logger: Logger
    let look: @Sendable () async throws -> Void

    /// Returns or throws what `work` does, after the end of a look that has begun: a repair is not broken off for it.
    func during<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let (ticks, ticker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        async let looking: Void = keep(ticks)
        do {
            let result = try await withTicks(ticker, work)
            await looking
            return result
        } catch {
            await looking
            throw error
        }
    }

    private func withTicks<Result: Sendable>(
        _ ticker: AsyncStream<Void>.Continuation, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        defer { ticker.finish() }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                while (try? await Task.sleep(for: interval)) != nil { ticker.yield() }
                return nil
            }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let result = ended { return result }
            }
            throw CancellationError()
        }
    }

    private func keep(_ ticks: AsyncStream<Void>) async {
        for await _ in ticks {
            do {
                try await look()
            } catch {
                // It is looked at again, and the next cycle tells of what stays.
                logger.debug("the stack could not be looked at", metadata: ["reason": "\(error)"])
            }
        }
    }
}
