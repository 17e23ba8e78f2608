public import Files
internal import Glibc
public import Model

/// The events that the health check's script left in `STATE/jobs/incidents`, one file each. The script needs no journal,
/// so it goes on when Fairlead does not.
public struct IncidentSpool: Sendable {
    /// Files that are read at once; what is more waits for the next time.
    static let batch = 500
    private static let largestFile = 1 << 20

    let directory: String
    /// Files that cannot be understood; kept for people.
    var damaged: String { "\(directory)/damaged" }

    public init(stateDirectory: String) { directory = "\(stateDirectory)/jobs/incidents" }

    /// What lies there now; changes nothing.
    public func content() async throws(HostError) -> SpoolContent {
        try await BlockingWork.run("read the incidents") { () throws(HostError) in
            var content = SpoolContent()
            for file in try names().prefix(Self.batch) {
                do {
                    guard let bytes = try read(file) else { continue }
                    content.incidents.append(SpooledIncident(file: file, event: try IncidentFile(bytes).event()))
                } catch let error as IncidentFileDamage {
                    content.damaged.append(SpoolContent.Damage(file: file, reason: error.reason))
                } catch {
                    content.damaged.append(SpoolContent.Damage(file: file, reason: "\(error)"))
                }
            }
            return content
        }
    }

    /// To be called when the event is in the journal.
    public func drop(_ file: String) async throws(HostError) {
        try await BlockingWork.run("remove an incident") { () throws(HostError) in
            guard unlink("\(directory)/\(file)") == 0 || errno == ENOENT else {
                throw HostError.failed("remove '\(directory)/\(file)'")
            }
        }
    }

    /// Moves a file that cannot be understood out of the way; nothing that lies there already is replaced.
    public func setAside(_ file: String) async throws(HostError) {
        try await BlockingWork.run("set an incident aside") { () throws(HostError) in
            try PathName.createDirectories(damaged)
            for suffix in [""] + (1...99).map({ ".\($0)" }) {
                if link("\(directory)/\(file)", "\(damaged)/\(file)\(suffix)") == 0 { break }
                guard errno == EEXIST else { throw HostError.failed("set '\(directory)/\(file)' aside") }
            }
            guard unlink("\(directory)/\(file)") == 0 || errno == ENOENT else {
                throw HostError.failed("set '\(directory)/\(file)' aside")
            }
        }
    }

    /// How many files were set aside, and where they lie.
    public func damage() throws(HostError) -> (count: Int, place: String) {
        (try DirectoryContent.names(in: damaged).count, damaged)
    }

    /// The oldest first: names begin with the time. Not those that are being written.
    private func names() throws(HostError) -> [String] {
        try DirectoryContent.names(in: directory).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// `nil` for what is no file, or no longer there.
    private func read(_ file: String) throws(HostError) -> [UInt8]? {
        let path = "\(directory)/\(file)"
        guard try FileStatus.at(path).kind == .file else { return nil }
        return try Descriptor(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).read(limit: Self.largestFile)
    }
}
