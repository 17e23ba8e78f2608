internal import Files
internal import HostSystem
internal import Model

extension Backups.Sealed {
    /// Every data directory is in it, and every container goes on.
    var isWhole: Bool { failures.isEmpty && held.isEmpty }

    /// Without the value of a secret in what commands said; without their words where the secrets are not known.
    func redacted(_ secrets: Secrets?) -> Self {
        var run = self
        run.failures = failures.map { $0.saying(secrets?.telling($0.said) ?? "") }
        return run
    }

    /// One line for people.
    var summary: String { manifest.gap ?? "copied" }
}

extension HostError {
    func redacted(_ secrets: Secrets?) -> HostError {
        guard let secrets else { return self }
        return HostError(secrets.telling(message), hint: hint, disposition: disposition)
    }
}

extension BackupState {
    /// The run `sealed` was made.
    mutating func add(_ sealed: Backups.Sealed, began: Timestamp, ended: Timestamp) {
        let shrunk = sealed.manifest.shrunk
        copy = Attempt(
            began: began, ended: ended, run: sealed.run, summary: sealed.summary.printable,
            failures: sealed.failures.contains(where: \.mayPass) ? (copy?.failures ?? 0) + 1 : 0,
            incomplete: sealed.manifest.incomplete, shrunk: shrunk.isEmpty ? nil : shrunk)
    }
}
