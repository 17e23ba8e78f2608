internal import Files
package import Model
internal import Processes

/// The services on this host need their disk more than a backup or a restore does.
package struct SpaceWatch: Sendable {
    /// On the file system that is written to.
    let path: String
    /// What has to stay free.
    let minimum: ByteCount

    package init(path: String, minimum: ByteCount) {
        self.path = path
        self.minimum = minimum
    }

    enum Outcome<Value: Sendable, Failure: Error>: Sendable {
        case ended(Result<Value, Failure>)
        /// The work was ended; so much is left.
        case full(ByteCount)
    }

    /// Runs `command`, as long as there is room.
    func run(_ command: Command) async -> Outcome<CommandResult, CommandFailure> {
        await during { () throws(CommandFailure) in try await command.run() }
    }

    /// Does `work`, as long as there is room.
    func during<Value: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () async throws(Failure) -> Value
    ) async -> Outcome<Value, Failure> {
        await withTaskGroup(of: Outcome<Value, Failure>?.self) { group in
            group.addTask {
                do throws(Failure) {
                    return .ended(.success(try await work()))
                } catch {
                    return .ended(.failure(error))
                }
            }
            group.addTask { await full().map { .full($0) } }
            defer { group.cancelAll() }
            while let first = await group.next() {
                if let outcome = first { return outcome }
            }
            return .full(ByteCount(bytes: 0))
        }
    }

    /// Returns what is left when that is too little; `nil` once it is cancelled.
    package func full() async -> ByteCount? {
        while !Task.isCancelled {
            if let free = try? FileSystemSpace.at(path).free, free.bytes < minimum.bytes { return free }
            try? await Task.sleep(for: .milliseconds(300))
        }
        return nil
    }
}
