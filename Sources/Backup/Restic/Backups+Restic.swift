internal import Files
internal import HostSystem
internal import Model

extension Backups {
    var resticDirectory: String { "\(host.configuration.stateDirectory)/backup/restic" }

    /// Begins the lines of runs anew that nothing more can build on, and removes those that nothing uses.
    func prepareLines(
        for survey: inout VolumeSurvey, _ run: BackupRunID, _ backup: BackupPlan, recipients: [String],
        note: @Sendable (String) -> Void
    ) async throws(HostError) {
        let wanted = survey.volumes.filter { $0.engine == .restic }.map(\.name)
        // What fails today builds on its line tomorrow.
        let kept = wanted + survey.failures.map(\.name)
        for name in try DirectoryContent.names(in: resticDirectory) where !kept.contains(name) {
            try ResticLine(of: name, in: resticDirectory).remove()
        }
        let terms = ResticLine.Terms(recipients: recipients, targets: backup.targets.mapValues(\.store))
        for name in wanted {
            let line = ResticLine(of: name, in: resticDirectory)
            do throws(HostError) {
                if let reason = try await line.prepare(run, terms, longest: backup.longestLine, host: host) {
                    note("data directory '\(name)': everything is saved again: \(reason)")
                }
            } catch {
                survey.fail(VolumeFailure(name, notSaved: error))
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
