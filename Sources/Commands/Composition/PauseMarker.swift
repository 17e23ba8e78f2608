internal import Files
internal import HostSystem
internal import Journal
internal import Model

/// The file that tells the host's cron scripts, which work without Fairlead, that an operator holds the host back.
struct PauseMarker {
    private let directory: String

    init(_ configuration: VSNConfiguration) { directory = "\(configuration.stateDirectory)/jobs" }

    /// Changes what holds the host back, then the file with it: every verb that suspends or resumes goes through here.
    func change(_ journal: Journal, _ body: (Journal) async throws -> Void) async throws {
        try await body(journal)
        try await follow(journal)
    }

    /// Brings the file in line with the journal, which a crash between the two may have left ahead.
    func follow(_ journal: Journal) async throws {
        let path = "\(directory)/paused"
        guard let suspension = try await journal.suspension() else { return try AtomicFile.remove(path) }
        try StateDirectory(path: directory).create()
        try AtomicFile.write(Array("\(suspension.reason.printable)\n".utf8), to: path)
    }
}
