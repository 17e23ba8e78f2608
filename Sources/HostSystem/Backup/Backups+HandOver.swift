public import Planning

/// What a move from one host to another asks of the backups.
extension Backups {
    /// Throws what would keep a backup of `plan` from being made or delivered: a key that cannot be read, or targets none
    /// of which answers.
    public func check(_ plan: ResolvedPlan, secrets: Secrets) async throws(HostError) {
        _ = try await identity.publicKey()
        _ = try await identity.recipients(with: plan.backup?.recipients ?? [])
        _ = try await reachable(try await archives(of: plan, secrets: secrets))
    }

    /// The newest run that `successor` made in place of the host of `plan`, after the newest one of that host; `nil` when
    /// there is none. `signers` are trusted beside those of `plan`.
    public func takeOver(
        by successor: String, of plan: ResolvedPlan, signers: [String], secrets: Secrets
    ) async throws(HostError) -> BackupRunID? {
        var trusting = plan
        trusting.backup?.signers += signers
        var newest: BackupRunID?
        for archive in try await reachable(try await archives(of: trusting, secrets: secrets)) {
            let places = try await archive.places()
            let own = places.first { $0.host == plan.host }
            for place in places where place.host == successor && place.run > own?.run ?? place.run {
                guard case .valid(let manifest) = try await archive.finding(at: place),
                    manifest.plan.replaces == plan.host
                else { continue }
                newest = max(newest ?? place.run, place.run)
                break
            }
        }
        return newest
    }

    /// Throws when there is none: why the first does not answer.
    private func reachable(_ archives: [BackupArchive]) async throws(HostError) -> [BackupArchive] {
        var reached: [BackupArchive] = []
        var failure: HostError?
        for archive in archives {
            do throws(HostError) {
                _ = try await archive.store.entries(in: archive.stack)
                reached.append(archive)
            } catch {
                failure = failure ?? error
            }
        }
        if reached.isEmpty, let failure { throw failure }
        return reached
    }
}

extension HostSystem {
    /// The data directories of `plan` that hold something, as paths.
    public func filledDataDirectories(of plan: ResolvedPlan) throws(HostError) -> [String] {
        let directory = dataDirectories(of: plan.stack).stackDirectory
        var filled: [String] = []
        for wanted in DataDirectories.wanted(by: plan) {
            let path = "\(directory)/\(wanted.name)"
            if try !DirectoryContent.names(in: path).isEmpty { filled.append(path) }
        }
        return filled
    }
}
