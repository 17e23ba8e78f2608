internal import Planning

extension Backups {
    var resticDirectory: String { "\(host.configuration.stateDirectory)/backup/restic" }

    /// Begins the lines of runs anew that nothing more can build on, and removes those that nothing uses.
    func prepareLines(
        for volumes: [VolumeCopy], _ run: BackupRunID, _ backup: BackupPlan, recipients: [String],
        note: @Sendable (String) -> Void
    ) async throws(HostError) {
        let wanted = volumes.filter { $0.engine == .restic }.map(\.name)
        for name in try DirectoryContent.names(in: resticDirectory) where !wanted.contains(name) {
            try ResticLine(of: name, in: resticDirectory).remove()
        }
        let terms = ResticLine.Terms(recipients: recipients, targets: backup.targets.mapValues(\.store))
        for name in wanted {
            let line = ResticLine(of: name, in: resticDirectory)
            if let reason = try await line.prepare(run, terms, longest: backup.longestLine, host: host) {
                note("data directory '\(name)': everything is saved again: \(reason)")
            }
        }
    }

    /// The next run builds on none.
    func endLines() throws(HostError) {
        for name in try DirectoryContent.names(in: resticDirectory) {
            try ResticLine(of: name, in: resticDirectory).remove()
        }
    }

    /// Nothing builds on a run that was given up.
    func dropFromLines(_ run: BackupRunID) throws(HostError) {
        for name in try DirectoryContent.names(in: resticDirectory) {
            try ResticLine(of: name, in: resticDirectory).drop(run)
        }
    }
}
