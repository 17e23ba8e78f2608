internal import Files
internal import FoundationEssentials
internal import Glibc
internal import HostSystem
internal import Model
internal import Processes

/// Runs of one data directory that build on each other, and the repository of restic that they have together:
/// `STATE/backup/restic/VOLUME`.
///
/// The repository lies on this host only. Each run takes along, as one stream, the files in it that no earlier run has;
/// they are never changed and never removed. Nothing of restic is needed at the storage, no right to delete least of all.
struct ResticLine: Sendable {
    /// When one of these is another one, what was sent does not do any more.
    struct Terms: Codable, Hashable, Sendable {
        var recipients: [String]
        var targets: [String: BackupTarget.Store]
    }

    /// What one run holds of it.
    struct Link: Codable, Hashable, Sendable {
        var stream: BackupStream
        var snapshot: String
        /// Bytes by path, relative to `directory`.
        var files: [String: Int64]
    }

    private struct Beginning: Codable {
        var run: BackupRunID
        var terms: Terms
    }

    let volume: String
    let directory: String

    init(of volume: String, in parent: String) {
        self.volume = volume
        directory = "\(parent)/\(volume)"
    }

    var repository: String { "\(directory)/repository" }
    var password: String { "\(directory)/password" }
    private var beginningFile: String { "\(directory)/line.json" }
    private var runs: String { "\(directory)/runs" }

    /// Oldest first.
    func links() throws(HostError) -> [Link] {
        var links: [Link] = []
        for name in try DirectoryContent.names(in: runs).sorted() where name.hasSuffix(".json") {
            guard let link: Link = Self.read("\(runs)/\(name)") else {
                throw HostError("'\(runs)/\(name)' is damaged", disposition: .transient)
            }
            links.append(link)
        }
        return links
    }

    /// From now on the next run need not take it along; `run` is whole then, or `drop` is called for it.
    func add(_ link: Link) throws(HostError) {
        try PathName.createDirectories(runs)
        try Self.write(link, to: file(of: link.stream.run))
    }

    /// The run was given up.
    func drop(_ run: BackupRunID) throws(HostError) { try AtomicFile.remove(file(of: run)) }

    private func file(of run: BackupRunID) -> String { "\(runs)/\(run).json" }

    func remove() throws(HostError) {
        // It stops being one first.
        try AtomicFile.remove(beginningFile)
        try DirectoryContent.remove(directory)
    }

    /// Makes sure that `run` can build on what is there, or begins anew; returns why, where something was there.
    func prepare(_ run: BackupRunID, _ terms: Terms, longest: Duration, host: HostSystem) async throws(HostError)
        -> String?
    {
        let isNew = try FileStatus.at(directory).kind == .missing
        let reason = try end(for: run, terms, longest)
        if reason != nil { try await begin(run, terms, host) }
        // What a kill left; nobody else uses it.
        for path in ["\(repository)/locks", "\(directory)/tmp"] { try DirectoryContent.remove(in: path) }
        return isNew ? nil : reason
    }

    /// Why no further run can build on it.
    private func end(for run: BackupRunID, _ terms: Terms, _ longest: Duration) throws(HostError) -> String? {
        guard let beginning: Beginning = Self.read(beginningFile), let links = try? links() else {
            return "what this host has of it is not whole"
        }
        if beginning.terms.recipients != terms.recipients { return "the recipients have changed" }
        if beginning.terms.targets != terms.targets { return "the targets have changed" }
        if run.moment.since(beginning.run.moment) >= longest { return "the last time was on \(beginning.run)" }
        for (name, bytes) in links.flatMap(\.files) {
            let status = try FileStatus.at("\(directory)/\(name)")
            if status.kind != .file || status.size != bytes { return "'\(directory)/\(name)' is not what it was" }
        }
        return nil
    }

    private func begin(_ run: BackupRunID, _ terms: Terms, _ host: HostSystem) async throws(HostError) {
        try remove()
        for name in ["tmp", "runs"] { try PathName.createDirectories("\(directory)/\(name)") }
        let random = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        try AtomicFile.write(Array(random.utf8), to: password)
        do {
            _ = try await Restic(host, repository: repository, password: password)
                .command(["init", "--repository-version", "2"]).run()
        } catch let error as HostError {
            throw error
        } catch {
            throw HostError("cannot make a repository of restic in '\(directory)': \(error)", disposition: .transient)
        }
        try await host.syncFileSystem(of: directory)
        try Self.write(Beginning(run: run, terms: terms), to: beginningFile)
    }

    private static func read<Value: Decodable>(_ path: String) -> Value? {
        guard let bytes = try? Descriptor(path, O_RDONLY).read(limit: 256 << 20) else { return nil }
        return try? JSONDecoder().decode(Value.self, from: Data(bytes))
    }

    private static func write(_ value: some Encodable, to path: String) throws(HostError) {
        guard let bytes = try? JSONEncoder().encode(value) else { throw HostError("cannot write '\(path)'") }
        try AtomicFile.write(Array(bytes), to: path)
    }
}
