internal import Files
internal import Glibc
internal import Model

/// What the health-check job remembers from run to run, `STATE/jobs/health/CONTAINER`.
struct HealthMemory {
    private let directory: String
    private let spool: String

    init(stateDirectory: String) {
        directory = "\(stateDirectory)/jobs/health"
        spool = "\(stateDirectory)/jobs/incidents"
    }

    /// What of the engine itself is remembered.
    static let engine = "_engine"

    /// Forgets everything but of the containers in `kept`; an open incident is closed in the spool because of `reason`, and
    /// its container told of with `tell`. Of those that are still `checked` it stays known that nothing is open.
    ///
    /// May be interrupted and done again: a container is forgotten after its incident was closed and told of.
    func reset(
        because reason: String, for origin: Origin, except kept: Set<String> = [], checked: Set<String> = [],
        now: Timestamp, tell: ([String]) async throws(HostError) -> Void
    ) async throws(HostError) {
        var closed: [String] = []
        var forgotten: [String: [String: String]] = [:]
        for name in try DirectoryContent.names(in: directory).sorted() where !kept.contains(name) {
            let state = try values(of: name)
            forgotten[name] = state
            if try close(name, state, reason, origin, now) { closed.append(name) }
        }
        if !closed.isEmpty { try await tell(closed) }
        for (name, state) in forgotten {
            try DirectoryContent.remove("\(directory)/\(name)")
            if checked.contains(name), state["known"] == "yes", closed.contains(name) || state["incident"] == nil {
                try PathName.createDirectories("\(directory)/\(name)")
                try AtomicFile.write(Array("known=yes\n".utf8), to: "\(directory)/\(name)/state")
            }
        }
    }

    /// What a record says of the place.
    struct Origin {
        let stack: String
        let host: String
        let version: String
        let commit: CommitID
        let deployment: Int64

        init(_ plan: ResolvedPlan, commit: CommitID, deployment: Int64) {
            stack = plan.stack
            host = plan.host
            version = plan.version
            self.commit = commit
            self.deployment = deployment
        }
    }

    private func close(
        _ name: String, _ state: [String: String], _ reason: String, _ origin: Origin, _ now: Timestamp
    ) throws(HostError) -> Bool {
        guard let incident = state["incident"], incident.wholeMatch(of: /[0-9a-f-]{1,64}/) != nil else { return false }
        let kinds = ["liveness", "readiness", "crash-loop"]
        let kind = state["kind"].flatMap { kinds.contains($0) ? $0 : nil } ?? "liveness"
        let time = now.milliseconds / 1000
        let since = state["since"].flatMap { Int64($0) } ?? time
        let lines = [
            "Incident: \(incident)", "Event: closed", "Subject: \(name)", "Kind: \(kind)", "Time: \(time)",
            "Since: \(since)", "Stack: \(origin.stack)", "Host: \(origin.host)", "Version: \(origin.version)",
            "Commit: \(origin.commit.hex)", "Deployment: \(origin.deployment)", "Reason: \(reason)",
            "Action: counts failures and restarts from zero", "", "",
        ]
        try PathName.createDirectories(spool)
        let bytes = Array(lines.joined(separator: "\n").utf8)
        try AtomicFile.write(bytes, to: "\(spool)/\(now.milliseconds)000-\(name)-closed")
        return true
    }

    /// As the script wrote it; a damaged file has no values.
    private func values(of name: String) throws(HostError) -> [String: String] {
        let path = "\(directory)/\(name)/state"
        guard try FileStatus.at(path).kind == .file,
            let bytes = try? Descriptor(path, O_RDONLY | O_NOFOLLOW).read(limit: 64 << 10)
        else { return [:] }
        var values: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let sign = line.firstIndex(of: "=") else { continue }
            values[String(line[..<sign])] = String(line[line.index(after: sign)...])
        }
        return values
    }
}
