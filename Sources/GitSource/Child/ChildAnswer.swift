internal import FoundationEssentials
internal import Processes
internal import Synchronization

/// What a child says: how far it is, line by line, then its answer.
struct ChildAnswer: Sendable {
    /// Nothing was heard for too long; `progress` is what was heard last.
    struct Silence: Error { let progress: FetchProgress }
    /// The child ended without an answer.
    struct Missing: Error {}

    private let patience: Duration
    private let heard: @Sendable (FetchProgress) -> Void
    private let latest = Latest()

    init(patience: Duration, heard: @escaping @Sendable (FetchProgress) -> Void) {
        self.patience = patience
        self.heard = heard
    }

    var progress: FetchProgress { latest.value.progress }

    /// Runs the child to its end, or to the end of the patience with it.
    func run(_ command: Command) async throws -> ChildResponse {
        let answer = try await withThrowingTaskGroup(of: ChildResponse?.self) { group in
            group.addTask { try await command.stream { try await read($0) } }
            group.addTask {
                try await outlastPatience()
                throw Silence(progress: progress)
            }
            defer { group.cancelAll() }
            return try await group.next().flatMap(\.self)
        }
        guard let answer else { throw Missing() }
        return answer
    }

    /// `nil` where it ends without one: how the child ended then says more.
    private func read(_ output: ProgramOutput) async throws -> ChildResponse? {
        var rest: [UInt8] = []
        var answer: ChildResponse?
        for try await chunk in output {
            rest += chunk
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                switch try JSONDecoder().decode(ChildMessage.self, from: Data(rest[..<end])) {
                case .answer(let found): answer = found
                case .progress(let progress):
                    latest.set(progress)
                    heard(progress)
                }
                rest.removeSubrange(...end)
            }
            guard rest.count <= Self.longestLine else { throw Missing() }
        }
        return answer
    }

    private static let longestLine = 1 << 20

    private func outlastPatience() async throws {
        while true {
            let (progress, moment) = latest.value
            let end = (progress.isLocal ? .now : moment) + patience
            guard ContinuousClock.now < end else { return }
            try await Task.sleep(until: end, clock: .continuous)
        }
    }
}

/// The newest that was heard, and when.
private final class Latest: Sendable {
    private let state = Mutex((progress: FetchProgress(), moment: ContinuousClock.now))

    var value: (progress: FetchProgress, moment: ContinuousClock.Instant) { state.withLock { $0 } }
    func set(_ progress: FetchProgress) { state.withLock { $0 = (progress, .now) } }
}
