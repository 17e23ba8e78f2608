internal import Files
internal import Glibc
internal import Model
internal import Processes

extension BackupStore {
    /// How long a transfer may seem to stand still: what an object store's upload has read ahead may still be on its way.
    func stallLimit(whileBuffering: Bool) -> Duration {
        whileBuffering ? stallLimit + .seconds(remote.readAhead / slowest) : stallLimit
    }

    /// Runs an rclone that transfers files, watching that it gets on.
    func transfer(
        _ arguments: [String], from source: BackupStore? = nil, files: [String] = [], into directory: String? = nil,
        to purpose: String, deadline: Duration, stall: Duration,
        progress: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws(HostError) {
        // Its log comes on standard output, which can be read while it runs.
        let watched = ["--log-file", "/dev/stdout", "--use-json-log", "--stats", "1s", "--stats-log-level", "NOTICE"]
        let command = command(
            arguments + watched, source: source, files: files, into: directory, deadline: deadline)
        let log = SharedLog()
        do {
            try await command.stream { output in
                var watch = ProgressWatch(limit: stall)
                for try await chunk in output {
                    for bytes in log.add(chunk) {
                        try watch.see(bytes)
                        progress(bytes)
                    }
                }
            }
        } catch let stalled as ProgressWatch.Stalled {
            throw HostError(
                "cannot \(purpose) on backup target '\(name)': nothing was sent for \(stalled.limit)",
                hint: "check that the storage answers, and the network between", disposition: .transient)
        } catch let failure as CommandFailure {
            guard case .exited = failure.reason else { throw self.failure(of: failure, to: purpose) }
            throw self.failure(log.value, to: purpose)
        } catch {
            throw HostError("cannot \(purpose) on backup target '\(name)': \(error)", disposition: .transient)
        }
    }

    /// Reads `path` back and compares it with `file`.
    func compare(_ file: String, with path: String, named shown: String) async throws(HostError) {
        let size = try Self.size(of: file)
        let difference: String?
        do {
            difference = try await command(["cat", remotePath(path)], deadline: deadline(for: size)).stream { output in
                var comparison = try FileComparison(file)
                for try await chunk in output { try comparison.add(chunk) }
                return try comparison.difference()
            }
        } catch let failure as CommandFailure {
            throw self.failure(of: failure, to: "read '\(shown)' back")
        } catch {
            throw HostError("cannot read '\(shown)' back on backup target '\(name)': \(error)", disposition: .transient)
        }
        guard let difference else { return }
        throw HostError(
            "'\(shown)' did not arrive whole on backup target '\(name)': \(difference)",
            hint: "check the storage's disks and its log; the upload is tried again", disposition: .transient)
    }
}
