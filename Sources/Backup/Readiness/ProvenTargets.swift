internal import Files

/// Targets that this host has tried before a deployment: `STATE/backup/targets.json`.
///
/// Each counts for as long as it is what it was, the values of its secrets included: a storage that is out of reach later
/// must not keep a new version of the stack from being deployed.
struct ProvenTargets: Codable, Hashable, Sendable {
    /// Keyed digests, by the name of the target.
    var digests: [String: String] = [:]

    /// `nil` where none was ever tried.
    static func read(stateDirectory: String) -> Self? { RecordFile(name: "targets", in: stateDirectory).read() }

    func write(stateDirectory: String) throws(HostError) {
        try RecordFile(name: "targets", in: stateDirectory).write(self)
    }
}
